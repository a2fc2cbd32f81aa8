"""Tables for people at a terminal."""

from collections.abc import Iterable, Sequence


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints rows under their headings, as wide as the terminal allows."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings)
    for row in rows:
        table.add_row(*row)
    # A product's title may hold what the console takes for markup.
    Console(markup=False, emoji=False, highlight=False).print(table)
