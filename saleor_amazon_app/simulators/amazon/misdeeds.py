"""What an app should never do to a real seller, noted when it does it here."""

from dataclasses import dataclass
from enum import StrEnum


class Misdeed(StrEnum):
    """Ways to harm a seller that Amazon itself lets happen, or only just prevents.

    SHIPMENTS_TWICE: one parcel confirmed under two references. PARCEL_OVERWRITTEN: other units said
    under the reference of a parcel, which is thereby forgotten. REFUNDED_TOO_MUCH: more than the
    buyer paid. REFUNDED_TWICE: one refund handed in again. CANCELLED_WRONG: an order cancelled
    that had left, or for a reason that is not the true one.
    """

    SHIPMENTS_TWICE = "shipments_twice"
    PARCEL_OVERWRITTEN = "parcel_overwritten"
    REFUNDED_TOO_MUCH = "refunded_too_much"
    REFUNDED_TWICE = "refunded_twice"
    CANCELLED_WRONG = "cancelled_wrong"


@dataclass(frozen=True, slots=True)
class Noted:
    """One misdeed, with the order it was done to and the facts of it."""

    misdeed: Misdeed
    order_id: str
    detail: str
