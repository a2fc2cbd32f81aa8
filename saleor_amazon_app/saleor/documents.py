"""Everything we say to the host: the documents of `graphql/`, ready to send.

A document is one operation with the fragments it uses. A batch carries the same operation several
times, because the host answers four orders in one request sooner than in four.
"""

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


def locate(name: str, *, package: Path = _PACKAGE) -> Path:
    """Finds `graphql` or `manifest.json`: inside the installed package, or beside a checkout's.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    for parent in (package, package.parent):
        if (path := parent / name).exists():
            return path
    raise FileNotFoundError(f"{name} is neither in {package} nor beside it")


@lru_cache
def document(name: str) -> Document:
    """Loads an operation with every fragment it needs."""
    return assemble(locate("graphql"), name)


@lru_cache(maxsize=256)
def batched(name: str, count: int) -> Document:
    """Loads an operation to be carried out `count` times in one request."""
    return assemble(locate("graphql"), name, count=count)


def assemble(folder: Path, name: str, *, count: int | None = None) -> Document:
    """Puts a document together from a folder of operations and fragments.

    With a count, the root field of the operation is aliased `o0`, `o1`, … and its variables are
    renamed likewise: `$id` becomes `$id_0`, `$id_1`, ….

    Raises:
        FileNotFoundError: there is no such operation or fragment.
        ValueError: the file holds more than one, or a batched operation has several roots.
    """
    source = _source(folder, name)
    (operation,) = parse(source, no_location=True).definitions
    if not isinstance(operation, OperationDefinitionNode):
        raise TypeError(f"{name} is no operation")
    sent = operation if count is None else _repeated(operation, count)
    return Document(
        name=name,
        is_mutation=operation.operation is OperationType.MUTATION,
        text=print_ast(DocumentNode(definitions=(sent, *_fragments(folder, operation)))),
        since=_since(source),
    )


def _source(folder: Path, name: str) -> str:
    for kind in ("queries", "mutations", "subscriptions"):
        if (path := folder / kind / f"{name}.graphql").exists():
            return path.read_text(encoding="utf-8")
    raise FileNotFoundError(f"no GraphQL document is named {name}")


def _since(source: str) -> tuple[int, int] | None:
    first = source.partition("\n")[0]
    if not first.startswith(_SINCE):
        return None
    major, minor = first.removeprefix(_SINCE).split(".")
    return int(major), int(minor)


def _fragments(folder: Path, operation: OperationDefinitionNode) -> list[FragmentDefinitionNode]:
    """The fragments an operation spreads, and theirs, each once."""
    spreads = _Spreads()
    visit(operation, spreads)
    found: list[FragmentDefinitionNode] = []
    while len(found) < len(spreads.names):
        # A fragment may add names while it is visited; they come after those already there.
        path = folder / "fragments" / f"{list(spreads.names)[len(found)]}.graphql"
        (fragment,) = parse(path.read_text(encoding="utf-8"), no_location=True).definitions
        if not isinstance(fragment, FragmentDefinitionNode):
            raise TypeError(f"{path} holds no fragment")
        visit(fragment, spreads)
        found.append(fragment)
    return found


def _repeated(operation: OperationDefinitionNode, count: int) -> OperationDefinitionNode:
    copies = [_numbered(operation, number) for number in range(count)]
    return OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=tuple(v for copy in copies for v in copy.variable_definitions or ()),
        selection_set=SelectionSetNode(
            selections=tuple(field for copy in copies for field in copy.selection_set.selections)
        ),
    )


def _numbered(operation: OperationDefinitionNode, number: int) -> OperationDefinitionNode:
    (root,) = operation.selection_set.selections
    if not isinstance(root, FieldNode):
        raise TypeError(f"{operation.name} cannot be batched: its root is no field")
    copy: OperationDefinitionNode = visit(operation, _Numbered(root, number))
    return copy


class _Spreads(Visitor):
    """Collects the names of fragments in the order of their first use; a dict as ordered set."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, None] = {}

    # `Any` because graphql-core passes the node's key, parent, path and ancestors.
    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.names.setdefault(node.name.value)


class _Numbered(Visitor):
    """Gives the root field an alias and every variable its number."""

    def __init__(self, root: FieldNode, number: int) -> None:
        super().__init__()
        self._root = root
        self._number = number

    def enter_field(self, node: FieldNode, *_: Any) -> FieldNode | None:
        if node is not self._root:
            return None
        return FieldNode(
            alias=NameNode(value=f"o{self._number}"),
            name=node.name,
            arguments=node.arguments,
            directives=node.directives,
            selection_set=node.selection_set,
        )

    def enter_variable(self, node: VariableNode, *_: Any) -> VariableNode:
        return VariableNode(name=NameNode(value=f"{node.name.value}_{self._number}"))
