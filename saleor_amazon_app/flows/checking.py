"""Looks over everything the app depends on and says in words what is wrong."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from saleor_amazon_app.amazon import finances
from saleor_amazon_app.amazon.errors import AccessDenied
from saleor_amazon_app.core.errors import AppError
from saleor_amazon_app.core.ids import MarketplaceId, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.flows.connecting import look_at_shop, prove_consent
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import choices, installations, stores
from saleor_amazon_app.ledger.installations import Installation, InstallationStatus
from saleor_amazon_app.ledger.session import database_time
from saleor_amazon_app.ledger.stores import Store, StoreStatus
from saleor_amazon_app.mapping.setup import Finding, Weight
from saleor_amazon_app.saleor import tokens, webhooks

# Tokens and signatures bear less; Amazon's own limit on a request's time is five minutes.
_CLOCKS_MAY_DIFFER = timedelta(seconds=30)
_SYNCS_MISSED = 3
_BOOKS_OF = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at; without findings it is well."""

    subject: str
    findings: tuple[Finding, ...]


async def check_all(lines: Connections) -> AsyncIterator[Checked]:
    """Looks at configuration, database, clock, every shop and store, one after the other."""
    yield _check_configuration(lines)
    yield await _check_clock(lines)
    async with lines.database.transaction() as session:
        shops = await installations.all_installations(session)
        belonging = {shop.id: await stores.stores_of(session, shop.id) for shop in shops}
    if not shops:
        yield Checked("shops", (_warning("No shop has installed the app yet."),))
    for shop in shops:
        yield Checked(f"shop {shop.saleor_api_url}", tuple(await _findings(lines, shop)))
        if not belonging[shop.id]:
            told = _warning("No seller account is connected to this shop yet.")
            yield Checked(f"stores of {shop.domain}", (told,))
        for store in belonging[shop.id]:
            findings = await _check_store(lines, shop, store)
            yield Checked(f"store {store.name}", tuple(dict.fromkeys(findings)))


def _fault(message: str) -> Finding:
    return Finding(Weight.FAULT, message)


def _warning(message: str) -> Finding:
    return Finding(Weight.WARNING, message)


def _check_configuration(lines: Connections) -> Checked:
    findings = [
        _warning(f"{name} replaces Amazon's own address by {url}; that is for trials only.")
        for name, url in (
            ("SALEOR_AMAZON_SPAPI_URL", lines.spapi_url),
            ("SALEOR_AMAZON_LWA_URL", lines.lwa_url),
        )
        if url
    ]
    if lines.app_url is None:
        message = (
            "SALEOR_AMAZON_APP_URL is not set; a shop reaches the app where it was installed from."
        )
        findings.append(Finding(Weight.NOTE, message))
    return Checked("configuration", tuple(findings))


async def _check_clock(lines: Connections) -> Checked:
    async with lines.database.transaction() as session:
        there = await database_time(session)
    apart = abs(lines.clock() - there)
    if apart <= _CLOCKS_MAY_DIFFER:
        return Checked("database and clock", ())
    message = (
        f"The clocks of this machine and of the database are {apart.total_seconds():.0f} s apart. "
        "Set both by a time server."
    )
    return Checked("database and clock", (_fault(message),))


async def _findings(lines: Connections, shop: Installation) -> list[Finding]:
    if shop.status == InstallationStatus.REMOVED:
        until = f" before {shop.grace_until:%Y-%m-%d %H:%M} UTC" if shop.grace_until else ""
        message = f"The app was removed from this shop; install it again{until} to go on."
        return [_warning(f"{message} Then all that is kept of it is deleted.")]
    try:
        owner = await tokens.whose_token(lines.host(shop))
    except AppError as error:
        return [_fault(str(error))]
    if owner.schema_version < webhooks.OLDEST_HOST:
        return [_fault(f"Saleor {owner.version} is too old; the app needs 3.21 or newer.")]
    if shop.status != InstallationStatus.ACTIVE:
        return [_fault("The shop accepts the app again; its work goes on within the hour.")]
    return []


async def _check_store(lines: Connections, shop: Installation, store: Store) -> list[Finding]:
    if store.status == StoreStatus.INACTIVE:
        return [Finding(Weight.NOTE, "The store is switched off.")]
    async with lines.database.transaction() as session:
        settings = await choices.choices_of(session, StoreId(store.id))
    findings = await _check_consent(lines, store)
    seen = store.last_synced_at or store.connected_at
    if lines.clock() - seen > timedelta(minutes=settings.sync_every_minutes) * _SYNCS_MISSED:
        findings.append(
            _warning(f"The store was last synced {seen:%Y-%m-%d %H:%M} UTC. Does a worker run?")
        )
    findings += await _check_books(lines, store)
    if shop.status != InstallationStatus.ACTIVE:
        return findings
    try:
        marketplaces = [MarketplaceId(each) for each in store.marketplaces]
        findings += await look_at_shop(lines.host(shop), settings, marketplaces)
    except AppError as error:
        findings.append(_fault(str(error)))
    return findings


async def _check_consent(lines: Connections, store: Store) -> list[Finding]:
    """Whether Amazon accepts the store's consent now, whatever it said before."""
    try:
        await prove_consent(lines, Region(store.region), store.authorisation(lines.cipher))
    except AppError as error:
        return [_fault(str(error))]
    if store.status == StoreStatus.REAUTHORISE:
        message = (
            f"The store was stopped ({store.status_reason}), but Amazon accepts its authorisation "
            "now. Activate it."
        )
        return [_fault(message)]
    return []


async def _check_books(lines: Connections, store: Store) -> list[Finding]:
    """What the way back to Amazon lacks; importing needs none of it."""
    findings = []
    if store.seller_id is None:
        findings.append(
            _warning(
                "The seller's merchant token is not known yet, so that Amazon is not told of "
                "cancellations and refunds. It is learned from Amazon's books when money moves; "
                "it stands in Seller Central under Account Info."
            )
        )
    if store.status != StoreStatus.ACTIVE:
        return findings
    try:
        await finances.seller_id(lines.amazon(store), lines.clock() - _BOOKS_OF)
    except AccessDenied:
        findings.append(
            _warning(
                "Amazon does not let the app read finances: refunds made in Seller Central do not "
                "reach Saleor. Give the app the role Finance and Accounting."
            )
        )
    except AppError as error:
        findings.append(_fault(str(error)))
    return findings
