"""The host's GraphQL types, as far as this app and its tests speak them.

The types are also the simulated shop's records: what a rule changes is what a query prints.
"""
