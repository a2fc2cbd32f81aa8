"""Finances API 2024-06-19: the money that moved, listed some time later and with the fees.

A refund's total is what the seller loses: the fees Amazon gives back are in it, and only the
breakdowns tell what the buyer got.

Source: selling-partner-api-models, finances_2024-06-19.json, and issue 4274 (a refund broken
down), read 2026-11-20.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from starlette.requests import Request
from starlette.responses import Response

from saleor_amazon_app.core.money import ZERO, rounded
from saleor_amazon_app.simulators.amazon.accounts import Seller
from saleor_amazon_app.simulators.amazon.answers import JsonObject, invalid_input, json_answer
from saleor_amazon_app.simulators.amazon.order_search import single
from saleor_amazon_app.simulators.amazon.pace import written
from saleor_amazon_app.simulators.amazon.refunds import Refund
from saleor_amazon_app.simulators.amazon.timelines import moment

_PARAMETERS = frozenset(
    {
        "postedAfter",
        "postedBefore",
        "marketplaceId",
        "transactionStatus",
        "relatedIdentifierName",
        "relatedIdentifierValue",
        "nextToken",
    }
)
_PAGE = 20
_LONGEST_SPAN = timedelta(days=180)
_FEE = Decimal("0.15")
# Which line of the account a component of a refund stands in, and its name there.
_LINES = {
    "Principal": ("ProductCharges", "OurPricePrincipal"),
    "Shipping": ("Shipping", "ShippingPrincipal"),
    "GiftWrap": ("ProductCharges", "GiftWrapPrincipal"),
    "COD": ("ProductCharges", "CODPrincipal"),
    "Other": ("ProductCharges", "OtherPrincipal"),
    "Tax": ("Tax", "OurPriceTax"),
    "ShippingTax": ("Tax", "ShippingTax"),
    "GiftWrapTax": ("Tax", "GiftWrapTax"),
    "CODTax": ("Tax", "CODTax"),
}


def list_transactions(seller: Seller, request: Request, now: datetime) -> Response:
    """One page of the transactions of an order, or of a span of time.

    Raises:
        Refused: a parameter breaks a rule; 400.
    """
    given = single(request.query_params.multi_items(), allowed=_PARAMETERS)
    found = [_shown(seller, refund) for refund in _matching(seller, given, now)]
    start = _start(given, len(found))
    payload: JsonObject = {"transactions": found[start : start + _PAGE]}
    if len(found) > start + _PAGE:
        payload["nextToken"] = f"from-{start + _PAGE}"
    return json_answer({"payload": payload})


def _matching(seller: Seller, given: dict[str, str], now: datetime) -> list[Refund]:
    name, value = given.get("relatedIdentifierName"), given.get("relatedIdentifierValue")
    listed = [r for r in seller.refunds.paid if r.posted + seller.pace.finances_lag <= now]
    if marketplace := given.get("marketplaceId"):
        listed = [refund for refund in listed if refund.marketplace_id == marketplace]
    if name is not None:
        if name not in {"ORDER_ID", "FINANCIAL_EVENT_GROUP_ID"} or not value:
            raise invalid_input("relatedIdentifierName and relatedIdentifierValue: not usable.")
        listed = [r for r in listed if name == "ORDER_ID" and r.order_id == value]
    elif "postedAfter" not in given:
        raise invalid_input("Start date cannot be null")
    try:
        before = moment(given["postedBefore"]) if "postedBefore" in given else now - seller.pace.lag
        after = moment(given["postedAfter"]) if "postedAfter" in given else before - _LONGEST_SPAN
    except ValueError as error:
        raise invalid_input("postedAfter or postedBefore is not an ISO 8601 time.") from error
    if max(after, before) > now - seller.pace.lag or after > before:
        raise invalid_input("postedAfter and postedBefore: at least two minutes ago, and in order.")
    if before - after > _LONGEST_SPAN:
        return []
    return [refund for refund in listed if after <= refund.posted < before]


def _start(given: dict[str, str], found: int) -> int:
    token = given.get("nextToken")
    if token is None:
        return 0
    number = token.removeprefix("from-")
    if not (number.isascii() and number.isdigit() and int(number) < found):
        raise invalid_input("nextToken is not valid.")
    return int(number)


def _shown(seller: Seller, refund: Refund) -> JsonObject:
    items = {item_id: _account(parts, refund) for item_id, parts in refund.parts.items()}
    totals = {item_id: _sum(account) for item_id, account in items.items()}
    related = {"ORDER_ID": refund.order_id, "REFUND_ID": refund.transaction_id[:12]}
    return {
        "sellingPartnerMetadata": {
            "sellingPartnerId": seller.seller_id,
            "accountType": "Standard Orders",
            "marketplaceId": refund.marketplace_id,
        },
        "relatedIdentifiers": [
            {"relatedIdentifierName": name, "relatedIdentifierValue": value}
            for name, value in related.items()
        ],
        "transactionType": "Refund",
        "transactionId": refund.transaction_id,
        "transactionStatus": "RELEASED",
        "description": "Refund Order",
        "postedDate": written(refund.posted),
        "totalAmount": _money(sum(totals.values(), ZERO), refund),
        "items": [
            {
                "contexts": [_product(seller, refund, item_id)],
                "totalAmount": _money(totals[item_id], refund),
                "breakdowns": [_line(name, parts, refund) for name, parts in account.items()],
            }
            for item_id, account in items.items()
        ],
        "breakdowns": _summary(items.values(), refund),
    }


def _product(seller: Seller, refund: Refund, item_id: str) -> JsonObject:
    """Which goods an item of a transaction is about: never the order item itself."""
    order = seller.orders.get(refund.order_id) or {"orderItems": []}
    (product,) = [i["product"] for i in order["orderItems"] if i["orderItemId"] == item_id]
    told = {"asin": product.get("asin"), "sku": product.get("sellerSku")}
    return {"contextType": "ProductContext"} | {k: v for k, v in told.items() if v}


# What moved, by the line of the account and the name in it.
_Account = dict[str, dict[str, Decimal]]


def _account(parts: Mapping[str, Decimal], refund: Refund) -> _Account:
    account: _Account = {}
    for component, amount in parts.items():
        line, name = _LINES[component]
        account.setdefault(line, {})[name] = -amount
    given_back = rounded(-_sum(account) * _FEE, refund.currency)
    account["AmazonFees"] = {"Commission": given_back}
    return account


def _summary(accounts: Iterable[_Account], refund: Refund) -> list[JsonObject]:
    lines: dict[str, Decimal] = {}
    for account in accounts:
        for name, parts in account.items():
            lines[name] = lines.get(name, ZERO) + sum(parts.values(), ZERO)
    fees = lines.pop("AmazonFees")
    return [
        _line("Sales", {"AmazonFees": fees}, refund),
        _line("Expenses", lines, refund),
    ]


def _line(name: str, parts: dict[str, Decimal], refund: Refund) -> JsonObject:
    return {
        "breakdownType": name,
        "breakdownAmount": _money(sum(parts.values(), ZERO), refund),
        "breakdowns": [
            {"breakdownType": part, "breakdownAmount": _money(amount, refund)}
            for part, amount in parts.items()
        ],
    }


def _sum(account: _Account) -> Decimal:
    return sum((sum(parts.values(), ZERO) for parts in account.values()), ZERO)


def _money(amount: Decimal, refund: Refund) -> JsonObject:
    return {"currencyAmount": amount, "currencyCode": refund.currency}
