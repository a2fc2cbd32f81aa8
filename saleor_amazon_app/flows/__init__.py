"""The journeys of an order: load, decide, act, record."""
