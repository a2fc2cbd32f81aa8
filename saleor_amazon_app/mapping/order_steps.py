"""What can be done to a placed host order, and what staff are told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saleor_amazon_app.core.ids import SaleorOrderLineId
from saleor_amazon_app.mapping.units import Parcel
from saleor_amazon_app.saleor.order_inputs import AddressInput
from saleor_amazon_app.saleor.standing_records import Refund


@dataclass(frozen=True, slots=True)
class Remark:
    """What staff are told, in the order's history and in a note; never with buyer data.

    Attributes:
        kind: constant, snake_case, past tense.
        message: the same words for the same change, so that it is told once.
    """

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Told:
    """What staff are told of a step.

    Attributes:
        fact: what changed at Amazon.
        done: what the step does about it.
        by_hand: what is left to staff where the host refuses the step.
    """

    kind: str
    fact: str
    done: str
    by_hand: str

    @property
    def remark(self) -> Remark:
        """What is said when the step was done."""
        return Remark(self.kind, f"{self.fact} {self.done}")

    def refused(self, codes: Sequence[str]) -> Remark:
        """What is said when the host refused the step."""
        why = ", ".join(codes)
        return Remark(self.kind, f"{self.fact} Saleor refused to follow ({why}). {self.by_hand}")


@dataclass(frozen=True, slots=True)
class ReportRefund:
    """What Amazon gave back is reported to the host."""

    told: Told
    refund: Refund


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """The host order is cancelled, and only then its charge reported back."""

    told: Told
    then: ReportRefund | None


@dataclass(frozen=True, slots=True)
class ReturnUnits:
    """Units that will never leave are returned, and only then what they cost reported back."""

    told: Told
    units: Mapping[SaleorOrderLineId, int]
    then: ReportRefund | None


@dataclass(frozen=True, slots=True)
class FulfilParcels:
    """Parcels that left in Seller Central become fulfilments.

    Attributes:
        confirms: whether the order is confirmed before; fulfilling it would end the state
            unconfirmed without telling other systems.
    """

    told: Told
    parcels: tuple[Parcel, ...]
    confirms: bool


@dataclass(frozen=True, slots=True)
class MarkOrder:
    """The order is marked in its metadata, and goes to another address if one is given."""

    told: Told
    metadata: Mapping[str, str]
    address: AddressInput | None = None


Step = CancelOrder | ReturnUnits | ReportRefund | FulfilParcels | MarkOrder


@dataclass(frozen=True, slots=True)
class Follow:
    """How the host order follows.

    Attributes:
        steps: each independent of the others, in the order they are taken.
        remarks: what staff must know besides.
        awaits_confirmation: something can only be done once staff have confirmed the order.
        awaits_shipping: something can only be done once the rest of the order left.
    """

    steps: tuple[Step, ...] = ()
    remarks: tuple[Remark, ...] = ()
    awaits_confirmation: bool = False
    awaits_shipping: bool = False

    @property
    def told(self) -> tuple[Remark, ...]:
        """Everything staff are told if the host takes all the steps."""
        remarks = []
        for step in self.steps:
            remarks.append(step.told.remark)
            if isinstance(step, CancelOrder | ReturnUnits) and step.then:
                remarks.append(step.then.told.remark)
        return (*remarks, *self.remarks)

    def __add__(self, other: "Follow") -> "Follow":
        return Follow(
            self.steps + other.steps,
            self.remarks + other.remarks,
            self.awaits_confirmation or other.awaits_confirmation,
            self.awaits_shipping or other.awaits_shipping,
        )
