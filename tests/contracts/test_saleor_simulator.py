"""The simulated shop's schema is a true subset of every host we support."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_introspection_type,
    is_required_argument,
    is_required_input_field,
    is_specified_scalar_type,
    parse,
    validate,
)

from saleor_amazon_app.saleor.documents import Document, document, locate
from saleor_amazon_app.simulators.saleor import host_schema
from tests.contracts.host_schemas import HOSTS, schema_of

# The last patch of each version, as far as it was tried.
SIMULATED = {
    (3, 21): build_schema(host_schema.schema_of("3.21.69").as_str()),
    (3, 22): build_schema(host_schema.schema_of("3.22.67").as_str()),
    (3, 23): build_schema(host_schema.schema_of("3.23.28").as_str()),
}
TYPES = [
    pytest.param(host, name, id=f"{name} of {host}")
    for host, simulated in SIMULATED.items()
    for name, each in sorted(simulated.type_map.items())
    if not is_introspection_type(each) and not is_specified_scalar_type(each)
]
SENT = [document(path.stem) for path in sorted(locate("graphql").glob("[mq]*/*.graphql"))]


def lies(name: str, simulated: GraphQLSchema, host: GraphQLSchema) -> list[str]:
    """What a simulated type promises that the host's type does not keep."""
    here, there = simulated.type_map[name], host.type_map.get(name)
    if there is None or type(here) is not type(there):
        return [f"{name} is no {type(here).__name__}"]
    return list(_lies(here, there))


def _lies(here: GraphQLNamedType, there: GraphQLNamedType) -> Iterator[str]:
    match here, there:
        case GraphQLEnumType(), GraphQLEnumType():
            yield from (f"{here}.{value}" for value in here.values if value not in there.values)
        case GraphQLUnionType(), GraphQLUnionType():
            known = {each.name for each in there.types}
            yield from (f"{here} | {each}" for each in here.types if each.name not in known)
        case GraphQLInputObjectType(), GraphQLInputObjectType():
            yield from _input_lies(f"{here}", here.fields, there.fields)
            yield from (
                f"{here} leaves out {field}"
                for field, definition in there.fields.items()
                if is_required_input_field(definition) and field not in here.fields
            )
        case (
            GraphQLObjectType() | GraphQLInterfaceType(),
            GraphQLObjectType() | GraphQLInterfaceType(),
        ):
            yield from _field_lies(here, there)


def _field_lies(
    here: GraphQLObjectType | GraphQLInterfaceType, there: GraphQLObjectType | GraphQLInterfaceType
) -> Iterator[str]:
    known = {each.name for each in there.interfaces}
    yield from (f"{here} is no {each}" for each in here.interfaces if each.name not in known)
    for name, field in here.fields.items():
        real = there.fields.get(name)
        if real is None or str(real.type) != str(field.type):
            yield f"{here}.{name}: {field.type} is {real and real.type}"
            continue
        yield from _input_lies(f"{here}.{name}", field.args, real.args)
        yield from (
            f"{here}.{name} leaves out {argument}"
            for argument, definition in real.args.items()
            if is_required_argument(definition) and argument not in field.args
        )


def _input_lies(
    owner: str,
    here: dict[str, GraphQLArgument] | dict[str, GraphQLInputField],
    there: dict[str, GraphQLArgument] | dict[str, GraphQLInputField],
) -> Iterator[str]:
    for name, field in here.items():
        real = there.get(name)
        if real is None or str(real.type) != str(field.type):
            yield f"{owner}({name}: {field.type}) is {real and real.type}"


@pytest.mark.parametrize(("host", "name"), TYPES)
def test_what_the_simulated_shop_knows_the_host_knows_alike(
    host: tuple[int, int], name: str
) -> None:
    assert lies(name, SIMULATED[host], schema_of(host)) == []


def test_a_promise_the_host_does_not_keep_is_seen() -> None:
    # given: a host whose orders have a number that may be missing
    poorer = build_schema("type Query { order: Order } type Order { id: ID! number: String }")

    # when
    found = lies("Order", SIMULATED[3, 23], poorer)

    # then
    assert "Order.number: String! is String" in found
    assert any(lie.startswith("Order.lines: ") for lie in found)


@pytest.mark.parametrize("host", HOSTS, ids=str)
@pytest.mark.parametrize("sent", SENT, ids=lambda each: each.name)
def test_the_app_finds_what_it_asks_for(sent: Document, host: tuple[int, int]) -> None:
    errors = validate(SIMULATED[host], parse(sent.text))

    if sent.since is None:
        assert errors == []
    elif host < sent.since:
        assert "Cannot query field" in errors[0].message


def test_app_problems_came_with_a_patch() -> None:
    report = parse(document("ReportAppProblem").text)

    before, after = (build_schema(host_schema.schema_of(f"3.22.{n}").as_str()) for n in (35, 36))

    assert "Cannot query field 'appProblemCreate'" in validate(before, report)[0].message
    assert validate(after, report) == []
