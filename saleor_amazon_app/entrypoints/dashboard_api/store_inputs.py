"""What staff enter to connect a store, read into what the app works with."""

import re

import strawberry
from pydantic import SecretStr

from saleor_amazon_app.core.choices import Choices, ImportInto
from saleor_amazon_app.core.errors import InputRefused, Wrong
from saleor_amazon_app.core.ids import ChannelSlug, MarketplaceId
from saleor_amazon_app.core.marketplaces import MARKETPLACES
from saleor_amazon_app.core.marketplaces import Region as CoreRegion
from saleor_amazon_app.entrypoints.dashboard_api.words import Region
from saleor_amazon_app.flows.consenting import Draft
from saleor_amazon_app.ledger.stores import Authorisation, NewStore

_LONGEST_NAME = 100
_SECRET = re.compile(r"[!-~]{1,4000}")
_SELLER_ID = re.compile(r"[A-Z0-9]{5,30}")
_CODE = "store-input"


@strawberry.input
class MarketplaceChannelInput:
    """Into which channel the orders of a marketplace go."""

    marketplace_id: str
    channel_slug: str


@strawberry.input
class ConnectStoreInput:
    """A seller and the credentials of the seller's private app."""

    name: str
    region: Region
    client_id: str
    client_secret: str
    refresh_token: str
    marketplaces: list[MarketplaceChannelInput]
    seller_id: str | None = None
    fba_warehouse_slug: str | None = None


@strawberry.input
class StartConsentInput:
    """A store that is to be connected by consent; with `storeId` one that is there already."""

    name: str
    region: Region
    marketplaces: list[MarketplaceChannelInput]
    fba_warehouse_slug: str | None = None
    store_id: strawberry.ID | None = None


@strawberry.input
class ReauthoriseInput:
    """New credentials of a store; what is left out stays as it is."""

    refresh_token: str
    client_id: str | None = None
    client_secret: str | None = None


def new_store(given: ConnectStoreInput) -> tuple[NewStore, Choices]:
    """The store and its first settings.

    Raises:
        InputRefused: something of it cannot be meant.
    """
    wrong = _wrong_names(given.name, given.marketplaces)
    wrong += _wrong_secrets(
        clientId=given.client_id,
        clientSecret=given.client_secret,
        refreshToken=given.refresh_token,
    )
    seller_id = (given.seller_id or "").strip() or None
    if seller_id and not _SELLER_ID.fullmatch(seller_id):
        wrong.append(Wrong("sellerId", "A merchant token has capital letters and digits only."))
    if wrong:
        raise InputRefused(_CODE, wrong)
    channels = _channels(given.marketplaces)
    authorisation = Authorisation(
        lwa_client_id=given.client_id.strip(),
        lwa_client_secret=SecretStr(given.client_secret.strip()),
        refresh_token=SecretStr(given.refresh_token.strip()),
    )
    region = CoreRegion(given.region.value)
    store = NewStore(given.name.strip(), region, tuple(channels), authorisation, seller_id)
    into = {id: ImportInto(channel=channel) for id, channel in channels.items()}
    return store, Choices(import_into=into, fba_warehouse=given.fba_warehouse_slug or None)


def consent_draft(given: StartConsentInput) -> Draft:
    """The store that a consent is to connect.

    Raises:
        InputRefused: something of it cannot be meant.
    """
    if wrong := _wrong_names(given.name, given.marketplaces):
        raise InputRefused(_CODE, wrong)
    return Draft(
        name=given.name.strip(),
        region=CoreRegion(given.region.value),
        channels=_channels(given.marketplaces),
        fba_warehouse=given.fba_warehouse_slug or None,
    )


def authorisation_of(given: ReauthoriseInput, before: Authorisation) -> Authorisation:
    """The credentials from now on.

    Raises:
        InputRefused: something of them cannot be meant.
    """
    client_id = given.client_id or before.lwa_client_id
    secret = given.client_secret or before.lwa_client_secret.get_secret_value()
    wrong = _wrong_secrets(
        clientId=client_id, clientSecret=secret, refreshToken=given.refresh_token
    )
    if wrong:
        raise InputRefused(_CODE, wrong)
    return Authorisation(
        client_id.strip(), SecretStr(secret.strip()), SecretStr(given.refresh_token.strip())
    )


def _channels(given: list[MarketplaceChannelInput]) -> dict[MarketplaceId, ChannelSlug]:
    return {MarketplaceId(one.marketplace_id): ChannelSlug(one.channel_slug) for one in given}


def _wrong_names(name: str, marketplaces: list[MarketplaceChannelInput]) -> list[Wrong]:
    wrong = []
    if not 0 < len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
        wrong.append(Wrong("name", f"Give the store a name of up to {_LONGEST_NAME} characters."))
    if not marketplaces:
        wrong.append(Wrong("marketplaces", "Choose at least one marketplace."))
    wrong += [
        Wrong("marketplaces", f"Amazon has no marketplace {one.marketplace_id[:30]!r}.")
        for one in marketplaces
        if one.marketplace_id not in MARKETPLACES
    ]
    return wrong


def _wrong_secrets(**given: str) -> list[Wrong]:
    return [
        Wrong(field, "Copy it whole from Amazon: it is missing, or has characters that it cannot.")
        for field, text in given.items()
        if not _SECRET.fullmatch(text.strip())
    ]
