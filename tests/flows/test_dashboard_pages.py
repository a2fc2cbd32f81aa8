"""Stores, one order, unmatched SKUs and the logs as the dashboard shows them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from saleor_amazon_app.amazon.errors import AmazonUnavailable, Incident
from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.flows.failures import note, noting_failures
from saleor_amazon_app.jobs.kinds import FetchOrder
from saleor_amazon_app.ledger import claims, outbox
from saleor_amazon_app.ledger.outbox import Draft, OutboxKind, OutboxState
from tests.flows.dashboard import Asker, asker, connected, keep, keep_whole, seen
from tests.flows.doors import Doors
from tests.simulated_amazon import NOON

LATER = NOON + timedelta(hours=1)


@pytest.fixture
async def asking(doors: Doors) -> Asker:
    return await asker(doors)


@pytest.fixture
async def store_id(asking: Asker) -> StoreId:
    return await connected(asking)


async def hold(asking: Asker, store_id: StoreId, *reasons: Reason) -> None:
    """Holds every order that is due, for the same reasons."""
    async with asking.doors.lines.database.transaction() as session:
        claim = await claims.claim_due(session, store_id, now=NOON)
        for order in claim.orders:
            await claims.record_held(
                session, claim, order, list(reasons), look_again_at=LATER, now=NOON
            )


def unknown(sku: str) -> Reason:
    return Reason(HoldCode.UNKNOWN_SKU, f"No variant has the SKU {sku}.", sku)


async def test_what_was_cancelled_or_failed_never_counts_and_currencies_stay_apart(
    asking: Asker, store_id: StoreId
) -> None:
    # given: 1 a day, every fifth in pounds, some of them never sold
    def bought(days: int, **changes: Any) -> Any:
        moment = NOON - timedelta(days=days, hours=1)
        return seen(days, purchased_at=moment, grand_total=Decimal("10.00"), **changes)

    rows = [bought(days) for days in range(100)]
    rows += [
        seen(1000 + i, status=status, purchased_at=NOON - timedelta(hours=2))
        for i, status in enumerate(("CANCELLED", "UNFULFILLABLE", ""))
    ]
    rows.append(seen(2000, currency="JPY", grand_total=Decimal(500)))
    rows.append(seen(2001, currency=None, grand_total=None))
    await keep(asking, store_id, rows)

    # when
    told = await asking.ask(
        "{ stores { heldOrders chart(days: 3) { day currency amount orders } revenue { currency "
        "last7Days previous7Days last30Days previous30Days lifetime } } }"
    )

    # then
    (store,) = told["stores"]
    assert store["heldOrders"] == 0
    assert store["revenue"] == [
        {
            "currency": "EUR",
            "last7Days": "70.00",
            "previous7Days": "70.00",
            "last30Days": "300.00",
            "previous30Days": "300.00",
            "lifetime": "1000.00",
        },
        {
            "currency": "JPY",
            "last7Days": "0",
            "previous7Days": "0",
            "last30Days": "0",
            "previous30Days": "0",
            "lifetime": "500",
        },
    ]
    assert store["chart"] == [
        {"day": day, "currency": "EUR", "amount": "10.00", "orders": 1}
        for day in ("2026-11-18", "2026-11-19", "2026-11-20")
    ]


async def test_the_first_steps_and_the_banner(asking: Asker) -> None:
    page = "{ viewer { banner checklist { key done } } }"
    steps = (await asking.ask(page))["viewer"]
    assert steps["banner"] is None
    assert not any(step["done"] for step in steps["checklist"])

    # when
    store_id = await connected(asking)
    await keep(asking, store_id, [seen(1)])
    await hold(asking, store_id, unknown("MUG"))

    # then
    told = (await asking.ask(page))["viewer"]
    assert told["banner"] == (
        "Your Amazon store(s) has orders that cannot be imported into Saleor. See Recent Orders "
        "in the store dashboard(s): Amazon Europe"
    )
    assert [step["key"] for step in told["checklist"] if step["done"]] == ["CONNECT_STORE"]
    # Staff who may not see orders are not told whose are held.
    told = (await asking.but(permissions=()).ask(page))["viewer"]
    assert told["banner"] is None


async def test_one_order_with_all_its_parts(asking: Asker, store_id: StoreId) -> None:
    # given
    number = await keep_whole(asking, store_id, 1, "Anna Müller")
    await hold(asking, store_id, unknown("MUG & CUP"))

    # when
    told = await asking.ask(
        """
        query One($id: ID!) {
          order(id: $id) {
            amazonOrderId status importState canCancel canRetry cancelRequested
            reasons { code message about link }
            buyer { name email phone } address { name line1 city state postalCode countryCode }
            items { id title sellerSku ordered shipped cancelled price { amount currency } }
            parcels { reference } outbox { id } history { direction who what }
            store { name } marketplace { name timeZone }
          }
        }
        """,
        id=f"{store_id}:{number}",
    )

    # then
    assert told["order"] == {
        "amazonOrderId": number,
        "status": "UNSHIPPED",
        "importState": "HELD",
        "canCancel": True,
        "canRetry": True,
        "cancelRequested": False,
        "reasons": [
            {
                "code": "UNKNOWN_SKU",
                "message": "No variant has the SKU MUG & CUP.",
                "about": "MUG & CUP",
                "link": "/products/?query=MUG%20%26%20CUP",
            }
        ],
        "buyer": {
            "name": "Anna Müller",
            "email": "ada@marketplace.amazon.com",
            "phone": "+1 206 555 0100",
        },
        "address": {
            "name": "Ada Buyer",
            "line1": "1 Main Street",
            "city": "Seattle",
            "state": "WA",
            "postalCode": "98101",
            "countryCode": "US",
        },
        "items": [
            {
                "id": "00000000000001",
                "title": "MUG",
                "sellerSku": "MUG",
                "ordered": 2,
                "shipped": 0,
                "cancelled": 0,
                "price": None,
            }
        ],
        "parcels": [],
        "outbox": [],
        "history": [{"direction": "IN", "who": "Amazon", "what": "UNSHIPPED"}],
        "store": {"name": "Amazon Europe"},
        "marketplace": {"name": "Amazon.de", "timeZone": "Europe/Berlin"},
    }


async def test_an_order_is_found_by_either_number(asking: Asker, store_id: StoreId) -> None:
    # given
    other = await connected(asking, "Amazon Zwei", "S2")
    await keep(asking, store_id, [seen(1)])
    await keep(asking, other, [seen(1)])
    await asking.doors.query(
        "UPDATE orders SET saleor_order_id = 'T3JkZXI6MQ==' WHERE store_id = :id RETURNING 1",
        id=store_id,
    )

    told = await asking.ask(
        '{ orderBySaleorId(saleorOrderId: "T3JkZXI6MQ==") { id } '
        'none: orderBySaleorId(saleorOrderId: "T3JkZXI6Mg==") { id } '
        'orderByAmazonId(amazonOrderId: "028-0000000-0000001") { store { name } } }'
    )

    assert told["orderBySaleorId"]["id"] == f"{store_id}:028-0000000-0000001"
    assert told["none"] is None
    assert {each["store"]["name"] for each in told["orderByAmazonId"]} == {
        "Amazon Europe",
        "Amazon Zwei",
    }


async def test_skus_without_a_variant_are_listed_by_how_many_orders_wait(
    asking: Asker, store_id: StoreId
) -> None:
    # given
    await keep(asking, store_id, [seen(1), seen(2)])
    await hold(asking, store_id, unknown("TWICE"))
    await keep(asking, store_id, [seen(3)])
    await hold(asking, store_id, unknown("ONCE"), unknown("AGAIN"))
    page = (
        "query Skus($after: String) { unmatchedSkus(first: 2, after: $after) "
        "{ nodes { sku orders store { name } } pageInfo { hasNextPage endCursor } } }"
    )

    # when
    first = (await asking.ask(page))["unmatchedSkus"]
    second = (await asking.ask(page, after=first["pageInfo"]["endCursor"]))["unmatchedSkus"]

    # then
    assert [(each["sku"], each["orders"]) for each in first["nodes"] + second["nodes"]] == [
        ("TWICE", 2),
        ("AGAIN", 1),
        ("ONCE", 1),
    ]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


LOGS = (
    "query Logs($after: String, $filter: LogFilter) { logs(first: 2, after: $after, filter: "
    "$filter) { nodes { id kind operation code message attempts amazonOrderId canRetry "
    "order { amazonOrderId } region store { name } } pageInfo { hasNextPage endCursor } } }"
)
DOWN = AmazonUnavailable(Incident("searchOrders", 503, detail="Service Unavailable"))


async def test_the_logs_say_what_failed_and_what_amazon_was_told(
    asking: Asker, store_id: StoreId
) -> None:
    # given: twice the same failure, and two things told
    await keep(asking, store_id, [seen(1)])
    number = AmazonOrderId("028-0000000-0000001")
    lines = asking.doors.lines
    for key, state in (("a", OutboxState.REFUSED), ("b", OutboxState.ACCEPTED)):
        asking.doors.clock.move(minutes=1)
        draft = Draft(number, OutboxKind.REFUND, key, {}, state, None, words=key)
        async with lines.database.transaction() as session:
            await outbox.add(session, store_id, draft, now=asking.doors.clock())
    for _ in range(2):
        asking.doors.clock.move(minutes=1)
        await note(lines, store_id, DOWN)

    # when
    first = (await asking.ask(LOGS))["logs"]
    second = (await asking.ask(LOGS, after=first["pageInfo"]["endCursor"]))["logs"]

    # then
    failure, accepted, refused = first["nodes"] + second["nodes"]
    assert failure | {"id": ""} == {
        "id": "",
        "kind": "COMMUNICATION_ERROR",
        "operation": "searchOrders",
        "code": "503",
        "message": "Amazon does not answer properly just now; it is tried again by itself. "
        "(Service Unavailable)",
        "attempts": 2,
        "amazonOrderId": None,
        "canRetry": True,
        "order": None,
        "region": "EU",
        "store": {"name": "Amazon Europe"},
    }
    assert [each["message"] for each in (accepted, refused)] == ["b", "a"]
    assert [each["canRetry"] for each in (accepted, refused)] == [False, True]
    assert refused["order"] == {"amazonOrderId": number}
    only = {"kind": "COMMUNICATION_ERROR", "storeId": str(store_id)}
    assert len((await asking.ask(LOGS, filter=only))["logs"]["nodes"]) == 1


async def test_a_job_that_fails_at_amazon_is_noted_and_fails_all_the_same(
    asking: Asker, store_id: StoreId
) -> None:
    async def fail(job: FetchOrder) -> None:
        raise DOWN

    handler = noting_failures(asking.doors.lines, fail)

    with pytest.raises(AmazonUnavailable):
        await handler(FetchOrder(store_id, AmazonOrderId("1")))

    assert await asking.doors.query(
        "SELECT operation, code, amazon_order_id, attempts FROM communication_errors"
    ) == [("searchOrders", "503", "1", 1)]


async def test_failures_are_forgotten_in_time_and_never_pile_up(
    asking: Asker, store_id: StoreId
) -> None:
    # given
    lines, clock = asking.doors.lines, asking.doors.clock
    await note(lines, store_id, DOWN)
    clock.move(days=31)

    # when
    await note(lines, store_id, DOWN)

    # then
    rows = await asking.doors.query("SELECT at FROM communication_errors")
    assert [at for (at,) in rows] == [clock()]


async def test_settings_are_chosen_from_what_the_shop_has(asking: Asker) -> None:
    told = await asking.ask(
        "{ channels { slug currency isActive warehouses { slug } } warehouses { slug name } "
        'shippingMethods(channelSlug: "default-channel") { name zone countries isUsable whyNot } '
        'amazonCarriers(marketplaceId: "A1PA6795UKMFR9") }'
    )

    assert "default-channel" in [each["slug"] for each in told["channels"]]
    assert told["warehouses"]
    assert told["shippingMethods"]
    assert "DHL" in told["amazonCarriers"]


async def test_a_shop_that_does_not_answer_is_said_in_words(asking: Asker) -> None:
    asking.doors.wires.open(shop=_silent)

    assert await asking.refusal("{ warehouses { slug } }") == "SHOP_UNAVAILABLE"


async def _silent(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 503, "headers": []})
    await send({"type": "http.response.body", "body": b""})
