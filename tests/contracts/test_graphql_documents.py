"""Every document we send is valid against each host we support, and none is kept in vain."""

import json
from pathlib import Path

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    print_ast,
    validate,
    visit,
)

from saleor_amazon_app.saleor import documents
from saleor_amazon_app.saleor.client import ALIASES_PER_REQUEST, MUTATIONS_PER_REQUEST
from saleor_amazon_app.saleor.documents import Document, batched, document, locate
from tests.contracts.host_schemas import HOSTS, schema_of

ROOT = locate("graphql")
OPERATIONS = sorted([*ROOT.glob("queries/*.graphql"), *ROOT.glob("mutations/*.graphql")])
FRAGMENTS = sorted(ROOT.glob("fragments/*.graphql"))
# These ask for several things at once and are never batched.
UNBATCHED = {"WhoseToken"}


def names(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


def spreads(node: DocumentNode | FragmentDefinitionNode) -> set[str]:
    found: set[str] = set()

    class Spreads(Visitor):
        def enter_fragment_spread(self, spread: FragmentSpreadNode, *_: object) -> None:
            found.add(spread.name.value)

    visit(node, Spreads())
    return found


@pytest.mark.parametrize("host", HOSTS, ids=str)
@pytest.mark.parametrize("name", names(OPERATIONS))
def test_a_document_is_valid_for_every_host_it_is_sent_to(name: str, host: tuple[int, int]) -> None:
    # given
    schema = schema_of(host)
    single = document(name)

    # when
    errors = validate(schema, parse(single.text))

    # then
    if single.since is None or host >= single.since:
        assert errors == []
    else:
        assert errors, f"{name} is valid for {host}: its first line holds it back in vain"


@pytest.mark.parametrize("name", sorted(set(names(OPERATIONS)) - UNBATCHED))
def test_a_document_carried_as_often_as_a_request_allows_is_valid(name: str) -> None:
    # given
    schema = schema_of(HOSTS[-1])
    most = MUTATIONS_PER_REQUEST if document(name).is_mutation else ALIASES_PER_REQUEST

    # when
    errors = validate(schema, parse(batched(name, most).text))

    # then
    assert errors == []


@pytest.mark.parametrize("path", OPERATIONS, ids=names(OPERATIONS))
def test_a_file_holds_the_one_operation_it_is_named_for(path: Path) -> None:
    # when
    (operation,) = parse(path.read_text(encoding="utf-8")).definitions

    # then
    assert isinstance(operation, OperationDefinitionNode)
    assert operation.name is not None
    assert operation.name.value == path.stem
    folder = {"query": "queries", "mutation": "mutations"}[operation.operation.value]
    assert path.parent.name == folder


@pytest.mark.parametrize("path", FRAGMENTS, ids=names(FRAGMENTS))
def test_a_fragment_is_named_for_its_file_and_takes_no_variables(path: Path) -> None:
    # given
    text = path.read_text(encoding="utf-8")

    # when
    (fragment,) = parse(text).definitions

    # then
    assert isinstance(fragment, FragmentDefinitionNode)
    assert fragment.name.value == path.stem
    assert "$" not in text


def test_every_fragment_is_used() -> None:
    # when
    used = {name for path in [*OPERATIONS, *FRAGMENTS] for name in spreads(parse(path.read_text()))}

    # then
    assert used == set(names(FRAGMENTS))


def test_every_document_is_sent_by_the_package() -> None:
    # given
    room = Path(documents.__file__).parent
    sources = "\n".join(path.read_text(encoding="utf-8") for path in room.glob("*.py"))

    # then
    unsent = [name for name in names(OPERATIONS) if f'"{name}"' not in sources]
    assert unsent == []


@pytest.mark.parametrize("name", names(OPERATIONS))
def test_a_document_selects_nothing_twice(name: str) -> None:
    # when
    repeated = _repeated(document(name))

    # then
    assert repeated == []


@pytest.mark.parametrize("host", HOSTS, ids=str)
def test_a_document_uses_nothing_the_newest_host_will_drop(host: tuple[int, int]) -> None:
    # given
    schema = schema_of(host)

    # when
    dropped = {use for path in OPERATIONS for use in _deprecated(schema, document(path.stem))}

    # then
    # A host that still has preorders refuses to fulfil them, so that we must know.
    assert dropped <= {"ProductVariant.preorder", "PreorderData.endDate"}


def test_the_manifest_asks_for_permissions_every_host_knows() -> None:
    # given
    manifest = json.loads(locate("manifest.json").read_text(encoding="utf-8"))

    # then
    for host in HOSTS:
        known = schema_of(host).type_map["PermissionEnum"]
        assert isinstance(known, GraphQLEnumType)
        assert set(manifest["permissions"]) <= known.values.keys()
    assert len(manifest["permissions"]) == len(set(manifest["permissions"]))


def _repeated(single: Document) -> list[str]:
    repeated: list[str] = []

    class Repeats(Visitor):
        def enter_selection_set(self, node: SelectionSetNode, *_: object) -> None:
            chosen = [print_ast(selection) for selection in node.selections]
            repeated.extend(one for one in set(chosen) if chosen.count(one) > 1)

    visit(parse(single.text), Repeats())
    return repeated


def _deprecated(schema: GraphQLSchema, single: Document) -> set[str]:
    info = TypeInfo(schema)
    found: set[str] = set()

    class Deprecations(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            field, parent = info.get_field_def(), info.get_parent_type()
            if field is not None and parent is not None and field.deprecation_reason:
                found.add(f"{parent.name}.{node.name.value}")

    if not validate(schema, parse(single.text)):
        visit(parse(single.text), TypeInfoVisitor(info, Deprecations()))
    return found
