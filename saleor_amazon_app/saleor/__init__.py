"""Speaks the host."""
