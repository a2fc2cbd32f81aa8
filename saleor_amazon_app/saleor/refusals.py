"""What the host refuses about one order, line or customer: a value, for it is expected.

The rest of a batch stands; the caller decides what a refusal means.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from saleor_amazon_app.core.ids import SaleorOrderLineId
from saleor_amazon_app.saleor.client import Json
from saleor_amazon_app.saleor.errors import RequestRefused


@dataclass(frozen=True, slots=True)
class FieldError:
    """One reason of a refusal in the host's words.

    Attributes:
        code: such as `INSUFFICIENT_STOCK`; after a crash the name of the host's exception.
        field: the field or path it is about, such as `lines` or `lines.0.variant_id`; may be
            empty.
        message: the host's English sentence; empty after a crash.
        line_ids: the order lines it is about, where the host names them.
    """

    code: str
    field: str = ""
    message: str = ""
    line_ids: tuple[SaleorOrderLineId, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The host did not do what it was asked, and why; `errors` is never empty.

    Attributes:
        crashed: the host broke down over it, so that it may have been done all the same.
    """

    errors: tuple[FieldError, ...]
    crashed: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all reasons, each once."""
        return tuple(dict.fromkeys(error.code for error in self.errors))


def field_errors(errors: Sequence[Json]) -> tuple[FieldError, ...]:
    """Reads the `errors` of a mutation or of a row of the bulk import."""
    return tuple(
        FieldError(
            code=error["code"] or "",
            field=error.get("field") or error.get("path") or "",
            message=error["message"] or "",
            line_ids=tuple(SaleorOrderLineId(id) for id in error.get("orderLines") or ()),
        )
        for error in errors
    )


def refusal(outcome: Json | RequestRefused) -> Refused | None:
    """Tells whether one mutation of a batch was refused; None when it was carried out."""
    if isinstance(outcome, RequestRefused):
        crash = tuple(FieldError(code) for code in outcome.call.codes)
        return Refused(crash, crashed=True)
    errors = field_errors(outcome["errors"])
    return Refused(errors) if errors else None
