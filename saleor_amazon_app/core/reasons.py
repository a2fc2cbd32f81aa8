"""Why an order is held or skipped: the codes machines read and the words people read."""

from dataclasses import dataclass
from enum import StrEnum


class HoldCode(StrEnum):
    """What stands between an Amazon order and its host order; each can be set right."""

    UNKNOWN_SKU = "UNKNOWN_SKU"
    NOT_AVAILABLE = "NOT_AVAILABLE"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    CHANNEL_NOT_SET = "CHANNEL_NOT_SET"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    ADDRESS_REFUSED = "ADDRESS_REFUSED"
    AMOUNTS_DO_NOT_ADD_UP = "AMOUNTS_DO_NOT_ADD_UP"
    SHIPPING_METHOD_MISSING = "SHIPPING_METHOD_MISSING"
    REFERENCE_TAKEN = "REFERENCE_TAKEN"
    INCOMPLETE_FROM_AMAZON = "INCOMPLETE_FROM_AMAZON"
    UNSUPPORTED = "UNSUPPORTED"


class SkipCode(StrEnum):
    """Why an Amazon order becomes no host order, rightly."""

    NOT_YET_VERIFIED = "NOT_YET_VERIFIED"
    CANCELLED = "CANCELLED"
    FBA_NOT_SHIPPED = "FBA_NOT_SHIPPED"
    FBA_NOT_WANTED = "FBA_NOT_WANTED"
    IMPORT_DISABLED = "IMPORT_DISABLED"
    BEFORE_CONNECTION = "BEFORE_CONNECTION"
    NOT_A_SALE = "NOT_A_SALE"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in words that say what to do.

    Attributes:
        about: what the reason names, so that a page can link to it and a later look knows what
            must have changed: a seller SKU, a channel's slug, a country; None for the order.
    """

    code: HoldCode | SkipCode
    message: str
    about: str | None = None
