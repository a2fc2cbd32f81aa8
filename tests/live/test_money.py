"""Totals to the smallest unit, as the host shows them after completing and paying."""

from dataclasses import dataclass

import pytest

from tests.live.connected import Connector
from tests.live.host import Host, Json, lines_of, metadata_of, shipping_of, total_of
from tests.live.sales import currency_of, item, number, sale
from tests.live.shop import LiveShop
from tests.unit.amazon_orders import DE, GB, JP, US, Kinds

FULL_TAX = {"ITEM": "1.90", "SHIPPING": "0.95"}


@dataclass(frozen=True)
class Case:
    """One item as Amazon reports it, and the order the host must show.

    Attributes:
        line: net and gross of the line.
        shipping: net and gross of the delivery.
        total: net and gross of the order.
    """

    marketplace: str
    price: str
    kinds: Kinds
    line: tuple[str, str]
    shipping: tuple[str, str]
    total: tuple[str, str]
    quantity: int = 1


CASES = {
    "tax added": Case(
        US,
        "16.49",
        {
            "ITEM": "10.00",
            "SHIPPING": "4.99",
            "TAX": ("1.50", {"ITEM": "1.00", "SHIPPING": "0.50"}),
        },
        ("10", "11"),
        ("4.99", "5.49"),
        ("14.99", "16.49"),
    ),
    "tax contained, pounds": Case(
        GB,
        "17.85",
        {"ITEM": "11.90", "SHIPPING": "5.95", "TAX": ("2.85", FULL_TAX)},
        ("10", "11.9"),
        ("5", "5.95"),
        ("15", "17.85"),
    ),
    "tax contained, euros": Case(
        DE,
        "17.85",
        {"ITEM": "11.90", "SHIPPING": "5.95", "TAX": ("2.85", FULL_TAX)},
        ("10", "11.9"),
        ("5", "5.95"),
        ("15", "17.85"),
    ),
    "tax contained, yen": Case(
        JP,
        "1650",
        {"ITEM": "1100", "SHIPPING": "550", "TAX": ("150", {"ITEM": "100", "SHIPPING": "50"})},
        ("1000", "1100"),
        ("500", "550"),
        ("1500", "1650"),
    ),
    "tax unknown": Case(
        DE, "11.90", {"ITEM": "11.90"}, ("11.9", "11.9"), ("0", "0"), ("11.9", "11.9")
    ),
    "no tax where tax is added": Case(
        US, "9.99", {"ITEM": "9.99"}, ("9.99", "9.99"), ("0", "0"), ("9.99", "9.99")
    ),
    "discount on the item": Case(
        US,
        "9.99",
        {"ITEM": "12.99", "DISCOUNT": ("3.00", {"ITEM": "3.00"})},
        ("9.99", "9.99"),
        ("0", "0"),
        ("9.99", "9.99"),
    ),
    "delivery given for free": Case(
        GB,
        "12.00",
        {
            "ITEM": "12.00",
            "SHIPPING": "3.99",
            "DISCOUNT": ("-3.99", {"SHIPPING": "-3.99"}),
            "TAX": ("2.00", {"ITEM": "2.00"}),
        },
        ("10", "12"),
        ("0", "0"),
        ("10", "12"),
    ),
    "gift wrap": Case(
        US,
        "15.41",
        {
            "ITEM": "10.00",
            "GIFT_WRAP": "4.00",
            "TAX": ("1.41", {"ITEM": "1.01", "GIFT_WRAP": "0.40"}),
        },
        ("14", "15.41"),
        ("0", "0"),
        ("14", "15.41"),
    ),
    "cash on delivery": Case(
        JP,
        "1430",
        {"ITEM": "1100", "COD_FEE": "330"},
        ("1100", "1100"),
        ("330", "330"),
        ("1430", "1430"),
    ),
    "three units for 10.00": Case(
        US, "10.00", {"ITEM": "10.00"}, ("10", "10"), ("0", "0"), ("10", "10"), quantity=3
    ),
    "three units for 1000 yen": Case(
        JP,
        "1000",
        {"ITEM": "1000", "TAX": "91"},
        ("909", "1000"),
        ("0", "0"),
        ("909", "1000"),
        quantity=3,
    ),
    "seven units, tax to the cent": Case(
        US,
        "106.78",
        {"ITEM": "99.99", "TAX": "6.79"},
        ("99.99", "106.78"),
        ("0", "0"),
        ("99.99", "106.78"),
        quantity=7,
    ),
    "a large order": Case(
        US,
        "9999999.99",
        {"ITEM": "9999999.99"},
        ("9999999.99", "9999999.99"),
        ("0", "0"),
        ("9999999.99", "9999999.99"),
        quantity=999,
    ),
    "one cent": Case(
        US, "0.01", {"ITEM": "0.01"}, ("0.01", "0.01"), ("0", "0"), ("0.01", "0.01"), quantity=2
    ),
    "tax larger than the price": Case(
        US, "0.15", {"ITEM": "0.02", "TAX": "0.13"}, ("0.02", "0.15"), ("0", "0"), ("0.02", "0.15")
    ),
}


# Outside America a price contains tax, whether Amazon tells it or not.
TAX_UNKNOWN = {"tax unknown", "cash on delivery"}


@pytest.fixture(scope="module")
async def orders(connected: Connector, everyday: str) -> dict[str, Json]:
    """An order of each case, all of them imported."""
    sold = {}
    for name, case in CASES.items():
        currency = currency_of(case.marketplace)
        one = item(everyday, case.price, case.kinds, quantity=case.quantity, currency=currency)
        sold[name] = sale(one, marketplace=case.marketplace)
    store = await connected(list(sold.values()))
    await store.sync()
    states = {name: await store.state(order) for name, order in sold.items()}
    assert states == dict.fromkeys(CASES, "PLACED")
    return sold


@pytest.mark.parametrize("name", CASES)
async def test_the_total_is_amazons(
    host: Host, orders: dict[str, Json], everyday: str, name: str
) -> None:
    case = CASES[name]

    placed = await host.order(number(orders[name]))

    assert total_of(placed) == (*case.total, currency_of(case.marketplace))
    assert shipping_of(placed) == case.shipping
    assert lines_of(placed) == [(everyday, case.quantity, *case.line)]
    assert placed["chargeStatus"] == "FULL"
    assert placed["isPaid"] is True
    assert ("amazonTaxUnknown" in metadata_of(placed)) is (name in TAX_UNKNOWN)


async def test_a_tax_that_only_the_settings_know(
    host: Host, connected: Connector, everyday: str
) -> None:
    order = sale(item(everyday, "11.90", currency="EUR"), marketplace=DE)
    store = await connected([order], tax_rates={"US": "0.19"})

    await store.sync()

    placed = await host.order(number(order))
    assert total_of(placed) == ("10", "11.9", "EUR")
    assert "amazonTaxUnknown" not in metadata_of(placed)


async def test_a_tip_goes_to_the_delivery(host: Host, connected: Connector, everyday: str) -> None:
    one = item(everyday, "14.00", {"ITEM": "10.00", "SHIPPING": "4.00"})
    order = sale(one, total="16.50", kinds={"DELIVERY_TIP": "2.50"})
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert total_of(placed) == ("16.5", "16.5", "USD")
    assert shipping_of(placed) == ("6.5", "6.5")


async def test_one_product_in_two_items_makes_two_lines(
    shop: LiveShop, host: Host, connected: Connector
) -> None:
    sku = await shop.product(stock=10)
    order = sale(item(sku, "10.00"), item(sku, "17.98", quantity=2))
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert lines_of(placed) == [(sku, 1, "10", "10"), (sku, 2, "17.98", "17.98")]
    assert total_of(placed) == ("27.98", "27.98", "USD")
    stock = await host.stock(sku)
    assert (stock.on_hand, stock.allocated) == (10, 3)


async def test_an_order_of_many_lines(shop: LiveShop, host: Host, connected: Connector) -> None:
    skus = [await shop.product(stock=100) for _ in range(3)]
    items = [
        item(skus[place % 3], f"{place}.07", {"ITEM": f"{place}.00", "TAX": "0.07"})
        for place in range(1, 26)
    ]
    order = sale(*items)
    store = await connected([order])

    await store.sync()

    placed = await host.order(number(order))
    assert await store.state(order) == "PLACED"
    assert total_of(placed) == ("325", "326.75", "USD")
    assert len(placed["lines"]) == 25
    assert sum([(await host.stock(sku)).allocated for sku in skus]) == 25


async def test_more_orders_than_one_import_takes(
    host: Host, connected: Connector, everyday: str
) -> None:
    size = 51
    orders = [sale(item(everyday, f"{place}.99")) for place in range(size)]
    store = await connected(orders)

    await store.sync()

    assert [await store.state(order) for order in orders] == ["PLACED"] * size
    for place in (0, size // 2, size - 1):
        placed = await host.order(number(orders[place]))
        assert total_of(placed)[1] == (f"{place}.99")
        assert len(placed["transactions"]) == 1
