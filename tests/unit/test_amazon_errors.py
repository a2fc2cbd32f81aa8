"""Who must act on which status, and that merchants are told in words."""

import pytest

from saleor_amazon_app.amazon.datasets import EVERYTHING, Dataset, fewer
from saleor_amazon_app.amazon.errors import (
    AccessDenied,
    AmazonError,
    AmazonUnavailable,
    BadRequest,
    ClientRefused,
    ConsentRevoked,
    Incident,
    NotFound,
    PageTokenExpired,
    Throttled,
    refused,
)
from saleor_amazon_app.core.errors import NeedsMerchant, TryAgainLater

INCIDENT = Incident("searchOrders", status=400, request_id="r", code="InvalidInput", detail="no")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (None, AmazonUnavailable),
        (204, AmazonUnavailable),
        (302, AmazonUnavailable),
        (400, BadRequest),
        (401, AccessDenied),
        (403, AccessDenied),
        (404, NotFound),
        (408, AmazonUnavailable),
        (413, BadRequest),
        (415, BadRequest),
        (422, BadRequest),
        (429, Throttled),
        (500, AmazonUnavailable),
        (503, AmazonUnavailable),
        (599, AmazonUnavailable),
    ],
)
def test_the_status_names_the_error(status: int | None, expected: type[AmazonError]) -> None:
    incident = Incident("getOrder", status=status)

    error = refused(incident)

    assert type(error) is expected
    assert error.incident is incident


@pytest.mark.parametrize(
    ("kind", "family"),
    [
        (Throttled, TryAgainLater),
        (AmazonUnavailable, TryAgainLater),
        (ConsentRevoked, NeedsMerchant),
        (ClientRefused, NeedsMerchant),
        (AccessDenied, NeedsMerchant),
        (NotFound, None),
        (BadRequest, None),
        (PageTokenExpired, None),
    ],
)
def test_every_error_belongs_to_the_family_that_must_act(
    kind: type[AmazonError], family: type[Exception] | None
) -> None:
    families = {one for one in (TryAgainLater, NeedsMerchant) if issubclass(kind, one)}

    assert families == ({family} if family else set())
    assert issubclass(kind, AmazonError)


def test_a_merchant_reads_what_to_do_and_not_what_amazon_calls_it() -> None:
    needing: list[NeedsMerchant] = [
        ConsentRevoked(INCIDENT),
        ClientRefused(INCIDENT),
        AccessDenied(INCIDENT),
    ]

    assert [error.key for error in needing] == [
        "amazon-reauthorise",
        "amazon-client-refused",
        "amazon-access-denied",
    ]
    for error in needing:
        assert "Store connection" in str(error)
        assert "InvalidInput" not in str(error)


def test_a_defect_says_all_that_is_known() -> None:
    assert str(BadRequest(INCIDENT)) == (
        "Amazon refused a request as wrong: searchOrders 400 InvalidInput no"
    )
    assert str(Incident("getOrder")) == "getOrder"


def test_datasets_behind_roles_are_given_up_one_by_one_and_no_others() -> None:
    given_up = []
    datasets = EVERYTHING
    while (left := fewer(datasets)) is not None:
        given_up.append(datasets - left)
        datasets = left

    assert given_up == [{Dataset.TAX}, {Dataset.BUYER}, {Dataset.RECIPIENT}]
    assert datasets == {
        Dataset.PROCEEDS,
        Dataset.CANCELLATION,
        Dataset.FULFILLMENT,
        Dataset.PACKAGES,
    }
