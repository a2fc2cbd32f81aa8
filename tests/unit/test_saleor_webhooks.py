"""Which webhooks a shop should have, and what its events tell."""

import json
from dataclasses import replace
from typing import Any

import pytest

from saleor_amazon_app.saleor import webhooks
from saleor_amazon_app.saleor.event_records import BY_PATH, EventKind, HostEvent, parse
from saleor_amazon_app.saleor.webhooks import Changes, KeptWebhook, Webhook, compare, wanted
from tests.unit.saleor_line import data, line

APP = "https://amazon.example"
OLD, NEW = (3, 21), (3, 23)
ABOUT_APPS = {"APP_DELETED", "APP_STATUS_CHANGED"}


def kept(webhook: Webhook | None, id: str = "W1", *, active: bool = True) -> KeptWebhook:
    return KeptWebhook(id, webhook, is_active=active, is_ours=True)


def test_a_webhook_is_called_for_one_event_at_an_address_of_its_own() -> None:
    # when
    one = next(each for each in wanted(APP, NEW) if each.event == "PRODUCT_VARIANT_STOCK_UPDATED")

    # then
    assert one.name == "product-variant-stock-updated"
    assert one.target_url == "https://amazon.example/api/webhooks/product-variant-stock-updated"
    assert one.query.startswith("subscription ProductVariantStockUpdated {")
    assert "#" not in one.query


def test_an_old_host_is_not_asked_for_what_it_tells_no_app() -> None:
    # when
    old, new = ({each.event for each in wanted(APP, host)} for host in (OLD, NEW))

    # then
    assert new == {kind.name for kind in EventKind}
    assert new - old == ABOUT_APPS


def test_webhooks_as_they_should_be_are_left_alone() -> None:
    all_of_them = wanted(APP, NEW)
    changes = compare(all_of_them, [kept(one, one.name) for one in all_of_them])
    assert changes == Changes((), {}, ())
    assert not changes


def test_what_is_missing_is_made() -> None:
    first, *others = wanted(APP, NEW)
    changes = compare((first, *others), [kept(one, one.name) for one in others])
    assert changes == Changes((first,), {}, ())


@pytest.mark.parametrize(
    "changed", [{"query": "subscription { event { __typename } }"}, {"event": "ORDER_CREATED"}]
)
def test_what_differs_becomes_what_it_should_be(changed: dict[str, Any]) -> None:
    one = wanted(APP, NEW)[0]
    assert compare([one], [kept(replace(one, **changed))]) == Changes((), {"W1": one}, ())


def test_what_was_switched_off_is_switched_on() -> None:
    one = wanted(APP, NEW)[0]
    assert compare([one], [kept(one, active=False)]) == Changes((), {"W1": one}, ())


def test_an_app_that_moved_takes_its_webhooks_along() -> None:
    before, after = wanted(APP, NEW)[0], wanted("https://moved.example", NEW)[0]
    assert compare([after], [kept(before)]) == Changes((), {"W1": after}, ())


def test_what_nobody_wants_any_more_or_is_there_twice_goes() -> None:
    one = wanted(APP, NEW)[0]
    there = [
        kept(one, "W1"),
        kept(one, "W2"),
        kept(replace(one, name="old"), "W3"),
        kept(None, "W4"),
    ]
    assert compare([one], there) == Changes((), {}, ("W2", "W3", "W4"))


def test_a_webhook_that_leads_elsewhere_is_not_ours_to_touch() -> None:
    one = wanted(APP, NEW)[0]
    foreign = KeptWebhook("W9", None, is_active=True, is_ours=False)
    assert compare([one], [kept(one), foreign]) == Changes((), {}, ())


async def test_the_webhooks_of_the_app_are_read() -> None:
    # given
    one = wanted(APP, NEW)[0]
    told = {
        "id": "V2ViaG9vazox",
        "name": one.name,
        "isActive": True,
        "targetUrl": one.target_url,
        "subscriptionQuery": one.query,
        "asyncEvents": [{"eventType": one.event}],
        "syncEvents": [],
    }
    foreign = told | {"id": "V2ViaG9vazoy", "targetUrl": "https://x.test/", "asyncEvents": []}
    wire = line(data(app={"id": "QXBwOjE=", "webhooks": [told, foreign]}))

    # when
    found = await webhooks.read(wire.client)

    # then
    assert found == (
        KeptWebhook("V2ViaG9vazox", one, is_active=True, is_ours=True),
        KeptWebhook("V2ViaG9vazoy", None, is_active=True, is_ours=False),
    )


async def test_a_webhook_is_made_changed_and_removed_in_the_hosts_words() -> None:
    # given
    one = wanted(APP, NEW)[0]
    refusal = {"field": "targetUrl", "code": "INVALID", "message": "Enter a valid URL."}
    wire = line(
        data(webhookCreate={"errors": []}),
        data(webhookUpdate={"errors": [refusal]}),
        data(webhookDelete={"errors": []}),
    )

    # when
    made = await webhooks.create(wire.client, one)
    changed = await webhooks.update(wire.client, "W1", one)
    removed = await webhooks.delete(wire.client, ["W2"])

    # then
    assert (made, [error.code for error in changed], removed) == ((), ["INVALID"], ())
    asked = {
        "name": one.name,
        "targetUrl": one.target_url,
        "asyncEvents": [one.event],
        "query": one.query,
        "isActive": True,
    }
    assert [sent["variables"] for sent in wire.sent] == [
        {"input": asked},
        {"id": "W1", "input": asked},
        {"id": "W2"},
    ]


def test_every_event_has_an_address() -> None:
    assert BY_PATH["order-updated"] is EventKind.ORDER_UPDATED
    assert len(BY_PATH) == len(EventKind)


def test_an_event_is_read_with_what_the_host_puts_beside_it() -> None:
    # given
    body = {
        "__typename": "OrderUpdated",
        "issuedAt": "2026-11-20T16:01:27.549296+00:00",
        "recipient": {"id": "QXBwOjM="},
        "issuingPrincipal": {},
        "order": {"id": "T3JkZXI6MQ==", "externalReference": "111-1", "userEmail": "a@b.example"},
        "errors": [{"message": "Cannot return null for non-nullable field X.y."}],
    }

    # when
    event = parse(json.dumps(body).encode())

    # then
    assert event is not None
    assert (event.kind, event.is_for, event.issued_by_app) == (
        EventKind.ORDER_UPDATED,
        "QXBwOjM=",
        None,
    )
    kept_of_it = event.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert kept_of_it["order"] == {"id": "T3JkZXI6MQ==", "externalReference": "111-1"}
    assert "a@b.example" not in json.dumps(kept_of_it)
    assert HostEvent.model_validate(kept_of_it) == event


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"__typename": "OrderCreated"}',
        b'{"__typename": "OrderUpdated", "order": 1}',
        b'{"__typename": "OrderUpdated", "order": {"id": "\\u0000"}}',
        b'{"__typename": "OrderUpdated", "order": {"externalReference": "Gr\xc3\xbc\xc3\x9fe"}}',
        b'{"__typename": "OrderUpdated", "issuedAt": "2026-11-20T16:01:27"}',
        b"[" * 50_000,
        b"\xff",
    ],
)
def test_what_is_no_event_of_ours_is_none(body: bytes) -> None:
    assert parse(body) is None
