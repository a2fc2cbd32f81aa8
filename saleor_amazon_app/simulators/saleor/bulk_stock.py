"""What the import of already shipped orders takes from stock, when it is told to.

The policy UPDATE counts free units and refuses a row that wants more; FORCE takes them anyway and
drives stock below nothing. Rows are served in turn. Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

from collections import Counter
from collections.abc import Callable

from saleor_amazon_app.simulators.saleor.bulk_rows import Row
from saleor_amazon_app.simulators.saleor.ids import key_of
from saleor_amazon_app.simulators.saleor.schema.catalogue import Stock
from saleor_amazon_app.simulators.saleor.schema.orders import OrderLine


def take_shipped_units(rows: list[Row], *, force: bool) -> Callable[[], None]:
    """Judges the rows; what comes back takes the units of the rows that passed.

    Within the batch the units still to be shipped count as spoken for, although in the end
    nothing is reserved for them.
    """
    claimed: Counter[str] = Counter()
    shipped: list[tuple[Stock, int]] = []
    for row in rows:
        if row.order is None or row.doomed:
            continue
        wanted: list[tuple[Stock, OrderLine]] = []
        for index, line in enumerate(row.order.lines):
            stock = _checked(row, line, f"lines.{index}", claimed, force=force)
            if stock is None:
                break
            claimed[stock.id] += line.quantity
            wanted.append((stock, line))
        if not row.lives():
            for stock, line in wanted:
                claimed[stock.id] -= line.quantity
        else:
            shipped.extend((stock, line.quantity_fulfilled) for stock, line in wanted)

    def take() -> None:
        for stock, quantity in shipped:
            stock.on_hand -= quantity

    return take


def _checked(
    row: Row, line: OrderLine, path: str, claimed: Counter[str], *, force: bool
) -> Stock | None:
    """The stock a line takes from; None when the row ends here."""
    warehouse = row.warehouses[line.id]
    place = f"{_key(line)} and warehouse: {key_of(warehouse.id, expected='Warehouse')}"
    if line.open < 0:
        row.blame(
            path,
            "INVALID_QUANTITY",
            "There is more fulfillments, than ordered quantity for order line with variant: "
            + place,
            dooms=True,
        )
        return None
    kept = line.variant.kept if line.variant else []
    stock = next((each for each in kept if each.warehouse.id == warehouse.id), None)
    if stock is None:
        row.blame(
            path,
            "NON_EXISTING_STOCK",
            f"There is no stock for given product variant: {place}.",
            dooms=True,
        )
        return None
    if line.quantity > stock.free - claimed[stock.id] and not force:
        row.blame(
            path,
            "INSUFFICIENT_STOCK",
            f"Insufficient stock for product variant: {place}.",
            dooms=True,
        )
    return stock


def _key(line: OrderLine) -> str:
    return key_of(line.variant.id, expected="ProductVariant") if line.variant else "None"
