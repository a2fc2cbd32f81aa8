"""Where units come from: which warehouses count, what is free there, who gets it.

Source: Saleor 3.23.28 over HTTP, 2026-11-20, with its default of counting stock by shipping zone.
"""

from collections import Counter
from collections.abc import Iterable

import strawberry

from saleor_amazon_app.simulators.saleor.schema.catalogue import (
    Channel,
    ProductVariant,
    Stock,
    Warehouse,
)
from saleor_amazon_app.simulators.saleor.schema.orders import Allocation, OrderLine
from saleor_amazon_app.simulators.saleor.schema.reasons import Reason, Refused
from saleor_amazon_app.simulators.saleor.schema.words import AllocationStrategyEnum
from saleor_amazon_app.simulators.saleor.state import Shop


def stocks_serving(
    variant: ProductVariant, channel: Channel, country: str | None = None
) -> list[Stock]:
    """The variant's stocks that a channel may sell from, in the channel's order of warehouses.

    A warehouse counts when it is the channel's and stands in one of the channel's zones; with a
    country, the zone must contain it.
    """
    zoned = {
        warehouse.id
        for zone in channel.zones
        if country is None or country in zone.codes
        for warehouse in zone.warehouses
    }
    rows = {stock.warehouse.id: stock for stock in variant.kept}
    return [
        rows[warehouse.id]
        for warehouse in channel.warehouses
        if warehouse.id in zoned and warehouse.id in rows
    ]


def looks_available(stocks: Iterable[Stock], quantity: int) -> bool:
    """The host's first check, with its oddity: equal quantities in two warehouses count once."""
    rows = list(stocks)
    available = sum({row.on_hand for row in rows}) - sum(row.allocated for row in rows)
    return bool(rows) and quantity <= max(available, 0)


def short_of(line: OrderLine, warehouse: Warehouse | None = None) -> Reason:
    """The refusal for a line there is not enough for."""
    return Reason(
        "lines" if warehouse is None else "stocks",
        "INSUFFICIENT_STOCK",
        "Insufficient product stock.",
        order_lines=(line.id,),
        warehouse=warehouse.id if warehouse else None,
    )


def allocate(shop: Shop, lines: Iterable[OrderLine], channel: Channel, country: str) -> None:
    """Keeps units for every line, or for none of them.

    Raises:
        Refused: the first line there is not enough for.
    """
    taken: Counter[str] = Counter()
    planned: list[tuple[OrderLine, Stock, int]] = []
    for line in lines:
        if line.variant is None or not line.variant.track_inventory:
            continue
        wanted = line.quantity
        for stock in _in_turn(line.variant, channel, country):
            here = min(wanted, stock.free - taken[stock.id])
            if here > 0:
                planned.append((line, stock, here))
                taken[stock.id] += here
                wanted -= here
        if wanted:
            raise Refused(short_of(line))
    for line, stock, quantity in planned:
        keep_for(shop, line, stock, quantity)


def keep_for(shop: Shop, line: OrderLine, stock: Stock, quantity: int) -> None:
    """Keeps units of a stock for a line, in the allocation it has there or in a new one."""
    stock.allocated += quantity
    for allocation in line.kept:
        if allocation.stock.id == stock.id:
            allocation.quantity += quantity
            return
    line.kept.append(
        Allocation(id=strawberry.ID(shop.ids.counted("Allocation")), quantity=quantity, stock=stock)
    )


def release(line: OrderLine, quantity: int) -> None:
    """Lets go of units kept for a line, as far as there are any."""
    for allocation, here in _let_go(line, quantity):
        allocation.quantity -= here
        allocation.stock.allocated -= here


def let_go_in(stock: Stock, line: OrderLine, quantity: int) -> int:
    """How many of so many units of a line would be let go in one stock."""
    return sum(here for kept, here in _let_go(line, quantity) if kept.stock.id == stock.id)


def _let_go(line: OrderLine, quantity: int) -> list[tuple[Allocation, int]]:
    """The allocations that shrink: in the order of the stocks, whichever warehouse is meant."""
    order = [stock.id for stock in line.variant.kept] if line.variant else []
    shrinking = []
    for allocation in sorted(line.kept, key=lambda each: order.index(each.stock.id)):
        here = min(quantity, allocation.quantity)
        shrinking.append((allocation, here))
        quantity -= here
    return shrinking


def _in_turn(variant: ProductVariant, channel: Channel, country: str) -> list[Stock]:
    stocks = stocks_serving(variant, channel, country)
    strategy = channel.stock_settings.allocation_strategy
    if strategy is AllocationStrategyEnum.PRIORITIZE_HIGH_STOCK:
        stocks.sort(key=lambda stock: stock.free, reverse=True)
    return stocks
