"""The lines, parcels and amounts of an imported order.

Prices are the importer's: the host checks that they are possible, divides them for unit prices,
and adds them up. Source: Saleor 3.23.28 over HTTP, 2026-11-20.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import strawberry

from saleor_amazon_app.core.money import ZERO, smallest_unit
from saleor_amazon_app.simulators.saleor.bulk_rows import Row, is_future
from saleor_amazon_app.simulators.saleor.schema.basics import Money, taxed
from saleor_amazon_app.simulators.saleor.schema.catalogue import ProductVariant, Warehouse
from saleor_amazon_app.simulators.saleor.schema.inputs import (
    OrderBulkCreateFulfillmentInput,
    OrderBulkCreateFulfillmentLineInput,
    OrderBulkCreateOrderLineInput,
    TaxedMoneyInput,
)
from saleor_amazon_app.simulators.saleor.schema.orders import (
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderLine,
)
from saleor_amazon_app.simulators.saleor.schema.words import (
    DiscountValueTypeEnum,
    FulfillmentStatus,
)
from saleor_amazon_app.simulators.saleor.state import Shop

_KEPT = Decimal("0.001")
_RATE = Decimal("0.0001")
_NET_ABOVE_GROSS = "Net price can't be greater then gross price."


def kept(amount: Decimal) -> Decimal:
    """An amount as the host's columns keep it: three decimals, whatever the currency."""
    return amount.quantize(_KEPT)


def rate(gross: Decimal, net: Decimal) -> float:
    """The tax rate two amounts imply; none where nothing is net."""
    return float((gross / net - 1).quantize(_RATE)) if net else 0.0


@dataclass(frozen=True, slots=True)
class _Units:
    """Prices of one unit, rounded as the host rounds where it divides: half to even."""

    gross: Decimal
    net: Decimal

    @classmethod
    def of(cls, total: TaxedMoneyInput, quantity: int, currency: str) -> "_Units":
        unit = smallest_unit(currency)
        return cls(
            (total.gross / quantity).quantize(unit, ROUND_HALF_EVEN),
            (total.net / quantity).quantize(unit, ROUND_HALF_EVEN),
        )


def make_lines(shop: Shop, row: Row) -> list[OrderLine]:
    """The lines of a row; a line that cannot be made dooms it."""
    lines: list[OrderLine] = []
    for index, given in enumerate(row.given.lines):
        line = _line(shop, row, given, f"lines.{index}")
        if line is None:
            row.doomed = True
        else:
            lines.append(line)
    return lines


def make_parcels(shop: Shop, row: Row, order: Order) -> None:
    """The parcels of a row that already left; one that cannot be made dooms it."""
    for index, given in enumerate(row.given.fulfillments or ()):
        parcel = _parcel(shop, row, order, given, index)
        if parcel is None:
            row.doomed = True
        else:
            order.fulfillments.append(parcel)
            for line in parcel.lines or ():
                if line.order_line:
                    line.order_line.quantity_fulfilled += line.quantity


def _line(
    shop: Shop, row: Row, given: OrderBulkCreateOrderLineInput, path: str
) -> OrderLine | None:
    variant = row.find("ProductVariant", path, _naming(given), shop.variants)
    if variant is None and not given.product_name:
        row.blame(
            path,
            "REQUIRED",
            "Order line input must contain product name when no variant provided.",
        )
        return None
    warehouse = row.find("Warehouse", path, {"warehouse": given.warehouse}, shop.warehouses)
    if warehouse is None:
        return None
    tax_class = row.find("TaxClass", path, {"tax_class_id": given.tax_class_id}, shop.tax_classes)
    if not _possible(row, given, path):
        return None
    if is_future(shop, given.created_at):
        row.blame(f"{path}.created_at", "FUTURE_DATE", "Order line input contains future date.")
    line = _priced_line(shop, row, given, variant, path)
    line.tax_class = tax_class
    row.warehouses[line.id] = warehouse
    row.pairs(f"{path}.metadata", given.metadata, line.public)
    row.pairs(f"{path}.private_metadata", given.private_metadata, line.hidden)
    return line


def _naming(
    given: OrderBulkCreateOrderLineInput | OrderBulkCreateFulfillmentLineInput,
) -> dict[str, str | None]:
    return {
        "variant_id": given.variant_id,
        "variant_external_reference": given.variant_external_reference,
        "variant_sku": given.variant_sku,
    }


def _possible(row: Row, given: OrderBulkCreateOrderLineInput, path: str) -> bool:
    total, full = given.total_price, given.undiscounted_total_price
    if given.quantity < 1:
        row.blame(
            f"{path}.quantity",
            "INVALID_QUANTITY",
            "Invalid quantity. Must be integer greater then or equal to 1.",
            dooms=True,
        )
    for name, price in (("total_price", total), ("undiscounted_total_price", full)):
        if price.gross < price.net:
            row.blame(f"{path}.{name}", "PRICE_ERROR", _NET_ABOVE_GROSS, dooms=True)
    if full.gross < total.gross or full.net < total.net:
        row.blame(
            f"{path}.undiscounted_total_price",
            "PRICE_ERROR",
            "Total price can't be greater then undiscounted total price.",
            dooms=True,
        )
    return not row.doomed


def _priced_line(
    shop: Shop,
    row: Row,
    given: OrderBulkCreateOrderLineInput,
    variant: ProductVariant | None,
    path: str,
) -> OrderLine:
    currency = row.given.currency
    total, full = given.total_price, given.undiscounted_total_price
    unit = _Units.of(total, given.quantity, currency)
    full_unit = _Units.of(full, given.quantity, currency)
    discount = full_unit.net - unit.net
    _check_discount(row, given, full_unit.net, unit.net, path)
    return OrderLine(
        id=strawberry.ID(shop.ids.unique("OrderLine")),
        product_name=given.product_name or (variant.product.name if variant else ""),
        variant_name=given.variant_name or (variant.name if variant else ""),
        product_sku=given.product_sku,
        product_variant_id=variant.id if variant else None,
        is_shipping_required=given.is_shipping_required,
        quantity=given.quantity,
        tax_rate=rate(total.gross, total.net)
        if given.tax_rate is None
        else float(given.tax_rate.quantize(_RATE)),
        unit_price=taxed(unit.gross, unit.net, currency),
        undiscounted_unit_price=taxed(full_unit.gross, full_unit.net, currency),
        total_price=taxed(kept(total.gross), kept(total.net), currency),
        undiscounted_total_price=taxed(kept(full.gross), kept(full.net), currency),
        unit_discount=Money(value=discount, currency=currency),
        unit_discount_reason=given.unit_discount_reason,
        base_price=full_unit.gross - discount,
        variant=variant,
        tax_class=None,
        tax_class_name=given.tax_class_name,
    )


def _check_discount(
    row: Row, given: OrderBulkCreateOrderLineInput, full: Decimal, unit: Decimal, path: str
) -> None:
    value = given.unit_discount_value
    if not value or given.unit_discount_type is None:
        return
    fixed = given.unit_discount_type is DiscountValueTypeEnum.FIXED
    off = value if fixed else full * value / 100
    if unit != max((full - off).quantize(smallest_unit(row.given.currency)), ZERO):
        row.blame(
            f"{path}.unit_discount_value",
            "PRICE_ERROR",
            "Provided discount value doesn't match with provided line amounts.",
        )


def _parcel(
    shop: Shop, row: Row, order: Order, given: OrderBulkCreateFulfillmentInput, index: int
) -> Fulfillment | None:
    lines: list[FulfillmentLine] = []
    for number, line_given in enumerate(given.lines or ()):
        path = f"fulfillments.{index}.lines.{number}"
        variant = row.find("ProductVariant", path, _naming(line_given), shop.variants)
        warehouse = row.find(
            "Warehouse", path, {"warehouse": line_given.warehouse}, shop.warehouses
        )
        if warehouse is None:
            return None
        line = _line_shipped(row, order, line_given, path)
        if line is None or not _same_goods(row, line, variant, warehouse, path):
            return None
        lines.append(
            FulfillmentLine(
                id=strawberry.ID(shop.ids.counted("FulfillmentLine")),
                quantity=line_given.quantity,
                order_line=line,
            )
        )
    return Fulfillment(
        id=strawberry.ID(shop.ids.counted("Fulfillment")),
        fulfillment_order=index + 1,
        status=FulfillmentStatus.FULFILLED,
        tracking_number=given.tracking_code or "",
        created=shop.clock(),
        lines=lines,
        order=order,
    )


def _line_shipped(
    row: Row, order: Order, given: OrderBulkCreateFulfillmentLineInput, path: str
) -> OrderLine | None:
    index = given.order_line_index
    if index < 0:
        row.blame(
            f"{path}.order_line_index", "NEGATIVE_INDEX", "Order line index can't be negative."
        )
        return None
    if index >= len(order.lines):
        row.blame(
            f"{path}.order_line_index",
            "NO_RELATED_ORDER_LINE",
            f"There is no order line with index: {index}.",
        )
        return None
    return order.lines[index]


def _same_goods(
    row: Row, line: OrderLine, variant: ProductVariant | None, warehouse: Warehouse, path: str
) -> bool:
    if row.warehouses[line.id].id != warehouse.id:
        field, what = "warehouse", "warehouse"
    elif (line.variant.id if line.variant else None) != (variant.id if variant else None):
        field, what = "variant_id", "product variant"
    else:
        return True
    row.blame(
        f"{path}.{field}",
        "ORDER_LINE_FULFILLMENT_LINE_MISMATCH",
        f"Fulfillment line's {what} is different then order line's {what}.",
    )
    return False
