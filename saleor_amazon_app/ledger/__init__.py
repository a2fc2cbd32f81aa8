"""Our memory: tables and the few queries on them."""
