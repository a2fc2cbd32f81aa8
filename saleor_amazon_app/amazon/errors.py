"""What can go wrong at Amazon, by who must act.

    AmazonError (AppError)       each carries an Incident: operation, status, request id, words
    ├── Throttled                TryAgainLater: the seller's quota is used up
    ├── AmazonUnavailable        TryAgainLater: no answer, or none that can be read
    ├── ConsentRevoked           NeedsMerchant: the seller's authorisation is gone
    ├── ClientRefused            NeedsMerchant: the app's own id or secret is wrong or expired
    ├── AccessDenied             NeedsMerchant: a role is missing
    ├── NotFound                 Amazon knows no such thing; the caller knows what that means
    └── BadRequest               a defect of ours, unless Amazon is out of order; of a writing
        │                        call, Amazon's refusal, whose words are for staff
        └── PageTokenExpired     start the search again from the cursor that was kept

An error is built from the status first and from the body second: a gateway in front of Amazon
answers with HTML or with JSON of its own, and such an answer must never pass for data.
"""

from dataclasses import dataclass

from saleor_amazon_app.amazon.datasets import Dataset
from saleor_amazon_app.core.errors import AppError, NeedsMerchant, TryAgainLater


@dataclass(frozen=True, slots=True)
class Incident:
    """What is known of a call that failed; free of tokens, query strings and bodies.

    Attributes:
        operation: Amazon's name of the operation.
        status: None when no answer came.
        request_id: what Amazon's support asks for.
        code: the first error code of the answer, such as `QuotaExceeded`.
        detail: Amazon's own words, cut short; or ours where Amazon said nothing.
    """

    operation: str
    status: int | None = None
    request_id: str | None = None
    code: str | None = None
    detail: str | None = None

    def __str__(self) -> str:
        facts = (self.operation, self.status, self.code, self.detail)
        return " ".join(str(fact) for fact in facts if fact is not None)


class AmazonError(AppError):
    """Any failure of a call to Amazon."""

    incident: Incident


class Throttled(AmazonError, TryAgainLater):
    """The quota is used up; the drained bucket knows when the next call is due, so no `after`."""

    def __init__(self, incident: Incident) -> None:
        super().__init__("Amazon's limit of calls is reached; it goes on by itself.")
        self.incident = incident


class AmazonUnavailable(AmazonError, TryAgainLater):
    """Amazon did not answer in time, or answered what nobody can read.

    What was to be written may have been written all the same: read before writing again.
    """

    def __init__(self, incident: Incident) -> None:
        super().__init__("Amazon does not answer properly just now; it is tried again by itself.")
        self.incident = incident


class ConsentRevoked(AmazonError, NeedsMerchant):
    """The seller took the consent back, it ran out after a year, or the code was too old."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(
            "amazon-reauthorise",
            "Amazon no longer accepts this store's authorisation. Authorise the store again on"
            " its Store connection page; no order is lost meanwhile.",
        )
        self.incident = incident


class ClientRefused(AmazonError, NeedsMerchant):
    """Amazon does not accept the app's own credentials; a secret lives 180 days."""

    def __init__(self, incident: Incident) -> None:
        super().__init__(
            "amazon-client-refused",
            "Amazon does not accept the app's client id and secret. A secret expires after 180"
            " days: enter the current one on the Store connection page.",
        )
        self.incident = incident


class AccessDenied(AmazonError, NeedsMerchant):
    """The app may not do this for this seller.

    Attributes:
        datasets: what the call asked to include; asking for less may succeed
            (`datasets.fewer`). Empty for a call that has none.
    """

    def __init__(self, incident: Incident, *, datasets: frozenset[Dataset] = frozenset()) -> None:
        super().__init__(
            "amazon-access-denied",
            "Amazon denies the app access to this store's data. Give the app the roles it needs"
            " in Seller Central, then authorise the store again on its Store connection page.",
        )
        self.incident = incident
        self.datasets = datasets


class NotFound(AmazonError):
    """Amazon knows no such order, feed or document."""

    def __init__(self, incident: Incident) -> None:
        super().__init__("Amazon does not know what was asked for.")
        self.incident = incident


class BadRequest(AmazonError):
    """Amazon finds the request wrong; sending it again changes nothing, so it must surface.

    Amazon has also answered like this for hours to requests that were right
    (selling-partner-api-models issue 5365): what was asked for counts as not yet read.
    """

    def __init__(self, incident: Incident) -> None:
        super().__init__(f"Amazon refused a request as wrong: {incident}")
        self.incident = incident


class PageTokenExpired(BadRequest):
    """The next page cannot be had with this token; the first page can be asked for again."""


def refused(incident: Incident) -> AmazonError:
    """Names the error that an answer of the Selling Partner API stands for, by its status."""
    match incident.status:
        case 401 | 403:
            return AccessDenied(incident)
        case 404:
            return NotFound(incident)
        case 429:
            return Throttled(incident)
        case int(status) if 400 <= status < 500 and status != 408:
            return BadRequest(incident)
        case _:
            return AmazonUnavailable(incident)
