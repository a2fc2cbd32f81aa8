"""A seller account is connected to a shop, once both sides have shown that it can work."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saleor_amazon_app.amazon.auth import AccessToken, LwaClient, fetch_access_token
from saleor_amazon_app.amazon.client import AmazonClient
from saleor_amazon_app.amazon.regions import endpoints
from saleor_amazon_app.amazon.sellers import Participation, marketplace_participations
from saleor_amazon_app.amazon.throttle import Unthrottled
from saleor_amazon_app.core.choices import Choices
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import MarketplaceId, SaleorApiUrl, StoreId
from saleor_amazon_app.core.marketplaces import MARKETPLACES, Region
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.host_view import HostView
from saleor_amazon_app.flows.problems import have_reported
from saleor_amazon_app.flows.setup import connect_store
from saleor_amazon_app.ledger import access_tokens, installations, stores
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.stores import Authorisation, NewStore, Store
from saleor_amazon_app.mapping import setup
from saleor_amazon_app.mapping.setup import Finding, Weight
from saleor_amazon_app.saleor import tokens
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.documents import locate


@dataclass(frozen=True, slots=True)
class Connected:
    """A store that was connected, and what its shop still needs."""

    store_id: StoreId
    findings: tuple[Finding, ...]


async def connect(
    lines: Connections, api_url: SaleorApiUrl, store: NewStore, choices: Choices
) -> Connected:
    """Connects a seller after asking Amazon and the shop.

    Raises:
        NeedsMerchant: the shop has not installed the app, the seller does not sell in a
            marketplace, or the shop lacks what no order can be imported without; nothing was
            written.
        AmazonError, HostUnavailable: one of the two could not be asked; nothing was written.
    """
    shop = await installed_shop(lines, api_url)
    await _refuse_known(lines, shop, store)
    _refuse_other_regions(store.region, store.marketplaces)
    sells_in = await prove_consent(lines, store.region, store.authorisation)
    _refuse_foreign_marketplaces(store.marketplaces, sells_in)
    findings = await look_at_shop(lines.host(shop), choices, store.marketplaces)
    faults = [finding.message for finding in findings if finding.weight is Weight.FAULT]
    if faults:
        raise NeedsMerchant("saleor-set-up", "\n".join(faults))
    store_id = await connect_store(lines, api_url, store, choices)
    return Connected(store_id, tuple(findings))


async def reauthorise(lines: Connections, store: Store, authorisation: Authorisation) -> None:
    """Replaces a seller's consent after showing that it is good; the store is active and read.

    Raises:
        NeedsMerchant: the seller it belongs to does not sell where the store does; nothing was
            written.
        AmazonError: Amazon does not accept it, or cannot say now; nothing was written.
    """
    sells_in = await prove_consent(lines, Region(store.region), authorisation)
    _refuse_foreign_marketplaces([MarketplaceId(each) for each in store.marketplaces], sells_in)
    store_id = StoreId(store.id)
    async with lines.database.transaction() as session:
        await stores.reauthorise_store(session, lines.cipher, store_id, authorisation)
        await access_tokens.drop(session, store_id)
        await stores.read_anew(session, store_id, now=lines.clock())
        await have_reported(session, store.installation_id)


async def installed_shop(lines: Connections, api_url: SaleorApiUrl) -> Installation:
    """The installation in a shop.

    Raises:
        NeedsMerchant: there is none; the message names the shops that have the app.
    """
    async with lines.database.transaction() as session:
        shop = await installations.installation_at(session, api_url)
        others = await installations.active_installations(session)
    if shop is None:
        known = ", ".join(other.saleor_api_url for other in others) or "none yet"
        raise NeedsMerchant(
            "saleor-not-installed",
            f"The shop {api_url} has not installed this app (shops that have: {known}). Install it "
            "in the Saleor dashboard by the address of its manifest.",
        )
    return shop


async def _refuse_known(lines: Connections, shop: Installation, store: NewStore) -> None:
    async with lines.database.transaction() as session:
        known = await stores.stores_of(session, shop.id)
    for other in known:
        same_seller = store.seller_id and other.seller_id == store.seller_id
        if other.name == store.name or (same_seller and other.region == store.region):
            raise NeedsMerchant(
                "amazon-store-known",
                f"The shop already has the store {other.name!r} "
                f"({other.region}). Choose another name, replace its authorisation by "
                "`saleor-amazon reauthorise`, or disconnect it first.",
            )


async def prove_consent(
    lines: Connections, region: Region, authorisation: Authorisation
) -> Sequence[Participation]:
    """Shows that a seller's consent is good by listing where the seller sells.

    Raises:
        AmazonError: it is not, or Amazon cannot say now.
    """
    at = endpoints(region, spapi_url=lines.spapi_url, lwa_url=lines.lwa_url)
    token = await fetch_access_token(
        lines.http,
        lwa_url=at.lwa_url,
        client=LwaClient(authorisation.lwa_client_id, authorisation.lwa_client_secret),
        refresh_token=authorisation.refresh_token,
        clock=lines.clock,
    )
    client = AmazonClient(
        lines.http, spapi_url=at.spapi_url, access_token=_Only(token), throttle=Unthrottled()
    )
    return await marketplace_participations(client)


@dataclass(frozen=True, slots=True)
class _Only:
    """Keeps one token for one call; there is no store yet that could keep it."""

    token: AccessToken

    async def __call__(self, *, refused: AccessToken | None) -> AccessToken:
        return self.token


def _refuse_other_regions(region: Region, wanted: Sequence[MarketplaceId]) -> None:
    """Amazon answers a consent in the wrong region only with a denial that names no cause."""
    for marketplace in filter(None, map(MARKETPLACES.get, wanted)):
        if marketplace.region is not region:
            raise NeedsMerchant(
                "amazon-region",
                f"The marketplace {marketplace.country} {marketplace.id} belongs to the region "
                f"{marketplace.region}, not to {region}. Connect each region as a store of its "
                "own.",
            )


def _refuse_foreign_marketplaces(
    wanted: Sequence[MarketplaceId], sells_in: Sequence[Participation]
) -> None:
    possible = {each.marketplace for each in sells_in if each.participates}
    foreign = [each for each in wanted if each not in possible]
    if not foreign:
        return
    known = ", ".join(
        f"{MARKETPLACES[each].country} {each}" for each in sorted(possible) if each in MARKETPLACES
    )
    raise NeedsMerchant(
        "amazon-marketplace",
        f"The seller does not sell in {', '.join(foreign)}. Marketplaces of this account: "
        f"{known or 'none'}. Check the ids and the region.",
    )


async def look_at_shop(
    client: SaleorClient, choices: Choices, marketplaces: Sequence[MarketplaceId]
) -> list[Finding]:
    """What the shop still needs for these marketplaces.

    Raises:
        HostUnavailable, TokenRefused: as named.
    """
    manifest: Mapping[str, Sequence[str]] = json.loads(locate("manifest.json").read_text())
    owner = await tokens.whose_token(client)
    findings = setup.missing_permissions(manifest["permissions"], owner.permissions)
    if findings:
        return findings
    host = await HostView(client, choices).read([])
    return findings + setup.look_at(choices, marketplaces, host)
