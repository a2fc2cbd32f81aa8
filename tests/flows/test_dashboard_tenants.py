"""Another shop's ids are as unknown as invented ones, wherever in the schema they are put."""

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    is_leaf_type,
)

from saleor_amazon_app.amazon.errors import AmazonUnavailable, Incident
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.entrypoints.dashboard_api.places import written
from saleor_amazon_app.entrypoints.dashboard_api.schema import sdl
from saleor_amazon_app.flows.failures import note
from saleor_amazon_app.ledger import claims, outbox
from saleor_amazon_app.ledger.outbox import Draft, OutboxKind, OutboxState
from tests.flows.dashboard import Asker, asker, connected, keep_whole
from tests.flows.doors import Doors
from tests.simulated_amazon import NOON

SCHEMA = build_schema(sdl())
# Words of the other shop's that must never come out of an answer to ours.
MARKS = ("Secret Buyer", "Their Store", "SECRET-SKU", "Secret note")


async def filled(asking: Asker) -> tuple[StoreId, str, int]:
    """A shop with one of everything: its store, its order and what is in its outbox."""
    store_id = await connected(asking, "Their Store", "S9")
    number = await keep_whole(asking, store_id, 7, "Secret Buyer")
    lines = asking.doors.lines
    async with lines.database.transaction() as session:
        claim = await claims.claim_due(session, store_id, now=NOON)
        reason = Reason(HoldCode.UNKNOWN_SKU, "Secret note", "SECRET-SKU")
        await claims.record_held(
            session, claim, claim.orders[0], [reason], look_again_at=NOON, now=NOON
        )
        draft = Draft(number, OutboxKind.REFUND, "k", {}, OutboxState.REFUSED, None, words="x")
        row_id = await outbox.add(session, store_id, draft, now=NOON)
    assert row_id is not None
    await note(lines, store_id, AmazonUnavailable(Incident("searchOrders", 503)))
    return store_id, number, row_id


def values(kind: Any, theirs: dict[str, Any], name: str) -> Iterator[Any]:
    """What to put into an argument: every id of the other shop's that it may take."""
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        given = {
            each: next(values(field.type, theirs, each))
            for each, field in named.fields.items()
            if isinstance(field.type, GraphQLNonNull) or get_named_type(field.type).name == "ID"
        }
        yield [given] if is_list(kind) else given
    elif named.name in ("ID", "String"):
        for each in theirs["ids"]:
            yield [each] if is_list(kind) else each
    elif named.name == "Int":
        yield 5
    elif named.name == "Boolean":
        yield True
    elif is_leaf_type(named) and hasattr(named, "values"):
        yield next(iter(named.values))
    else:
        yield None


def is_list(kind: Any) -> bool:
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return isinstance(inner, GraphQLList)


def selection(kind: Any, depth: int = 4) -> str:
    """Every field without arguments, some levels down."""
    named = get_named_type(kind)
    if isinstance(named, GraphQLUnionType):
        parts = [f"... on {each.name} {selection(each, depth)}" for each in named.types]
        return "{ __typename " + " ".join(parts) + " }"
    if not isinstance(named, GraphQLObjectType):
        return ""
    inner = [
        f"{name} {selection(each.type, depth - 1)}".strip()
        for name, each in named.fields.items()
        if is_leaf_type(get_named_type(each.type)) or depth > 1
    ]
    return "{ " + " ".join(["__typename", *inner]) + " }"


def operations(kind: str, name: str, field: GraphQLField, theirs: Any) -> Iterator[tuple[str, Any]]:
    """The field with every id of the other shop's in each of its arguments, in turn."""
    declared = ", ".join(f"${each}: {argument.type}" for each, argument in field.args.items())
    passed = ", ".join(f"{each}: ${each}" for each in field.args)
    head = f"{kind} Walk({declared})" if declared else kind
    call = f"{name}({passed})" if passed else name
    query = f"{head} {{ {call} {selection(field.type)} }}"
    required = {
        each: next(values(argument.type, theirs, each))
        for each, argument in field.args.items()
        if isinstance(argument.type, GraphQLNonNull)
    }
    yield query, required
    for each, argument in field.args.items():
        for value in values(argument.type, theirs, each):
            yield query, required | {each: value}


@pytest.mark.parametrize("kind", ["query", "mutation"])
async def test_nothing_of_another_shop_comes_out_or_changes(doors: Doors, kind: str) -> None:
    # given: our shop has nothing, the other one of everything
    ours = await asker(doors)
    other = await asker(doors, doors.other)
    store_id, number, row_id = await filled(other)
    places = await other.ask(
        "{ orders { pageInfo { endCursor } } logs { pageInfo { endCursor } } }"
    )
    theirs = {
        "ids": [
            str(store_id),
            f"{store_id}:{number}",
            number,
            str(row_id),
            places["orders"]["pageInfo"]["endCursor"],
            places["logs"]["pageInfo"]["endCursor"],
            written(1, "SECRET-SKU", store_id),
            str(other.shop.id),
        ]
    }
    before = await doors.everything()
    sent = len(doors.wires.sent)

    # when
    root = SCHEMA.query_type if kind == "query" else SCHEMA.mutation_type
    assert root is not None
    walked = 0
    for name, field in root.fields.items():
        for query, variables in operations(kind, name, field, theirs):
            answer = await ours.answer(query, **variables)
            walked += 1
            # then
            told = str(answer.get("data"))
            assert not any(mark in told for mark in MARKS), (query, variables)
            codes = {each["extensions"]["code"] for each in answer.get("errors", ())}
            assert "INTERNAL" not in codes, (query, variables, answer)
    assert walked > 20
    assert await doors.everything() == before
    hosts = {each.name for each in doors.wires.sent[sent:]}
    assert not any("searchOrders" in each or "feeds" in each for each in hosts)


async def test_the_marks_are_there_for_their_own_staff(doors: Doors) -> None:
    # given
    other = await asker(doors, doors.other)
    await filled(other)
    assert SCHEMA.query_type is not None
    told = ""

    # when
    for name in ("stores", "orders", "logs", "unmatchedSkus"):
        field = SCHEMA.query_type.fields[name]
        depth = 3 if name in ("orders", "logs") else 4
        told += str(await other.ask(f"{{ {name} {selection(field.type, depth)} }}"))

    # then: what the walk looks for would have been found
    assert [mark for mark in MARKS if mark not in told] == []
