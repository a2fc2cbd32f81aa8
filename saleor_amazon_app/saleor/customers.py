"""Host customers of Amazon's buyers: found by e-mail address, created when missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.refusals import Refused, carried_out

# The metadata key of a customer whom this app made, and may therefore delete.
TAG = "amazonCustomer"


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
    answers = await client.find_each("CustomerByEmail", [{"email": email} for email in emails])
    return {email: answer["id"] for email, answer in zip(emails, answers, strict=True) if answer}


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
    payloads = [carried_out(outcome) for outcome in outcomes]
    return [one if isinstance(one, Refused) else str(one["user"]["id"]) for one in payloads]
