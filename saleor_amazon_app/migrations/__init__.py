"""Alembic's home, part of the wheel."""
