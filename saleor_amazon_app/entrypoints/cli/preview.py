"""`preview`: what would become of orders in a file; offline, nothing is sent or written."""

import json
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from saleor_amazon_app.amazon.order_records import Order, parse_order
from saleor_amazon_app.core.choices import Choices, ImportInto
from saleor_amazon_app.core.ids import (
    ChannelSlug,
    MarketplaceId,
    ShippingMethodId,
    TaxClassId,
    VariantId,
    WarehouseId,
)
from saleor_amazon_app.core.marketplaces import MARKETPLACES, Marketplace
from saleor_amazon_app.core.money import shown
from saleor_amazon_app.core.reasons import Reason
from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints.cli.tables import print_table
from saleor_amazon_app.mapping.addresses import COUNTRIES
from saleor_amazon_app.mapping.amounts import OrderAmounts, add_up
from saleor_amazon_app.mapping.decisions import (
    Decision,
    HoldOrder,
    PlaceOrder,
    SkipOrder,
    Store,
)
from saleor_amazon_app.mapping.orders import decide
from saleor_amazon_app.mapping.units import units_of
from saleor_amazon_app.saleor.catalogue_records import (
    Channel,
    HostCatalogue,
    Listing,
    ShippingMethod,
    Variant,
    Warehouse,
)

# Ids a host would give; a preview asks no host.
_WAREHOUSE = WarehouseId("V2FyZWhvdXNlOjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMA==")
_METHOD = ShippingMethodId("U2hpcHBpbmdNZXRob2Q6MQ==")
_TAX_CLASS = TaxClassId("VGF4Q2xhc3M6MQ==")
_VARIANT = VariantId("UHJvZHVjdFZhcmlhbnQ6MQ==")
_PLENTY = 1_000_000_000
_LARGEST_FILE = 512 * 1024 * 1024


class _UnusableFileError(Exception):
    """The file is not what was asked for; the message says what and where."""


def preview(
    file: Annotated[Path, typer.Argument(help="One Order or a SearchOrdersResponse as JSON.")],
    assume_catalogue: Annotated[
        bool, typer.Option(help="Take every seller SKU as matched and in stock.")
    ] = False,
    settings: Annotated[
        Path | None, typer.Option(help="Order settings as JSON, as `stores --json` prints them.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show what would become of the orders in FILE; nothing is sent or written."""
    try:
        orders = _read_orders(file)
        choices = _read_settings(settings)
    except _UnusableFileError as unusable:
        print(" ".join(str(unusable).split()), file=sys.stderr)
        raise typer.Exit(2) from None
    now = utc_now()
    previews = [
        _preview(order, choices, assume_catalogue=assume_catalogue, now=now) for order in orders
    ]
    if as_json:
        print(json.dumps(previews, indent=2))
    else:
        _print_table(previews)


def _read_json(file: Path) -> Any:
    """Whatever JSON the file holds; `Any` because nothing is known of it yet."""
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise _UnusableFileError(f"{file}: larger than {_LARGEST_FILE // 2**20} MiB")
        return json.loads(file.read_bytes(), parse_float=Decimal, parse_constant=_refuse_constant)
    except OSError as error:
        raise _UnusableFileError(f"{file}: {error.strerror or error}") from error
    except RecursionError as error:
        raise _UnusableFileError(f"{file}: nested too deeply") from error
    except (ValueError, ArithmeticError) as error:
        what = "a number too large" if isinstance(error, ArithmeticError) else error
        raise _UnusableFileError(f"{file}: not JSON: {what}") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _read_orders(file: Path) -> list[Order]:
    """The orders of the file, each read by the same parser as Amazon's answers."""
    document = _read_json(file)
    if isinstance(document, dict) and isinstance(document.get("orders"), list):
        raws = [(f"orders[{index}]", raw) for index, raw in enumerate(document["orders"])]
    elif isinstance(document, dict) and "orderId" in document:
        raws = [("the order", document)]
    else:
        raise _UnusableFileError(
            f"{file}: neither one Order of Orders 2026-01-01 (no orderId) nor a "
            "SearchOrdersResponse (no list of orders)"
        )
    return [_read_order(file, where, raw) for where, raw in raws]


def _read_order(file: Path, where: str, raw: Any) -> Order:
    try:
        return parse_order(raw)
    except ValidationError as error:
        raise _UnusableFileError(f"{file}: {where}: {_first(error)}") from error


def _read_settings(file: Path | None) -> Choices:
    """The settings of the file; what it leaves out has its default."""
    try:
        return Choices.model_validate(_read_json(file) if file else {})
    except ValidationError as error:
        raise _UnusableFileError(f"{file}: {_first(error)}") from error


def _first(error: ValidationError) -> str:
    """The first of the faults on one line, without the offending value: it may be a buyer's."""
    fault = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(step) for step in fault["loc"]) or "it"
    return f"{place}: {fault['msg']}"


def _preview(
    order: Order, choices: Choices, *, assume_catalogue: bool, now: datetime
) -> dict[str, Any]:
    """One order's decision as JSON; `Any` because it is JSON."""
    choices = _with_a_channel(order, choices)
    host = _assumed_host(order, choices, assume_catalogue=assume_catalogue, now=now)
    decision = decide(order, choices, host, store=Store(name="preview"), now=now)
    amounts = add_up(order, choices.tax_rates)
    return {
        "amazonOrderId": order.order_id,
        **_outcome(decision),
        "totals": _totals(order, amounts),
        "lines": _lines(order, amounts),
        "input": decision.order_input.to_variables() if isinstance(decision, PlaceOrder) else None,
    }


def _with_a_channel(order: Order, choices: Choices) -> Choices:
    """Settings that say nothing of channels give every marketplace one of its own."""
    marketplace_id = order.sales_channel.marketplace_id
    if "import_into" in choices.model_fields_set or marketplace_id is None:
        return choices
    slug = ChannelSlug(f"amazon-{marketplace_id.lower()}")
    return choices.model_copy(update={"import_into": {marketplace_id: ImportInto(channel=slug)}})


def _assumed_host(
    order: Order, choices: Choices, *, assume_catalogue: bool, now: datetime
) -> HostCatalogue:
    """A host in which everything is set up: what `preview` assumes, for it asks none."""
    marketplace_id = order.sales_channel.marketplace_id or MarketplaceId("")
    target = choices.import_into.get(marketplace_id)
    slug = target.channel if target else None
    channel = Channel(
        id="Q2hhbm5lbDox",
        slug=slug or ChannelSlug("not-set"),
        currency=_currency(order, MARKETPLACES.get(marketplace_id)),
        is_active=True,
        confirms_orders=True,
        warehouses=(Warehouse(_WAREHOUSE, "amazon", "Amazon", COUNTRIES),),
        shipping_methods=tuple(
            ShippingMethod(_METHOD, name, COUNTRIES)
            for name in dict.fromkeys(["Amazon", *choices.shipping_methods.values()])
        ),
    )
    skus = {item.product.seller_sku for item in order.order_items} | {choices.placeholder_sku}
    return HostCatalogue(
        channels={slug: channel} if slug else {},
        variants={
            sku: _assumed_variant(sku, channel.slug, now)
            for sku in skus
            if sku and assume_catalogue
        },
        tax_class=_TAX_CLASS,
        fba_warehouse=_WAREHOUSE,
    )


def _assumed_variant(sku: str, channel: ChannelSlug, now: datetime) -> Variant:
    """A variant on sale in the channel, with plenty in stock."""
    listing = Listing(has_price=True, is_published=True, published_from=None, available_from=now)
    return Variant(
        id=_VARIANT,
        sku=sku,
        product_id="UHJvZHVjdDox",
        product_name=sku,
        name="",
        tracks_stock=True,
        is_preorder=False,
        listings={channel: listing},
        on_hand={_WAREHOUSE: _PLENTY},
        free={_WAREHOUSE: _PLENTY},
    )


def _currency(order: Order, marketplace: Marketplace | None) -> str:
    """The marketplace's own currency; of one this version does not know, the order's."""
    if marketplace:
        return marketplace.currency
    grand_total = order.proceeds.grand_total if order.proceeds else None
    return grand_total.currency_code if grand_total else ""


def _outcome(decision: Decision) -> dict[str, Any]:
    match decision:
        case PlaceOrder():
            return {"decision": "place", "reasons": []}
        case HoldOrder(reasons):
            return {"decision": "hold", "reasons": [_reason(reason) for reason in reasons]}
        case SkipOrder(reason):
            return {"decision": "skip", "reasons": [_reason(reason)]}


def _reason(reason: Reason) -> dict[str, str]:
    return {"code": reason.code.value, "message": reason.message}


def _totals(order: Order, amounts: OrderAmounts | Reason) -> dict[str, str | None]:
    if isinstance(amounts, Reason):
        grand_total = order.proceeds.grand_total if order.proceeds else None
        keys = ("gross", "net", "tax", "shippingGross", "shippingNet")
        return {
            **dict.fromkeys(keys),
            "currency": grand_total.currency_code if grand_total else None,
        }
    currency, total, shipping = amounts.currency, amounts.total, amounts.shipping
    return {
        "gross": shown(total.gross, currency),
        "net": shown(total.net, currency),
        "tax": shown(total.gross - total.net, currency),
        "shippingGross": shown(shipping.gross, currency),
        "shippingNet": shown(shipping.net, currency),
        "currency": currency,
    }


def _lines(order: Order, amounts: OrderAmounts | Reason) -> list[dict[str, Any]]:
    units = units_of(order)
    counted = {} if isinstance(units, Reason) else {u.item.order_item_id: u.total for u in units}
    read = amounts.items if isinstance(amounts, OrderAmounts) else ()
    prices = {item.order_item_id: item.line for item in read}
    currency = amounts.currency if isinstance(amounts, OrderAmounts) else ""
    lines = []
    for item in order.order_items:
        price = prices.get(item.order_item_id)
        if counted and item.order_item_id not in counted:
            continue
        lines.append(
            {
                "orderItemId": item.order_item_id,
                "sellerSku": item.product.seller_sku,
                "quantity": counted.get(item.order_item_id, item.quantity_ordered),
                "gross": shown(price.gross, currency) if price else None,
                "net": shown(price.net, currency) if price else None,
            }
        )
    return lines


def _print_table(previews: list[dict[str, Any]]) -> None:
    rows = []
    for each in previews:
        totals = each["totals"]
        total = f"{totals['gross']} {totals['currency']}" if totals["gross"] else "–"
        why = "\n".join(f"{reason['code']}: {reason['message']}" for reason in each["reasons"])
        rows.append((each["amazonOrderId"], each["decision"], total, why))
    print_table(("Amazon order", "Decision", "Total", "Why"), rows)
