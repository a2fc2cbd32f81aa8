"""What Alembic runs: on the connection it was given, with our tables as the wanted state."""

from alembic import context
from sqlalchemy.sql.schema import SchemaItem

from saleor_amazon_app.migrations.tables import METADATA


def _is_ours(
    item: SchemaItem, name: str | None, kind: str, reflected: bool, compare_to: SchemaItem | None
) -> bool:
    """Leaves the queue's tables out: they belong to its own library."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    include_object=_is_ours,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
