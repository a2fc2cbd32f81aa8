"""A seller and a shop to try the app on; speaks only HTTP with the rest."""
