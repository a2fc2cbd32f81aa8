"""Every subscription is valid for each host it is given to, and selects nothing of a buyer."""

from pathlib import Path

import pytest
from graphql import (
    FieldNode,
    GraphQLEnumType,
    OperationDefinitionNode,
    Visitor,
    parse,
    validate,
    visit,
)

from saleor_amazon_app.saleor.documents import document, locate
from saleor_amazon_app.saleor.event_records import EventKind
from saleor_amazon_app.saleor.webhooks import wanted
from saleor_amazon_app.simulators.saleor.host_schema import schema_of as simulated_schema_of
from tests.contracts.host_schemas import HOSTS, schema_of

FILES = sorted((locate("graphql") / "subscriptions").glob("*.graphql"))
# Beside the event itself, ids and the reference by which an order of ours is known.
MAY_BE_SELECTED = {
    "event",
    "__typename",
    "issuedAt",
    "recipient",
    "issuingPrincipal",
    "id",
    "app",
    "order",
    "externalReference",
    "product",
    "productVariant",
    "shippingMethod",
    "shippingZone",
    "fulfillment",
    "transaction",
    "action",
    "amount",
    "currency",
    "grantedRefund",
    "shippingCostsIncluded",
    "lines",
    "quantity",
    "orderLine",
}


def test_there_is_one_subscription_an_event() -> None:
    assert [path.stem for path in FILES] == sorted(EventKind)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_the_one_subscription_it_is_named_for(path: Path) -> None:
    (operation,) = parse(path.read_text(encoding="utf-8")).definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name is not None
    assert (operation.operation.value, operation.name.value) == ("subscription", path.stem)


@pytest.mark.parametrize("host", HOSTS, ids=str)
@pytest.mark.parametrize("kind", EventKind)
def test_a_subscription_is_valid_for_the_host(kind: EventKind, host: tuple[int, int]) -> None:
    assert validate(schema_of(host), parse(document(kind.value).text)) == []


@pytest.mark.parametrize("host", HOSTS, ids=str)
def test_the_host_knows_every_event_it_is_asked_for(host: tuple[int, int]) -> None:
    hooks = wanted("https://amazon.example", host)
    for name, is_answered in (
        ("WebhookEventTypeAsyncEnum", False),
        ("WebhookEventTypeSyncEnum", True),
    ):
        events = schema_of(host).type_map[name]
        assert isinstance(events, GraphQLEnumType)
        asked = {one.event for one in hooks if one.is_answered is is_answered}
        assert asked <= events.values.keys()


@pytest.mark.parametrize("kind", EventKind)
def test_the_simulated_shop_answers_it_too(kind: EventKind) -> None:
    # A subscription without an event has nothing to select; only what is invalid is an error.
    result = simulated_schema_of("3.23.28").execute_sync(document(kind.value).text)
    assert result.errors is None


@pytest.mark.parametrize("kind", EventKind)
def test_nothing_of_a_buyer_is_selected(kind: EventKind) -> None:
    selected: set[str] = set()

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            selected.add(node.name.value)

    visit(parse(document(kind.value).text), Fields())

    assert selected <= MAY_BE_SELECTED
    assert {"__typename", "issuedAt", "recipient"} <= selected
