"""A seller account is connected to a shop, once both sides have shown that it can work."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

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
from saleor_amazon_app.ledger import access_tokens, installations, journal, stores
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.journal import Deed
from saleor_amazon_app.ledger.stores import Authorisation, NewStore, Store
from saleor_amazon_app.mapping import setup
from saleor_amazon_app.mapping.setup import Finding, Weight
from saleor_amazon_app.saleor import tokens
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.documents import locate

# Whoever works on the machine itself has no name that we know.
COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True)
class Connected:
    """A store that was connected, and what its shop still needs."""

    store_id: StoreId
    findings: tuple[Finding, ...]


async def connect(
    lines: Connections,
    api_url: SaleorApiUrl,
    store: NewStore,
    choices: Choices,
    *,
    by: str = COMMAND_LINE,
) -> Connected:
    """Connects a seller after asking Amazon and the shop; who did it stands in the journal.

    Raises:
        NeedsMerchant: the shop has not installed the app, the seller does not sell in a
            marketplace, or the shop lacks what no order can be imported without; nothing was
            written.
        AmazonError, HostUnavailable: one of the two could not be asked; nothing was written.
    """
    shop = await installed_shop(lines, api_url)
    await refuse_known(lines, shop, name=store.name, region=store.region, seller_id=store.seller_id)
    await _refuse_perhaps_known(lines, shop, store)
    refuse_other_regions(store.region, store.marketplaces)
    sells_in = await prove_consent(lines, store.region, store.authorisation)
    _refuse_foreign_marketplaces(store.region, store.marketplaces, sells_in)
    findings = await refuse_unready(lines, shop, choices, store.marketplaces)
    store_id = await connect_store(lines, api_url, store, choices)
    summary = f"{by} connected the store."
    deed = Deed(store_id, store.name, lines.clock(), by, "store_connected", summary)
    async with lines.database.transaction() as session:
        await journal.record(session, shop.id, deed)
    return Connected(store_id, tuple(findings))


async def refuse_unready(
    lines: Connections,
    shop: Installation,
    choices: Choices,
    marketplaces: Sequence[MarketplaceId],
) -> list[Finding]:
    """What else the shop could do with, where nothing is missing that every order needs.

    Raises:
        NeedsMerchant: something is.
        HostUnavailable, TokenRefused: as named.
    """
    findings = await look_at_shop(lines.host(shop), choices, marketplaces)
    faults = [finding.message for finding in findings if finding.weight is Weight.FAULT]
    if faults:
        raise NeedsMerchant("saleor-set-up", "\n".join(faults), field="marketplaces")
    return findings


async def reauthorise(
    lines: Connections,
    store: Store,
    authorisation: Authorisation,
    *,
    seller_id: str | None = None,
    by: str = COMMAND_LINE,
) -> None:
    """Replaces a seller's consent after showing that it is good; the store is active and read.

    Args:
        lines: the open lines.
        store: whose consent it is.
        authorisation: the new one.
        seller_id: whom it belongs to, where Amazon told.
        by: who did it.

    Raises:
        NeedsMerchant: the seller it belongs to does not sell where the store does; nothing was
            written.
        AmazonError: Amazon does not accept it, or cannot say now; nothing was written.
    """
    _refuse_other_account(store, seller_id)
    region = Region(store.region)
    sells_in = await prove_consent(lines, region, authorisation)
    wanted = [MarketplaceId(each) for each in store.marketplaces]
    _refuse_foreign_marketplaces(region, wanted, sells_in)
    store_id, now = StoreId(store.id), lines.clock()
    async with lines.database.transaction() as session:
        await stores.reauthorise_store(
            session, lines.cipher, store_id, authorisation, seller_id=seller_id
        )
        await access_tokens.drop(session, store_id)
        await stores.read_anew(session, store_id, now=now)
        summary = f"{by} authorised the store again."
        deed = Deed(store_id, store.name, now, by, "store_reauthorised", summary)
        await journal.record(session, store.installation_id, deed)
        await have_reported(session, store.installation_id)


def _refuse_other_account(store: Store, seller_id: str | None) -> None:
    if seller_id and store.seller_id not in (None, seller_id):
        raise NeedsMerchant(
            "amazon-other-account",
            f"This consent was given for another Amazon account than that of {store.name!r}.",
            what_to_do="Sign in at Seller Central with the account of the store, and authorise "
            "again; or connect the other account as a store of its own.",
        )


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


async def refuse_known(
    lines: Connections,
    shop: Installation,
    *,
    name: str,
    region: Region,
    seller_id: str | None = None,
    besides: UUID | None = None,
) -> None:
    """Refuses a store that the shop has already, besides one.

    Raises:
        NeedsMerchant: it has one of that name, or that seller in that region.
    """
    async with lines.database.transaction() as session:
        known = await stores.stores_of(session, shop.id)
    for other in known:
        if other.id == besides:
            continue
        same_seller = seller_id and other.seller_id == seller_id
        if other.name == name or (same_seller and other.region == region):
            raise NeedsMerchant(
                "amazon-store-known",
                f"The shop already has the store {other.name!r} "
                f"({other.region}). Choose another name, authorise that store again, or delete it "
                "first.",
                field="name" if other.name == name else "sellerId",
            )


async def _refuse_perhaps_known(lines: Connections, shop: Installation, store: NewStore) -> None:
    """Refuses an account of which nobody can tell that it is not connected already.

    One account in two stores would have each refund sent twice.
    """
    async with lines.database.transaction() as session:
        known = await stores.stores_of(session, shop.id)
    for other in known:
        is_told = store.seller_id and other.seller_id
        if (
            other.region == store.region
            and not is_told
            and set(store.marketplaces) & set(other.marketplaces)
        ):
            missing = (
                f"authorise {other.name!r} again with its own"
                if store.seller_id
                else "give that of the new account"
            )
            raise NeedsMerchant(
                "amazon-store-perhaps-known",
                f"The store {other.name!r} sells in the same marketplaces, and without the "
                "merchant tokens of both nobody can tell whether they are one account, whose "
                f"refunds would be sent twice: {missing}. It stands in Seller Central under "
                "Account Info.",
                field="sellerId",
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


def refuse_other_regions(region: Region, wanted: Sequence[MarketplaceId]) -> None:
    """Amazon answers a consent in the wrong region only with a denial that names no cause.

    Raises:
        NeedsMerchant: a marketplace is of another region.
    """
    for marketplace in filter(None, map(MARKETPLACES.get, wanted)):
        if marketplace.region is not region:
            raise NeedsMerchant(
                "amazon-region",
                f"The marketplace {marketplace.country} {marketplace.id} belongs to the region "
                f"{marketplace.region}, not to {region}. Connect each region as a store of its "
                "own.",
                field="marketplaces",
            )


def _refuse_foreign_marketplaces(
    region: Region, wanted: Sequence[MarketplaceId], sells_in: Sequence[Participation]
) -> None:
    possible = {each.marketplace for each in sells_in if each.participates}
    foreign = [each for each in wanted if each not in possible]
    if not foreign:
        return
    regions = {MARKETPLACES[each].region for each in possible if each in MARKETPLACES}
    if regions and region not in regions:
        raise NeedsMerchant(
            "amazon-wrong-region",
            f"The seller account sells in {', '.join(sorted(regions))}, not in {region}.",
            what_to_do="Choose the account's own region, and authorise there.",
            field="region",
        )
    known = ", ".join(
        f"{MARKETPLACES[each].country} {each}" for each in sorted(possible) if each in MARKETPLACES
    )
    raise NeedsMerchant(
        "amazon-marketplace",
        f"The seller does not sell in {', '.join(foreign)}. Marketplaces of this account: "
        f"{known or 'none'}. Check the ids and the region.",
        field="marketplaces",
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
