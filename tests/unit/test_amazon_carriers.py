"""Carriers by the form of a tracking number: only where the check digit agrees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.amazon.carriers import CODES, OTHER, recognise, spelled
from saleor_amazon_app.simulators.amazon.carriers import CARRIER_CODES


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("1Z999AA10123456784", "UPS"),
        ("1z 999 aa1 01 2345 6784", "UPS"),
        ("9205590164917312751089", "USPS"),
        ("420981099205590164917312751089", "USPS"),
        ("9611020987654312345672", "FedEx"),
        ("00340434161094042557", "DHL-Paket"),
        ("05212345678901K", "DPD"),
        ("RB123456785GB", "Royal Mail"),
        ("RR473124829GB", "Royal Mail"),
        ("LX473124829US", "USPS"),
        ("LX473124829JP", "Japan Post"),
        ("TBA123456789012", "Amazon Shipping"),
        ("1LS7119013618057", "Lasership"),
    ],
)
def test_a_number_with_the_right_form_and_digit_is_a_carriers(number: str, carrier: str) -> None:
    assert recognise(number) == carrier
    assert carrier in CODES


@pytest.mark.parametrize(
    "number",
    [
        "",
        "123456789012",
        "05212345678901",
        "1Z999AA10123456785",
        "9205590164917312751088",
        "9611020987654312345673",
        "00340434161094042558",
        "05212345678901L",
        "RB123456786GB",
        "RB123456785ZZ",
        "CP473124829GB",
        "EE473124829GB",
        "JJD000390007500000001",
        "9" * 300,
        "१Z999AA10123456784",
        "📦",
    ],
)
def test_any_other_number_is_nobodys(number: str) -> None:
    assert recognise(number) is None


@given(st.text(max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    found = recognise(text)

    assert found is None or found in CODES


@given(st.integers(0, 10**14 - 1), st.integers(1, 9))
def test_a_wrong_digit_of_a_parcel_of_ups_is_noticed(number: int, shift: int) -> None:
    digits = f"{number:014}"
    right = [f"1ZA{digits}{check}" for check in range(10) if recognise(f"1ZA{digits}{check}")]

    assert len(right) == 1
    wrong = str((int(right[0][-1]) + shift) % 10)
    assert recognise(right[0][:-1] + wrong) is None


def test_a_carrier_is_found_however_its_name_is_written() -> None:
    assert (spelled("fedex"), spelled(" ROYAL mail "), spelled("dhl-PAKET")) == (
        "FedEx",
        "Royal Mail",
        "DHL-Paket",
    )
    assert spelled("Mike's Bikes") is None
    assert OTHER in CODES


def test_the_simulated_amazon_takes_every_carrier_and_no_other() -> None:
    assert CODES == CARRIER_CODES


def test_no_two_carriers_differ_by_case_only() -> None:
    assert len({code.lower() for code in CODES}) == len(CODES)
