"""Tells where a seller sells: asked when a store is connected and when a merchant checks it.

Source: Sellers API v1, getMarketplaceParticipations, read 2026-11-20.
"""

from pydantic import AliasPath, BaseModel, ConfigDict, Field

from saleor_amazon_app.amazon.client import AmazonClient
from saleor_amazon_app.amazon.throttle import Operation
from saleor_amazon_app.core.ids import MarketplaceId


class Participation(BaseModel):
    """A seller in one marketplace; some of these marketplaces are not Amazon's shops.

    Attributes:
        store_name: as buyers see it there.
        participates: the seller may sell there.
        suspended: the seller's listings there are switched off.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    marketplace: MarketplaceId = Field(validation_alias=AliasPath("marketplace", "id"))
    country: str = Field(validation_alias=AliasPath("marketplace", "countryCode"))
    currency: str = Field(validation_alias=AliasPath("marketplace", "defaultCurrencyCode"))
    store_name: str = Field(validation_alias="storeName")
    participates: bool = Field(validation_alias=AliasPath("participation", "isParticipating"))
    suspended: bool = Field(validation_alias=AliasPath("participation", "hasSuspendedListings"))


class _ParticipationsAnswer(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    payload: tuple[Participation, ...]


async def marketplace_participations(client: AmazonClient) -> tuple[Participation, ...]:
    """Lists the marketplaces of the seller's region, joined or not.

    Raises:
        AmazonError: as drawn in `errors.py`.
    """
    answer = await client.get(
        Operation.GET_MARKETPLACE_PARTICIPATIONS,
        "/sellers/v1/marketplaceParticipations",
        read=_ParticipationsAnswer.model_validate,
    )
    return answer.payload
