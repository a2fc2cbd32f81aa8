"""How the simulated shop judges and changes addresses; every case was seen on a real one."""

from typing import Any

import pytest

from tests.unit.shop_counter import SEATTLE, codes, open_counter


def address(country: str, **fields: str) -> dict[str, Any]:
    bare = {"streetAddress1": "1 Main St", "country": country, "skipValidation": True}
    return bare | fields


@pytest.mark.parametrize(
    ("_case", "given", "kept"),
    [
        ("a city in capitals", SEATTLE, {"city": "SEATTLE", "countryArea": "WA"}),
        (
            "a state by name",
            SEATTLE | {"countryArea": "washington"},
            {"city": "SEATTLE", "countryArea": "WA"},
        ),
        (
            "a field the country does not know",
            address("GB", city="Leeds", postalCode="ls1 1aa", countryArea="West Yorkshire"),
            {"city": "LEEDS", "postalCode": "LS1 1AA", "countryArea": ""},
        ),
        (
            "a country without cities",
            address("AE", city="Al Ain", countryArea="Abu Dhabi"),
            {"city": "", "countryArea": "أبو ظبي"},
        ),
        (
            "a Japanese city, which the format does not know",
            address("JP", city="Chiyoda", postalCode="100-0001", countryArea="Tokyo"),
            {"city": "Chiyoda", "countryArea": "東京都"},
        ),
        (
            "an Irish county by its bare name",
            address("IE", city="Dublin", countryArea="dublin"),
            {"city": "DUBLIN", "countryArea": "Co. Dublin"},
        ),
        ("no phone", SEATTLE | {"phone": " "}, {"phone": ""}),
        (
            "a wrong state leaves all as it is",
            SEATTLE | {"countryArea": "Washington State"},
            {"city": "Seattle", "countryArea": "Washington State"},
        ),
        (
            "a wrong code leaves all as it is",
            SEATTLE | {"postalCode": "ABC"},
            {"city": "Seattle", "postalCode": "ABC"},
        ),
        (
            "placeholders",
            address("US", city="Dallas", countryArea="TX", postalCode="-"),
            {"city": "Dallas", "postalCode": "-"},
        ),
        (
            "a phone with extension",
            SEATTLE | {"phone": "+1 480-386-0930 ext. 73824"},
            {"phone": "+14803860930"},
        ),
        ("a local phone", SEATTLE | {"phone": "(480) 386-0930"}, {"phone": "+14803860930"}),
        ("no name", SEATTLE | {"firstName": ""}, {"firstName": ""}),
        ("spaces around", SEATTLE | {"firstName": "  Ann "}, {"firstName": "Ann"}),
        (
            "the longest street",
            SEATTLE | {"streetAddress1": "x" * 256},
            {"streetAddress1": "x" * 256},
        ),
        (
            "the second street line only",
            SEATTLE | {"streetAddress1": "", "streetAddress2": "Apt 4"},
            {"streetAddress1": "", "streetAddress2": "Apt 4"},
        ),
    ],
)
async def test_an_address_is_kept_in_the_form_of_its_country(
    _case: str, given: dict[str, Any], kept: dict[str, str]
) -> None:
    counter = open_counter()

    draft = await counter.drafted(shippingAddress=given)

    assert {name: draft["shippingAddress"][name] for name in kept} == kept


@pytest.mark.parametrize(
    ("_case", "given"),
    [
        ("no street", SEATTLE | {"streetAddress1": " "}),
        ("no city", SEATTLE | {"city": ""}),
        ("no state", SEATTLE | {"countryArea": ""}),
        ("no code", address("DE", city="Berlin")),
        ("no prefecture", address("JP", city="Tokyo", postalCode="100-0001")),
        ("no emirate", address("AE", city="Dubai")),
        ("no phone number", SEATTLE | {"phone": "999"}),
        ("a phone number nobody can have", SEATTLE | {"phone": "+1 000 000 0000"}),
        ("a street too long", SEATTLE | {"streetAddress1": "x" * 257}),
        ("a NUL in the street", SEATTLE | {"streetAddress1": "1 Main\0 St"}),
        ("a code too long", SEATTLE | {"postalCode": "1" * 21}),
    ],
)
async def test_an_address_that_lacks_something_dooms_its_row(
    _case: str, given: dict[str, Any]
) -> None:
    counter = open_counter()

    (result,) = await counter.bring(counter.order(billingAddress=given))

    assert result["order"] is None
    assert result["errors"][1] == {
        "path": "billing_address",
        "code": "INVALID",
        "message": "Invalid billing address.",
    }


async def test_a_bad_shipping_address_leaves_a_draft_that_cannot_be_completed() -> None:
    counter = open_counter()

    (result,) = await counter.bring(counter.order(shippingAddress=SEATTLE | {"city": ""}))
    answer = await counter.complete(result["order"]["id"])

    assert result["errors"][1]["path"] == "shipping_address"
    assert result["order"]["shippingAddress"] is None
    assert codes(answer["errors"]) == [
        ("order", "ORDER_NO_SHIPPING_ADDRESS"),
        ("shipping", "SHIPPING_METHOD_NOT_APPLICABLE"),
    ]


@pytest.mark.parametrize(
    ("_case", "changes", "errors"),
    [
        ("wrong code", {"postalCode": "ABC"}, [("postalCode", "INVALID")]),
        ("no city", {"city": ""}, [("city", "REQUIRED")]),
        ("bad phone", {"phone": "999"}, [("phone", "INVALID")]),
    ],
)
async def test_without_leniency_the_field_is_named(
    _case: str, changes: dict[str, str], errors: list[tuple[str, str]]
) -> None:
    # given
    counter = open_counter()
    order = await counter.completed()

    # when
    answer = await counter.act(
        "orderUpdate(id: $id, input: $input)",
        id=order["id"],
        input={"shippingAddress": SEATTLE | changes | {"skipValidation": False}},
    )

    # then
    assert codes(answer["errors"]) == errors
    assert (await counter.find(order["id"]))["shippingAddress"] == order["shippingAddress"]
