"""`preview` says what would become of orders, and answers every odd file with one line."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from saleor_amazon_app.entrypoints.cli import app
from tests.unit.amazon_orders import US, Json, Kinds, an_item, an_order, money

MARK = "QqMarkerQq"


def preview(file: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["preview", str(file), *options])


def written(folder: Path, content: Any, name: str = "orders.json") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file


def previewed(file: Path, *options: str) -> list[Json]:
    result = preview(file, "--json", *options)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    found: list[Json] = json.loads(result.stdout)
    return found


def assert_refused(result: Result, words: str = "") -> None:
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith("\n")
    assert words in result.stderr
    assert "Traceback" not in result.stderr
    assert MARK not in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)


def test_an_order_is_placed_where_the_catalogue_is_assumed(tmp_path: Path) -> None:
    # given
    kinds: Kinds = {
        "ITEM": "10.00",
        "SHIPPING": "5.00",
        "TAX": ("1.50", {"ITEM": "1.00", "SHIPPING": "0.50"}),
    }
    item = an_item("16.50", kinds, quantity=2)
    file = written(tmp_path, an_order([item], grand_total="16.50"))

    # when
    (found,) = previewed(file, "--assume-catalogue")

    # then
    sent = found.pop("input")
    assert found == {
        "amazonOrderId": "111-0000001-0000001",
        "decision": "place",
        "reasons": [],
        "totals": {
            "gross": "16.50",
            "net": "15.00",
            "tax": "1.50",
            "shippingGross": "5.50",
            "shippingNet": "5.00",
            "currency": "USD",
        },
        "lines": [
            {
                "orderItemId": "11",
                "sellerSku": "SKU-1",
                "quantity": 2,
                "gross": "11.00",
                "net": "10.00",
            }
        ],
    }
    assert sent["status"] == "DRAFT"
    assert sent["externalReference"] == "111-0000001-0000001"
    assert sent["lines"][0]["totalPrice"] == {"gross": "11.00", "net": "10.00"}


def test_nothing_is_matched_unless_the_catalogue_is_assumed(tmp_path: Path) -> None:
    (found,) = previewed(written(tmp_path, an_order()))

    assert found["decision"] == "hold"
    assert [reason["code"] for reason in found["reasons"]] == ["UNKNOWN_SKU"]
    assert found["totals"]["gross"] == "10.00"
    assert found["input"] is None


def test_an_item_without_sku_is_never_matched(tmp_path: Path) -> None:
    file = written(tmp_path, an_order([an_item(sku=None)]))

    (found,) = previewed(file, "--assume-catalogue")

    assert [reason["code"] for reason in found["reasons"]] == ["UNKNOWN_SKU"]
    assert found["lines"][0]["sellerSku"] is None


def test_every_order_of_an_answer_is_told_in_its_order(tmp_path: Path) -> None:
    orders = [
        an_order(orderId="1"),
        an_order(orderId="2", status="PENDING"),
        an_order(orderId="3", fulfilled_by="AMAZON", status="SHIPPED"),
        an_order(orderId="4", grand_total="10.01"),
    ]
    file = written(tmp_path, {"orders": orders, "lastUpdatedBefore": "2026-11-20T00:00:00Z"})

    found = previewed(file, "--assume-catalogue")

    assert [(each["amazonOrderId"], each["decision"]) for each in found] == [
        ("1", "place"),
        ("2", "skip"),
        ("3", "place"),
        ("4", "hold"),
    ]
    assert [each["input"] and each["input"]["status"] for each in found] == [
        "DRAFT",
        None,
        "FULFILLED",
        None,
    ]
    assert found[3]["totals"] == dict.fromkeys(found[0]["totals"]) | {"currency": "USD"}


def test_an_answer_without_orders_is_an_empty_list(tmp_path: Path) -> None:
    assert previewed(written(tmp_path, {"orders": []})) == []


def test_an_item_without_units_has_no_line(tmp_path: Path) -> None:
    gone = an_item("0.00", id="12", fulfillment={"quantityFulfilled": 0, "quantityUnfulfilled": 0})

    (found,) = previewed(written(tmp_path, an_order([an_item(), gone])), "--assume-catalogue")

    assert [line["orderItemId"] for line in found["lines"]] == ["11"]


@pytest.mark.parametrize("marketplace", ["A1PA6795UKMFR9", "A1VC38T7YXB528", "ANEWMARKETPLACE"])
def test_every_marketplace_has_a_channel_in_its_own_currency(
    tmp_path: Path, marketplace: str
) -> None:
    currency = {"A1PA6795UKMFR9": "EUR", "A1VC38T7YXB528": "JPY"}.get(marketplace, "CLP")
    order = an_order([an_item("10", currency=currency)], currency=currency, grand_total="10")
    order["salesChannel"]["marketplaceId"] = marketplace

    (found,) = previewed(written(tmp_path, order), "--assume-catalogue")

    assert found["decision"] == "place"
    assert found["input"]["currency"] == currency


@pytest.mark.parametrize(
    ("given", "decision", "code"),
    [
        ({"importAmazonOrders": "DISABLED"}, "skip", "IMPORT_DISABLED"),
        ({"importOrdersSince": "2026-11-19T09:00:00Z"}, "skip", "BEFORE_CONNECTION"),
        ({"importInto": {}}, "hold", "CHANNEL_NOT_SET"),
        ({"importInto": {US: {"channel": None}}}, "hold", "CHANNEL_NOT_SET"),
        ({"importInto": {US: {"channel": "shop"}}}, "place", None),
        ({"shippingMethods": {"STANDARD": "Parcel"}}, "place", None),
        ({}, "place", None),
    ],
)
def test_settings_are_followed(
    tmp_path: Path, given: Json, decision: str, code: str | None
) -> None:
    chosen = written(tmp_path, given, "settings.json")
    file = written(tmp_path, an_order())

    (found,) = previewed(file, "--assume-catalogue", "--settings", str(chosen))

    assert found["decision"] == decision
    assert [reason["code"] for reason in found["reasons"]] == ([code] if code else [])


def test_a_placeholder_of_the_settings_stands_in(tmp_path: Path) -> None:
    chosen = written(
        tmp_path, {"unknownSku": "PLACEHOLDER", "placeholderSku": "AMAZON"}, "settings.json"
    )
    file = written(tmp_path, an_order([an_item(sku=None)]))

    (found,) = previewed(file, "--assume-catalogue", "--settings", str(chosen))

    assert found["decision"] == "place"


def test_without_json_people_read_a_table(tmp_path: Path) -> None:
    item = an_item(sku="[/red]")
    item["product"]["title"] = "[bold]Thing[/]"

    result = preview(written(tmp_path, an_order([item])))

    assert result.exit_code == 0
    assert "111-0000001-0000001" in result.stdout
    assert "10.00 USD" in result.stdout


@pytest.mark.parametrize(
    ("_case", "content", "words"),
    [
        ("empty", b"", "not JSON"),
        ("blank", b" \n", "not JSON"),
        ("half", b'{"orders": [', "not JSON"),
        ("text", f"Dear {MARK}".encode(), "not JSON"),
        ("not UTF-8", b'{"orderId": "\xe9\xff"}', "not JSON"),
        ("a constant", b'{"orders": [], "x": NaN}', "not JSON: NaN is no number"),
        ("a number beyond all", b'{"orders": 1e9999999999999999999999}', "a number too large"),
        ("a long integer", b'{"orders": ' + b"9" * 5000 + b"}", "not JSON"),
        ("deep", b"[" * 200_000, "nested too deeply"),
        ("a list", [an_order()], "neither one Order"),
        ("a word", "orders", "neither one Order"),
        ("a number", 7, "neither one Order"),
        ("nothing", None, "neither one Order"),
        ("another object", {"payload": {}}, "neither one Order"),
        ("orders that are none", {"orders": None}, "neither one Order"),
        ("an order that is none", {"orders": [an_order(), 7]}, "orders[1]: it:"),
        ("an order without items", {"orderId": MARK}, "the order: createdTime: Field required"),
        (
            "a wrong amount",
            {"orders": [an_order(proceeds={"grandTotal": money("NaN", "USD")})]},
            "orders[0]: proceeds.grandTotal.amount",
        ),
        (
            "an amount beyond all",
            an_order(proceeds={"grandTotal": money("12345678901234567", "USD")}),
            "proceeds.grandTotal.amount",
        ),
        ("a buyer who is none", an_order(buyer=[MARK]), "the order: buyer"),
        (
            "a moment without zone",
            an_order(createdTime="2026-01-01T00:00:00"),
            "the order: createdTime",
        ),
        (
            "a moment before time",
            an_order(createdTime="0001-01-01T00:00:00+14:00"),
            "the order: createdTime",
        ),
    ],
)
def test_a_file_that_holds_no_orders_is_told_in_one_line(
    tmp_path: Path, _case: str, content: Any, words: str
) -> None:
    file = written(tmp_path, content)

    result = preview(file, "--json")

    assert_refused(result, words)
    assert str(file) in result.stderr


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(an_order()).encode()

    assert len(previewed(written(tmp_path, content))) == 1


@pytest.mark.parametrize("name", ["missing.json", "", "missing\nfolder/orders.json", "a" * 300])
def test_a_file_that_cannot_be_read_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    assert_refused(preview(tmp_path / name, "--json"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "Input should be a valid dictionary"),
        ({"unheard\nOf": MARK}, "Extra inputs are not permitted"),
        ({"customer": MARK}, "customer: Input should be"),
        ({"taxRates": {"DE": 2}}, "taxRates.DE: Input should be less than 1"),
    ],
)
def test_settings_that_make_no_sense_are_told_in_one_line(
    tmp_path: Path, content: Any, words: str
) -> None:
    chosen = written(tmp_path, content, "settings.json")

    result = preview(written(tmp_path, an_order()), "--settings", str(chosen))

    assert_refused(result, words)


ODD: list[Any] = [
    None, True, 0, -1, 10**30, 0.5, 1e300, "", " ", "\x00", "\ud800", "0", "-1", "1E+400", "NaN",
    "Infinity", "2026-02-30T00:00:00Z", "9999-12-31T23:59:59-14:00", "UNSHIPPED", "AMAZON",
    [], {}, [None], [[[[]]]], {"amount": "1", "currencyCode": "USD"}, "x" * 3000,
]  # fmt: skip
FULL = an_order(
    [
        an_item(
            "13.00",
            {
                "ITEM": "10.00",
                "SHIPPING": "5.00",
                "DISCOUNT": ("3.00", {"ITEM": "3.00"}),
                "TAX": "1.00",
            },
            fulfillment={"quantityFulfilled": 1, "quantityUnfulfilled": 1},
            quantity=2,
            measurement={"unit": "COUNT", "value": 2},
            tax={"taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}]},
        ),
        an_item(id="12", sku="SKU-2"),
    ],
    grand_total="25.00",
    kinds={"DELIVERY_TIP": "2.00"},
    status="PARTIALLY_SHIPPED",
    buyer={"buyerEmail": f"{MARK}@example.com", "buyerName": MARK},
    packages=[
        {
            "packageReferenceId": "1",
            "trackingNumber": "TRACK",
            "packageItems": [{"orderItemId": "11", "quantity": 1}],
        }
    ],
    associatedOrders=[{"orderId": "1", "associationType": "REPLACEMENT_ORIGINAL_ID"}],
)


def paths(node: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = node.items() if isinstance(node, dict) else enumerate(node)
    found = []
    for step, below in list(steps):
        found.append((*so_far, step))
        if isinstance(below, dict | list):
            found += paths(below, (*so_far, step))
    return found


def changed(node: Any, path: tuple[Any, ...], value: Any, *, is_dropped: bool) -> None:
    for step in path[:-1]:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return
    last = path[-1]
    there = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    if last in there and is_dropped:
        del node[last]
    elif last in there:
        node[last] = value


@given(
    changes=st.lists(
        st.tuples(st.sampled_from(paths(FULL)), st.sampled_from(ODD), st.booleans()),
        min_size=1,
        max_size=4,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_an_order_spoiled_in_any_way_is_decided_or_refused_in_one_line(
    tmp_path: Path, changes: list[tuple[tuple[Any, ...], Any, bool]]
) -> None:
    # given
    order = json.loads(json.dumps(FULL))
    for path, value, is_dropped in changes:
        changed(order, path, json.loads(json.dumps(value)), is_dropped=is_dropped)
    file = written(tmp_path, order)

    # when
    result = preview(file, "--json", "--assume-catalogue")

    # then
    if result.exit_code == 0:
        (found,) = json.loads(result.stdout)
        assert found["decision"] in {"place", "hold", "skip"}
        assert (found["input"] is not None) == (found["decision"] == "place")
        assert MARK not in json.dumps(found["reasons"])
        if found["input"]:
            assert_storable(found["input"])
    else:
        assert_refused(result)


def assert_storable(sent: Any) -> None:
    """No NUL and no half of a surrogate pair: either would fail the host's whole batch."""
    assert not re.search("[\x00\ud800-\udfff]", json.dumps(sent, ensure_ascii=False))
