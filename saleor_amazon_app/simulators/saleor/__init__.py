"""A simulated Saleor shop: its GraphQL subset over HTTP."""
