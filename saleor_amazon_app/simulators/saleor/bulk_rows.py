"""One row of a bulk import while it is judged: what is wrong with it, and whether it can live."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from saleor_amazon_app.simulators.saleor.ids import InvalidIdError, key_of
from saleor_amazon_app.simulators.saleor.schema.catalogue import Warehouse
from saleor_amazon_app.simulators.saleor.schema.inputs import MetadataInput, OrderBulkCreateInput
from saleor_amazon_app.simulators.saleor.schema.orders import Order
from saleor_amazon_app.simulators.saleor.schema.payloads import OrderBulkCreateError
from saleor_amazon_app.simulators.saleor.schema.words import OrderBulkCreateErrorCode
from saleor_amazon_app.simulators.saleor.state import Crash, Shop

FUTURE_ALLOWED = timedelta(minutes=5)

Thing = TypeVar("Thing")


class BatchRefused(Exception):  # noqa: N818 - an answer, not a failure
    """A moment without a time zone: the host gives up the whole batch, without any result."""


@dataclass(slots=True)
class Row:
    """An order on its way in.

    Attributes:
        doomed: True for errors that no error policy forgives.
        warehouses: the warehouse each line names, by line id.
    """

    given: OrderBulkCreateInput
    order: Order | None = None
    errors: list[OrderBulkCreateError] = field(default_factory=list)
    doomed: bool = False
    warehouses: dict[str, Warehouse] = field(default_factory=dict)

    def lives(self) -> bool:
        """Whether nothing dooms the row so far."""
        return not self.doomed

    def blame(self, path: str | None, code: str, message: str, *, dooms: bool = False) -> None:
        """Adds an error."""
        self.errors.append(
            OrderBulkCreateError(path=path, message=message, code=OrderBulkCreateErrorCode[code])
        )
        self.doomed = self.doomed or dooms

    def find(
        self,
        model: str,
        path: str,
        keys: Mapping[str, str | None],
        known: Mapping[str, Thing],
    ) -> Thing | None:
        """Looks up what the row names, in the host's way of looking.

        Args:
            model: the type, as messages name it.
            path: where in the row.
            keys: the input fields that may name it with their values; an `…id` holds a global id.
            known: by global id; only ids are ever found here.
        """
        named = {name: value for name, value in keys.items() if value is not None}
        if len(keys) > 1 and len(named) != 1:
            few = "One of [{}] arguments must be provided to resolve {} instance."
            many = "Only one of [{}] arguments can be provided to resolve {} instance."
            code = "TOO_MANY_IDENTIFIERS" if named else "REQUIRED"
            self.blame(path, code, (many if named else few).format(", ".join(keys), model))
            return None
        for name, value in named.items():
            if value:
                return self._resolved(model, f"{path}.{name}" if path else name, name, value, known)
        self.blame(path, "NOT_FOUND", f"Can't return {model} instance.")
        return None

    def pairs(self, path: str, given: list[MetadataInput] | None, into: dict[str, str]) -> None:
        """Keeps metadata; a pair without a key is blamed and left out."""
        if any(not pair.key.strip() for pair in given or ()):
            self.blame(path, "METADATA_KEY_REQUIRED", "Metadata key cannot be empty.")
        into.update((pair.key, pair.value) for pair in given or () if pair.key.strip())

    def _resolved(
        self, model: str, path: str, name: str, value: str, known: Mapping[str, Thing]
    ) -> Thing | None:
        by = name.removeprefix("variant_")
        if name.endswith("id") or name == "warehouse":
            try:
                key = key_of(value, expected=model)
            except InvalidIdError as error:
                self.blame(path, "INVALID", str(error))
                return None
            if value in known:
                return known[value]
            by, value = "id", key
        self.blame(path, "NOT_FOUND", f"{model} instance with {by}={value} doesn't exist.")
        return None


def is_future(shop: Shop, moment: datetime) -> bool:
    """Whether a moment lies further ahead than the host's five minutes of grace.

    Raises:
        BatchRefused: it names no time zone.
    """
    if moment.tzinfo is None:
        raise BatchRefused
    return moment >= shop.clock() + FUTURE_ALLOWED


def check_length(value: str | None, most: int) -> None:
    """Lets through what fits the host's column.

    Raises:
        Crash: it does not fit, or holds a NUL; the whole batch is lost.
    """
    if value is not None and (len(value) > most or "\0" in value):
        raise Crash("DataError")
