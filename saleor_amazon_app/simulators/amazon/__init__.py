"""A simulated Amazon seller: LWA and the Selling Partner API over HTTP."""
