"""What the host refuses about one order, line or customer: a value, for it is expected.

The rest of a batch stands; the caller decides what a refusal means.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from saleor_amazon_app.core.ids import SaleorOrderLineId, VariantId
from saleor_amazon_app.saleor.answers import PASSING, Json
from saleor_amazon_app.saleor.errors import RequestRefused

# The host's tax app did not answer, or someone changed the order meanwhile.
_TAX_ERROR = "TAX_ERROR"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One reason of a refusal in the host's words.

    Attributes:
        code: such as `INSUFFICIENT_STOCK`; after a crash the name of the host's exception.
        field: the field or path it is about, such as `lines` or `lines.0.variant_id`; may be
            empty.
        message: the host's English sentence; empty after a crash.
        line_ids: the order lines it is about, where the host names them.
        variant_ids: the variants it is about, where the host names them.
    """

    code: str
    field: str = ""
    message: str = ""
    line_ids: tuple[SaleorOrderLineId, ...] = ()
    variant_ids: tuple[VariantId, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The host did not do what it was asked, and why.

    Attributes:
        errors: never empty.
        crashed: the host broke down over it, so that it may have been done all the same.
    """

    errors: tuple[FieldError, ...]
    crashed: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all reasons, each once."""
        return tuple(dict.fromkeys(error.code for error in self.errors))

    @property
    def is_passing(self) -> bool:
        """Whether the same step may well work later.

        Completions that share variants deadlock in the host's database at times; one of them is
        then left undone.
        """
        return all(code == _TAX_ERROR or (self.crashed and code in PASSING) for code in self.codes)


def field_errors(errors: Sequence[Json]) -> tuple[FieldError, ...]:
    """Reads the `errors` of a mutation or of a row of the bulk import."""
    return tuple(
        FieldError(
            code=error["code"] or "",
            field=error.get("field") or error.get("path") or "",
            message=error["message"] or "",
            line_ids=tuple(SaleorOrderLineId(id) for id in error.get("orderLines") or ()),
            variant_ids=tuple(VariantId(id) for id in error.get("variants") or ()),
        )
        for error in errors
    )


def carried_out(outcome: Json | RequestRefused | None) -> Json | Refused:
    """The payload of one mutation of a batch, or why it was refused."""
    if isinstance(outcome, RequestRefused):
        return Refused(tuple(FieldError(code) for code in outcome.call.codes), crashed=True)
    if outcome is None:
        return Refused((FieldError("UNKNOWN"),), crashed=True)
    errors = field_errors(outcome["errors"])
    return Refused(errors) if errors else outcome
