"""Whatever adds up is exact, whatever is off by the smallest unit is held.

The amounts are made forwards, from net and tax to what Amazon would report of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from saleor_amazon_app.core.money import is_exact, smallest_unit
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.mapping.amounts import OrderAmounts, add_up
from saleor_amazon_app.mapping.item_amounts import KINDS
from tests.unit.amazon_orders import DE, US, Json, Kinds, an_item, an_order, parsed

CURRENCIES = ("USD", "EUR", "GBP", "JPY", "KWD")


@dataclass(frozen=True)
class Made:
    """One item in smallest units, with what Amazon reports of it.

    Attributes:
        taxes: of each kind; added to its price or contained in it.
        tax_on_discount: stated apart by Amazon, and part of the tax it reports.
    """

    prices: Mapping[str, int]
    discounts: Mapping[str, int]
    taxes: Mapping[str, int]
    tax_on_discount: int
    is_inclusive: bool
    has_discount_details: bool
    has_tax_details: bool
    sign: int

    @property
    def price(self) -> int:
        return sum(self.prices.values()) - sum(self.discounts.values())

    @property
    def tax(self) -> int:
        return sum(self.taxes.values()) - self.tax_on_discount

    @property
    def total(self) -> int:
        return self.price if self.is_inclusive else self.price + self.tax

    def as_kinds(self, unit: Decimal) -> Kinds:
        kinds: dict[str, str | tuple[str, dict[str, str]]] = {
            kind: str(price * unit) for kind, price in self.prices.items() if price
        }
        details = {kind: str(v * unit * self.sign) for kind, v in self.discounts.items() if v}
        if details:
            whole = str(sum(self.discounts.values()) * unit * self.sign)
            kinds["DISCOUNT"] = (whole, details) if self.has_discount_details else whole
        parts = {kind: str(v * unit) for kind, v in self.taxes.items() if v}
        reported = sum(self.taxes.values())
        if self.has_tax_details:
            parts["DISCOUNT"] = str(self.tax_on_discount * unit)
            kinds["TAX"] = (str(reported * unit), parts)
        elif reported:
            kinds["TAX"] = str(reported * unit)
        return kinds


@st.composite
def made_items(draw: st.DrawFn) -> Made:
    prices = {kind: draw(st.integers(0, 10**7)) for kind in KINDS}
    discounts = {kind: draw(st.integers(0, price)) for kind, price in prices.items()}
    if draw(st.booleans()):
        discounts = dict.fromkeys(KINDS, 0)
    is_inclusive = draw(st.booleans())
    taxes = {
        kind: draw(st.integers(0, prices[kind] - discounts[kind])) if prices[kind] else 0
        for kind in KINDS
    }
    if draw(st.booleans()):
        taxes = dict.fromkeys(KINDS, 0)
    has_tax_details = draw(st.booleans())
    tax_on_discount = 0
    if has_tax_details and any(discounts.values()):
        tax_on_discount = draw(st.integers(0, sum(taxes.values())))
    return Made(
        prices,
        discounts,
        taxes,
        tax_on_discount,
        is_inclusive,
        has_discount_details=draw(st.booleans()),
        has_tax_details=has_tax_details,
        sign=draw(st.sampled_from((1, -1))),
    )


def as_order(
    made: list[Made], currency: str, *, marketplace: str = US, off: int = 0, item_off: int = 0
) -> Json:
    """The order, its grand total and its first item's total off by so many units."""
    unit = smallest_unit(currency)
    items = [
        an_item(
            str((each.total + (item_off if number == 0 else 0)) * unit),
            each.as_kinds(unit),
            id=str(number),
            currency=currency,
        )
        for number, each in enumerate(made)
    ]
    total = (sum(each.total for each in made) + off) * unit
    return an_order(items, grand_total=str(total), marketplace=marketplace, currency=currency)


def has_something(made: Made) -> bool:
    return any(made.prices.values()) or any(made.taxes.values())


made_orders = st.lists(made_items().filter(has_something), min_size=1, max_size=4)


@given(
    made=made_orders,
    currency=st.sampled_from(CURRENCIES),
    marketplace=st.sampled_from((US, DE)),
    rate=st.none() | st.decimals("0", "0.30", places=3),
)
def test_whatever_adds_up_is_exact(
    made: list[Made], currency: str, marketplace: str, rate: Decimal | None
) -> None:
    # given
    unit = smallest_unit(currency)
    order = parsed(as_order(made, currency, marketplace=marketplace))

    # when
    amounts = add_up(order, {} if rate is None else {"US": rate})

    # then
    assert isinstance(amounts, OrderAmounts), amounts
    assert amounts.total.gross == sum(each.total for each in made) * unit
    lines_and_shipping = [item.line for item in amounts.items] + [amounts.shipping]
    assert sum(each.gross for each in lines_and_shipping) == amounts.total.gross
    assert sum(each.net for each in lines_and_shipping) == amounts.total.net
    for item, each in zip(amounts.items, made, strict=True):
        assert item.line.gross + item.shipping.gross == each.total * unit
        assert all(is_exact(part.gross, currency) for part in item.parts.values())
        assert all(is_exact(part.net, currency) for part in item.parts.values())
        assert all(0 <= part.net <= part.gross for part in item.parts.values())
        if each.tax:
            assert item.line.net + item.shipping.net == (each.total - each.tax) * unit
            assert not item.tax_unknown
        else:
            assert item.tax_unknown is (marketplace == DE and rate is None and each.total > 0)


@given(made=made_items().filter(has_something), currency=st.sampled_from(CURRENCIES))
def test_amounts_that_amazon_details_stay_with_their_kind(made: Made, currency: str) -> None:
    # given
    assume(made.has_tax_details)
    assume(made.has_discount_details or not any(made.discounts.values()))
    assume(made.tax_on_discount == 0)
    unit = smallest_unit(currency)

    # when
    amounts = add_up(parsed(as_order([made], currency)), {})

    # then
    assert isinstance(amounts, OrderAmounts), amounts
    for kind in KINDS:
        price = made.prices[kind] - made.discounts[kind]
        contained = made.taxes[kind] if made.is_inclusive else 0
        added = 0 if made.is_inclusive else made.taxes[kind]
        assert amounts.items[0].parts[kind].net == (price - contained) * unit
        assert amounts.items[0].parts[kind].gross == (price + added) * unit


@given(made=made_orders, currency=st.sampled_from(CURRENCIES), off=st.sampled_from((1, -1)))
def test_a_grand_total_off_by_the_smallest_unit_is_held(
    made: list[Made], currency: str, off: int
) -> None:
    found = add_up(parsed(as_order(made, currency, off=off)), {})

    assert isinstance(found, Reason)
    assert found.code is HoldCode.AMOUNTS_DO_NOT_ADD_UP


@given(made=made_orders, currency=st.sampled_from(CURRENCIES), off=st.sampled_from((1, -1)))
def test_an_item_off_by_the_smallest_unit_is_held(
    made: list[Made], currency: str, off: int
) -> None:
    # A tax as small as the fault could be the fault: then two readings are one unit apart.
    first = made[0]
    assume(abs(first.tax) != 1)
    assume(abs(first.tax + first.tax_on_discount) != 1)
    assume(first.tax_on_discount != 1)

    found = add_up(parsed(as_order(made, currency, off=off, item_off=off)), {})

    assert isinstance(found, Reason)
    assert found.code is HoldCode.AMOUNTS_DO_NOT_ADD_UP
