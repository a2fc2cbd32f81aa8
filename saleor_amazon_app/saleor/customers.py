"""Host customers of Amazon's buyers: found by e-mail address, created when missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from saleor_amazon_app.saleor.client import ALIASES_PER_REQUEST, SaleorClient
from saleor_amazon_app.saleor.errors import RequestRefused
from saleor_amazon_app.saleor.refusals import Refused, refusal


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A customer to create.

    Attributes:
        email: unique in the shop.
        metadata: tags it as one of ours, so that it can be erased with its buyer's data.
    """

    email: str
    metadata: Mapping[str, str] = field(default_factory=dict)


async def find(client: SaleorClient, emails: Sequence[str]) -> dict[str, str]:
    """Finds customers, in requests of 100; an address that is missing has none.

    Raises:
        RequestRefused: the host crashed on one of them.
    """
    found: dict[str, str] = {}
    for start in range(0, len(emails), ALIASES_PER_REQUEST):
        some = emails[start : start + ALIASES_PER_REQUEST]
        answers = await client.execute_batch("CustomerByEmail", [{"email": e} for e in some])
        for email, answer in zip(some, answers, strict=True):
            if isinstance(answer, RequestRefused):
                raise answer
            if answer:
                found[email] = answer["id"]
    return found


async def create(client: SaleorClient, customers: Sequence[NewCustomer]) -> list[str | Refused]:
    """Creates up to four customers in one request and returns their ids.

    No address to set a password at is given, so that the host invites nobody by mail.
    """
    inputs = [
        {
            "input": {
                "email": one.email,
                "metadata": [{"key": k, "value": v} for k, v in one.metadata.items()],
            }
        }
        for one in customers
    ]
    outcomes = await client.execute_batch("CreateCustomer", inputs)
    return [refusal(outcome) or str(outcome["user"]["id"]) for outcome in outcomes]
