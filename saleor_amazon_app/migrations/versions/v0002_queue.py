"""The queue's tables, as the installed version of its library makes them.

Revision ID: 0002
Revises: 0001
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Runs the library's script on the driver's own cursor, which leaves its % signs alone."""
    op.get_bind().connection.cursor().execute(SchemaManager.get_schema())
