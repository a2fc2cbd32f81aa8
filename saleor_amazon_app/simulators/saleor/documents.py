"""What a GraphQL request weighs: the host counts mutations and aliases before it does anything."""

from dataclasses import dataclass
from functools import lru_cache

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    parse,
    visit,
)

MOST_MUTATIONS = 4
MOST_ALIASES = 100


@dataclass(frozen=True, slots=True)
class Weight:
    """A document by numbers.

    Attributes:
        name: the first operation's name; empty for one without.
        mutations: root fields of mutations.
    """

    name: str
    mutations: int
    aliases: int

    def excess(self) -> GraphQLError | None:
        """What the host refuses such a document with."""
        if self.mutations > MOST_MUTATIONS:
            return GraphQLError(f"Number of mutations exceed the limit of {MOST_MUTATIONS}")
        if self.aliases > MOST_ALIASES:
            return GraphQLError(f"Number of aliases exceed the limit of {MOST_ALIASES}")
        return None


class _Aliases(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.count += node.alias is not None


@lru_cache(maxsize=256)
def weigh(query: str) -> Weight | GraphQLSyntaxError:
    """Weighs a document, or says why it is none."""
    try:
        document = parse(query)
    except GraphQLSyntaxError as error:
        return error
    operations = [
        each for each in document.definitions if isinstance(each, OperationDefinitionNode)
    ]
    aliases = _Aliases()
    visit(document, aliases)
    return Weight(
        name=operations[0].name.value if operations and operations[0].name else "",
        mutations=sum(
            len(each.selection_set.selections)
            for each in operations
            if each.operation is OperationType.MUTATION
        ),
        aliases=aliases.count,
    )
