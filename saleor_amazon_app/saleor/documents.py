"""Everything we say to the host: the documents of `graphql/`, ready to send.

A document is one operation with the fragments it uses. `batched` makes one that carries the same
operation several times, because the host answers four orders in one request sooner than four
requests, and refuses more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

_PACKAGE = Path(__file__).parents[1]
_SINCE = "# since "


@dataclass(frozen=True, slots=True)
class Document:
    """One operation as it is sent.

    Attributes:
        name: name of the operation and of its file.
        is_mutation: mutations are limited to a few a request.
        since: the first host version that knows it, as (major, minor); None: all we support.
    """

    name: str
    is_mutation: bool
    text: str
    since: tuple[int, int] | None


def locate(name: str) -> Path:
    """Finds `graphql` or `manifest.json`: inside the installed package, or beside a checkout's.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for parent in (_PACKAGE, _PACKAGE.parent):
        if (path := parent / name).exists():
            return path
    raise FileNotFoundError(f"{name} is neither in {_PACKAGE} nor beside it")


@lru_cache
def document(name: str) -> Document:
    """Loads an operation with every fragment it needs.

    Raises:
        FileNotFoundError: there is no such document.
    """
    source = _source_of_operation(name)
    operation = _operation(source)
    return _document(name, operation, source)


@lru_cache(maxsize=256)
def batched(name: str, count: int) -> Document:
    """Makes a document that carries an operation `count` times.

    The root field of the operation is aliased `o0`, `o1`, …; its variables are renamed likewise:
    `$id` becomes `$id_0`, `$id_1`, ….
    """
    source = _source_of_operation(name)
    single = _operation(source)
    copies = [_numbered(single, number) for number in range(count)]
    whole = OperationDefinitionNode(
        operation=single.operation,
        name=single.name,
        variable_definitions=tuple(v for copy in copies for v in copy.variable_definitions or ()),
        selection_set=SelectionSetNode(
            selections=tuple(field for copy in copies for field in copy.selection_set.selections)
        ),
    )
    return _document(name, whole, source)


def _document(name: str, operation: OperationDefinitionNode, source: str) -> Document:
    definitions = (operation, *_fragments_of(operation))
    return Document(
        name=name,
        is_mutation=operation.operation is OperationType.MUTATION,
        text=print_ast(DocumentNode(definitions=definitions)),
        since=_since(source),
    )


def _source_of_operation(name: str) -> str:
    folders = ("queries", "mutations")
    paths = [locate("graphql") / folder / f"{name}.graphql" for folder in folders]
    for path in paths:
        if path.exists():
            return path.read_text(encoding="utf-8")
    raise FileNotFoundError(f"no GraphQL document is named {name}")


def _operation(source: str) -> OperationDefinitionNode:
    (operation,) = parse(source, no_location=True).definitions
    if not isinstance(operation, OperationDefinitionNode):
        raise TypeError("a document holds one operation; fragments have their own files")
    return operation


def _since(source: str) -> tuple[int, int] | None:
    first = source.partition("\n")[0]
    if not first.startswith(_SINCE):
        return None
    major, minor = first.removeprefix(_SINCE).split(".")
    return int(major), int(minor)


@lru_cache
def _fragment(name: str) -> FragmentDefinitionNode:
    path = locate("graphql") / "fragments" / f"{name}.graphql"
    (fragment,) = parse(path.read_text(encoding="utf-8"), no_location=True).definitions
    if not isinstance(fragment, FragmentDefinitionNode):
        raise TypeError(f"{path} holds no fragment")
    return fragment


def _fragments_of(operation: OperationDefinitionNode) -> Iterator[FragmentDefinitionNode]:
    """Yields the fragments an operation spreads, and theirs, each once."""
    seen: set[str] = set()
    waiting = _spreads(operation)
    while waiting:
        name = waiting.pop(0)
        if name not in seen:
            seen.add(name)
            fragment = _fragment(name)
            waiting.extend(_spreads(fragment))
            yield fragment


def _spreads(node: OperationDefinitionNode | FragmentDefinitionNode) -> list[str]:
    class Spreads(Visitor):
        """Collects the names of fragments in the order they are used."""

        def __init__(self) -> None:
            super().__init__()
            self.names: list[str] = []

        def enter_fragment_spread(self, spread: FragmentSpreadNode, *_: Any) -> None:
            self.names.append(spread.name.value)

    spreads = Spreads()
    visit(node, spreads)
    return spreads.names


def _numbered(operation: OperationDefinitionNode, number: int) -> OperationDefinitionNode:
    class Numbered(Visitor):
        """Gives every variable of the operation its number."""

        def enter_variable(self, node: VariableNode, *_: Any) -> VariableNode:
            return VariableNode(name=NameNode(value=f"{node.name.value}_{number}"))

    renamed: OperationDefinitionNode = visit(operation, Numbered())
    (root,) = renamed.selection_set.selections
    if not isinstance(root, FieldNode):
        raise TypeError(f"{operation.name} cannot be batched: its root is no field")
    aliased = FieldNode(
        alias=NameNode(value=f"o{number}"),
        name=root.name,
        arguments=root.arguments,
        directives=root.directives,
        selection_set=root.selection_set,
    )
    return OperationDefinitionNode(
        operation=renamed.operation,
        name=renamed.name,
        variable_definitions=renamed.variable_definitions,
        selection_set=SelectionSetNode(selections=(aliased,)),
    )
