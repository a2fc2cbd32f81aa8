"""Decides orders for tests, and takes verdicts apart."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.ids import ShippingMethodId
from saleor_amazon_app.core.reasons import HoldCode, Reason
from saleor_amazon_app.mapping.decisions import Decision, HoldOrder, Store
from saleor_amazon_app.mapping.orders import decide
from saleor_amazon_app.saleor.catalogue_records import HostCatalogue
from tests.unit.amazon_orders import Json, an_order, parsed
from tests.unit.host_catalogues import (
    FLAT,
    NOW,
    a_host,
    choices,
)

LIMITED = replace(
    FLAT,
    id=ShippingMethodId("limited"),
    name="Limited",
    minimum_order=Decimal("20.00"),
    maximum_order=Decimal("30.00"),
)


def decided(
    order: Json | None = None, host: HostCatalogue | None = None, settings: Choices | None = None
) -> Decision:
    return decide(
        parsed(order or an_order()),
        settings or choices(),
        host or a_host(),
        store=Store(name="Shop"),
        now=NOW,
    )


def held(*given: Any, **named: Any) -> tuple[Reason, ...]:
    decision = decided(*given, **named)
    assert isinstance(decision, HoldOrder), decision
    assert all(reason.message.endswith((".", "retry.")) for reason in decision.reasons)
    return decision.reasons


def codes(reasons: tuple[Reason, ...]) -> list[HoldCode]:
    return [reason.code for reason in reasons]  # type: ignore[misc]
