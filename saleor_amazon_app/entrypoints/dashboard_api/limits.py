"""How much one request may ask for, judged before anything is read.

Each field costs one, what is read from an order's own page more, and a list as often as it may
have rows. A request of our pages costs a few hundred to a few thousand.
"""

from typing import Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from graphql.validation import ValidationContext, ValidationRule

from saleor_amazon_app.entrypoints.dashboard_api.refusals import bad_input

MOST_DEPTH: Final = 12
MOST_ALIASES: Final = 30
MOST_TOKENS: Final = 2000
MOST_COST: Final = 20_000

_MOST_ROWS = 100
_ROWS = 50
# Lists whose length the request chooses; other lists are as long as a shop or an order is.
_PAGES = frozenset({"orders", "logs", "unmatchedSkus"})
_DEAR = {
    "totalCount": 20,
    "revenue": 20,
    "chart": 20,
    "history": 20,
    "items": 20,
    "parcels": 20,
    "outbox": 10,
    "extraFields": 20,
    "buyer": 10,
    "channels": 100,
    "warehouses": 100,
    "shippingMethods": 200,
}


class CostLimit(ValidationRule):
    """Refuses an operation that costs too much; a number in a variable counts as the largest."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._known: dict[str, int] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: object) -> None:
        """Adds up one operation."""
        cost = self._of(node.selection_set, frozenset())
        if cost > MOST_COST:
            refused = bad_input(
                f"The request costs {cost} of at most {MOST_COST}: ask for fewer rows or fields."
            )
            self.report_error(refused)

    def _of(self, selections: SelectionSetNode | None, inside: frozenset[str]) -> int:
        total = 0
        for each in selections.selections if selections else ():
            if isinstance(each, FieldNode):
                inner = self._of(each.selection_set, inside)
                total += _DEAR.get(each.name.value, 1) + inner * _rows(each)
            elif isinstance(each, InlineFragmentNode):
                total += self._of(each.selection_set, inside)
            elif isinstance(each, FragmentSpreadNode):
                total += self._of_fragment(each.name.value, inside)
        return total

    def _of_fragment(self, name: str, inside: frozenset[str]) -> int:
        fragment: FragmentDefinitionNode | None = self.context.get_fragment(name)
        if fragment is None or name in inside:
            # Other rules refuse fragments that are missing or contain themselves.
            return 0
        if name not in self._known:
            self._known[name] = self._of(fragment.selection_set, inside | {name})
        return self._known[name]


def _rows(field: FieldNode) -> int:
    if field.name.value not in _PAGES:
        return 1
    asked = [each.value for each in field.arguments or () if each.name.value in ("first", "last")]
    if not asked:
        return _ROWS
    sizes = [int(v.value) if isinstance(v, IntValueNode) else _MOST_ROWS for v in asked]
    return min(max(sizes), _MOST_ROWS)
