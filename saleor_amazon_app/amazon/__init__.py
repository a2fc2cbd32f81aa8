"""Speaks the Selling Partner API."""
