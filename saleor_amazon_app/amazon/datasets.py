"""The parts of an order, and which of them to give up where a role is missing.

Source: Orders API 2026-01-01, `includedData`, and its roles in developer-docs.amazon.com/sp-api,
get order information and access orders PII, read 2026-11-20.
"""

from enum import StrEnum


class Dataset(StrEnum):
    """The parts of an order this product reads; Amazon sends none that is not asked for."""

    BUYER = "BUYER"
    RECIPIENT = "RECIPIENT"
    PROCEEDS = "PROCEEDS"
    CANCELLATION = "CANCELLATION"
    FULFILLMENT = "FULFILLMENT"
    PACKAGES = "PACKAGES"
    TAX = "TAX"


EVERYTHING = frozenset(Dataset)

# Those that need a role of their own, first the one that is missed least.
_BEHIND_ROLES = (Dataset.TAX, Dataset.BUYER, Dataset.RECIPIENT)


def fewer(datasets: frozenset[Dataset]) -> frozenset[Dataset] | None:
    """Gives up one dataset after Amazon denied access; None when asking for less cannot help.

    Amazon does not say which one it denied. Within one search the datasets stay the same.
    """
    for dataset in _BEHIND_ROLES:
        if dataset in datasets:
            return datasets - {dataset}
    return None
