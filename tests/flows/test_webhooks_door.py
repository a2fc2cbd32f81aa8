"""What a shop signed for this app is kept once; anything else changes nothing."""

import json
from typing import Any

import httpx
import jwt

from saleor_amazon_app.simulators.saleor.keys import key_set, new_key, signed
from tests.flows.doors import APP_ID, OTHER_URL, SHOP_URL, Doors


def an_event(app_id: str, kind: str = "OrderUpdated", **changes: Any) -> bytes:
    """The body of an event as the shop sends it."""
    body = {
        "__typename": kind,
        "issuedAt": "2026-11-20T12:00:00+00:00",
        "recipient": {"id": app_id},
        "issuingPrincipal": {},
        "order": {"id": "T3JkZXI6MQ==", "externalReference": "111-0000000-0000001"},
    }
    return json.dumps(body | changes).encode()


async def test_an_event_is_kept_once_and_worked_off_by_a_job(doors: Doors) -> None:
    # given
    app_id = (await doors.install()).app_id
    body = an_event(app_id)

    # when
    answers = [await doors.send(body) for _ in range(3)]

    # then
    assert answers == [200, 200, 200]
    assert await doors.inbox() == ["OrderUpdated"]
    assert await doors.jobs() == ["sync_shop", "handle_event"]


async def test_what_is_kept_of_an_event_holds_nothing_of_a_buyer(doors: Doors) -> None:
    # given: staff gave the webhook a query of their own
    app_id = (await doors.install()).app_id
    order = {"id": "T3JkZXI6MQ==", "externalReference": "111-1", "userEmail": "ada@buyer.example"}

    # when
    assert await doors.send(an_event(app_id, order=order, note="Ada Buyer")) == 200

    # then
    ((payload,),) = await doors.query("SELECT payload::text FROM inbox")
    assert "ada" not in payload.lower()
    assert json.loads(payload)["order"] == {"id": "T3JkZXI6MQ==", "externalReference": "111-1"}


async def test_errors_beside_the_event_are_passed_over(doors: Doors) -> None:
    app_id = (await doors.install()).app_id
    assert await doors.send(an_event(app_id, errors=[{"message": "Internal"}])) == 200
    assert await doors.inbox() == ["OrderUpdated"]


async def test_what_nobody_signed_is_refused(doors: Doors) -> None:
    # given
    app_id = (await doors.install()).app_id
    await doors.install(doors.other)
    body = an_event(app_id)
    key = doors.shop.state.signing_key
    token = jwt.encode({"user": "1"}, key, "RS256", headers={"kid": key_set(key)["keys"][0]["kid"]})
    head, _, seal = token.split(".")
    before = await doors.everything()

    # when
    answers = {
        "no signature": await doors.send(body, signature=""),
        "garbage": await doors.send(body, signature="garbage"),
        "another body's": await doors.send(body, signature=signed(key, body + b" ")),
        "a stranger's": await doors.send(body, signature=signed(new_key(), body)),
        "another shop's": await doors.send(body, by=doors.other),
        "a user's token": await doors.send(body, signature=token),
        "a user's token, detached": await doors.send(body, signature=f"{head}..{seal}"),
        "an unknown shop": await doors.send(body, api_url="http://nobody.test/graphql/"),
        "no shop": await doors.send(body, api_url=""),
        "a shop of no characters": await doors.send(body, api_url="\x01"),
        "a shop of too many": await doors.send(body, api_url="http://" + "a" * 9000),
    }

    # then
    assert set(answers.values()) == {401}, answers
    keys_asked_at = "jwks_fetched_at"
    assert [row for row in await doors.everything() if keys_asked_at not in row] == [
        row for row in before if keys_asked_at not in row
    ]
    assert await doors.inbox() == []


async def test_what_a_shop_signed_for_others_is_answered_and_dropped(doors: Doors) -> None:
    # given
    app_id = (await doors.install()).app_id
    other_id = (await doors.install(doors.other)).app_id
    before = await doors.everything()
    foreign = {"id": "T3JkZXI6OTk=", "externalReference": None}

    # when
    answers = {
        "another app": await doors.send(an_event("QXBwOjk5")),
        "nobody": await doors.send(an_event(app_id, recipient=None)),
        "another event": await doors.send(an_event(app_id, "ProductUpdated")),
        "an event at another address": await doors.send(an_event(app_id), to="app-deleted"),
        "an unknown event": await doors.send(an_event(app_id, "OrderCreated")),
        "no event": await doors.send(b"{}"),
        "no JSON": await doors.send(b"\xff\x00"),
        "a deep nest": await doors.send(b"[" * 100_000),
        "an order of another channel": await doors.send(an_event(app_id, order=foreign)),
        "what this app did itself": await doors.send(
            an_event(app_id, issuingPrincipal={"id": app_id})
        ),
    }

    # then
    assert set(answers.values()) == {202}, answers
    assert await doors.everything() == before
    assert app_id == other_id, "the ids of two shops may well be the same"


async def test_a_fulfilment_by_the_apps_own_token_is_looked_at(doors: Doors) -> None:
    # given
    app_id = (await doors.install()).app_id
    by_itself = {"issuingPrincipal": {"id": app_id}}

    # when
    fulfilled = await doors.send(
        an_event(app_id, "FulfillmentCreated", **by_itself), to="fulfillment-created"
    )
    cancelled = await doors.send(
        an_event(app_id, "OrderCancelled", **by_itself), to="order-cancelled"
    )

    # then
    assert (fulfilled, cancelled) == (200, 200)
    assert await doors.inbox() == ["FulfillmentCreated", "OrderCancelled"]


async def test_an_event_of_another_shop_is_kept_for_that_shop(doors: Doors) -> None:
    # given
    mine, theirs = await doors.install(), await doors.install(doors.other)
    body = an_event(theirs.app_id)

    # when
    answers = [
        await doors.send(body, by=doors.other, api_url=OTHER_URL),
        await doors.send(body, by=doors.other, api_url=SHOP_URL),
    ]

    # then
    assert answers == [200, 401]
    assert await doors.query("SELECT installation_id FROM inbox") == [(theirs.id,)]
    assert mine.id != theirs.id


async def test_an_event_nobody_knows_has_no_address(doors: Doors) -> None:
    app_id = (await doors.install()).app_id
    body = an_event(app_id)
    assert await doors.send(body, to="order-deleted") == 404
    assert (await doors.http.get("/api/webhooks/order-updated")).status_code == 405


async def test_a_body_too_large_is_cut_off(doors: Doors) -> None:
    # given
    app_id = (await doors.install()).app_id
    read = 0

    async def endless() -> Any:
        nonlocal read
        while True:
            read += 65536
            yield b"x" * 65536

    headers = {"Saleor-Api-Url": SHOP_URL, "Saleor-Signature": "a..b"}

    # when
    announced = await doors.send(an_event(app_id, padding="x" * 10_000_000), signature="a..b")
    lied = await doors.http.post("/api/webhooks/order-updated", content=endless(), headers=headers)

    # then
    assert (announced, lied.status_code) == (413, 413)
    assert read <= 1024 * 1024 + 2 * 65536
    assert await doors.inbox() == []


async def test_a_changed_key_is_fetched_once_a_minute_at_most(doors: Doors) -> None:
    # given: the shop signs with another key from now on
    app_id = (await doors.install()).app_id
    doors.clock.move(minutes=2)
    doors.shop.state.signing_key = new_key()
    before = doors.wires.names.count("/.well-known/jwks.json")

    # when
    first = await doors.send(an_event(app_id))
    doors.shop.state.signing_key = new_key()
    forged = [await doors.send(an_event(app_id, issuedAt=None)) for _ in range(5)]
    doors.clock.move(minutes=1)
    later = await doors.send(an_event(app_id, issuedAt=None))

    # then
    assert (first, forged, later) == (200, [401] * 5, 200)
    assert doors.wires.names.count("/.well-known/jwks.json") == before + 2


async def test_a_shop_that_shows_no_keys_is_not_believed(doors: Doors) -> None:
    # given
    app_id = (await doors.install()).app_id
    doors.clock.move(minutes=2)

    async def down(sent: Any) -> None:
        if sent.name == "/.well-known/jwks.json":
            raise httpx.ConnectError("down")

    doors.wires.before = down

    # when
    answer = await doors.send(an_event(app_id), signature=signed(new_key(), an_event(app_id)))

    # then
    assert answer == 401
    assert await doors.inbox() == []


async def test_the_shop_itself_is_heard(doors: Doors) -> None:
    # given
    await doors.install()

    # when
    doors.shop.deliveries.duplicate_next()
    doors.shop.set_stock("MUG-1", "default-channel-warehouse", 7)
    doors.shop.publish("MUG-1", "default-channel")
    doors.shop.switch_app(doors.shop.find_app(APP_ID), on=False)

    # then
    assert await doors.deliver() == [200, 200, 200, 200]
    assert await doors.inbox() == [
        "ProductVariantStockUpdated",
        "ProductUpdated",
        "AppStatusChanged",
    ]
