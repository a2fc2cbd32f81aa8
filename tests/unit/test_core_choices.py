"""What a merchant leaves out of the settings has the first value of the settings page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from saleor_amazon_app.core.choices import (
    BuyerEmail,
    Choices,
    Customer,
    FbaOrders,
    ImportAmazonOrders,
    NewOrderStatus,
    OrderNumber,
    PendingOrders,
    UnknownSku,
)


def test_the_defaults_are_the_first_values_of_the_settings_page() -> None:
    choices = Choices()

    assert choices.import_amazon_orders is ImportAmazonOrders.ENABLED
    assert choices.fba_orders is FbaOrders.IMPORT_WHEN_SHIPPED
    assert choices.customer is Customer.GUEST
    assert choices.buyer_email is BuyerEmail.NONE
    assert choices.order_number is OrderNumber.HOST
    assert choices.new_order_status is NewOrderStatus.UNCONFIRMED
    assert choices.pending_orders is PendingOrders.DO_NOT_RESERVE
    assert choices.unknown_sku is UnknownSku.HOLD
    assert choices.sync_every_minutes == 5
    assert choices.longest_reservation == timedelta(hours=72)
    assert choices.import_into == {}


def test_the_json_form_is_read_back_as_it_was_printed() -> None:
    # given
    choices = Choices.model_validate(
        {
            "importInto": {"ATVPDKIKX0DER": {"channel": "usd"}},
            "importOrdersSince": "2026-11-01T00:00:00Z",
            "taxRates": {"DE": "0.19"},
            "unknownSku": "PLACEHOLDER",
            "placeholderSku": "AMAZON",
        }
    )

    # when
    again = Choices.model_validate_json(choices.model_dump_json(by_alias=True))

    # then
    assert again == choices
    assert again.tax_rates == {"DE": Decimal("0.19")}


def test_an_order_is_wanted_from_the_moment_of_connecting_on() -> None:
    connected = datetime(2026, 11, 1, tzinfo=UTC)
    choices = Choices(import_orders_since=connected)

    assert choices.wants(connected)
    assert not choices.wants(connected - timedelta(seconds=1))
    assert Choices().wants(connected)


@pytest.mark.parametrize(
    "settings",
    [
        {"unheardOf": 1},
        {"syncEveryMinutes": 4},
        {"taxRates": {"DE": "1"}},
        {"taxRates": {"DE": "-0.1"}},
        {"importOrdersSince": "2026-11-01T00:00:00"},
        {"customer": "SOMEBODY"},
        {"longestReservationHours": 0},
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Choices.model_validate(settings)
