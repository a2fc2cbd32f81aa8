"""A seller gives the operator's app its consent in Seller Central, and a store is connected by it.

    begin  → a one-time state, and the address in Seller Central that asks the seller
    finish → state taken → code exchanged → store connected, or authorised again

The state stands for the shop, the member of staff and the store that was begun. It is taken before
the code is looked at, so that whoever brings it back first is the only one.
Source: website authorization workflow, developer-docs.amazon.com/sp-api, read 2026-11-20.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode
from uuid import UUID

import structlog
from pydantic import BaseModel, ConfigDict, SecretStr

from saleor_amazon_app.amazon.auth import exchange_code
from saleor_amazon_app.amazon.errors import AccessDenied, ClientRefused, ConsentRevoked
from saleor_amazon_app.amazon.regions import endpoints
from saleor_amazon_app.core.choices import Choices, ImportInto
from saleor_amazon_app.core.errors import AppError, NeedsMerchant
from saleor_amazon_app.core.ids import ChannelSlug, MarketplaceId, SaleorApiUrl
from saleor_amazon_app.core.marketplaces import MARKETPLACES, Region
from saleor_amazon_app.flows.connecting import (
    connect,
    reauthorise,
    refuse_known,
    refuse_other_regions,
    refuse_unready,
)
from saleor_amazon_app.flows.connections import Connections, ConsentApp
from saleor_amazon_app.flows.shops import keep_token
from saleor_amazon_app.ledger import consents, installations, stores
from saleor_amazon_app.ledger.consents import PendingConsent
from saleor_amazon_app.ledger.installations import Installation, InstallationStatus
from saleor_amazon_app.ledger.stores import Authorisation, NewStore, Store

RETURN_PATH = "/amazon/consent"
_SELLER_ID = re.compile(r"[A-Z0-9]{5,30}")
_LONGEST = 2000

log = structlog.get_logger(__name__)


class Draft(BaseModel):
    """The store that is to be connected; with `store_id` one that is to be authorised again."""

    model_config = ConfigDict(frozen=True)

    name: str
    region: Region
    channels: dict[MarketplaceId, ChannelSlug]
    fba_warehouse: str | None = None
    store_id: UUID | None = None


class Outcome(StrEnum):
    """What became of a consent."""

    CONNECTED = "CONNECTED"
    REAUTHORISED = "REAUTHORISED"
    DENIED = "DENIED"
    UNKNOWN_STATE = "UNKNOWN_STATE"
    EXPIRED_STATE = "EXPIRED_STATE"
    REUSED_STATE = "REUSED_STATE"
    WRONG_REGION = "WRONG_REGION"
    OTHER_ACCOUNT = "OTHER_ACCOUNT"
    CONNECTED_HERE = "CONNECTED_HERE"
    CONNECTED_ELSEWHERE = "CONNECTED_ELSEWHERE"
    EXCHANGE_FAILED = "EXCHANGE_FAILED"
    NOT_POSSIBLE = "NOT_POSSIBLE"


_OUTCOMES = {
    "amazon-wrong-region": Outcome.WRONG_REGION,
    "amazon-other-account": Outcome.OTHER_ACCOUNT,
    "amazon-store-known": Outcome.CONNECTED_HERE,
    "amazon-store-perhaps-known": Outcome.CONNECTED_HERE,
    "amazon-connected-elsewhere": Outcome.CONNECTED_ELSEWHERE,
}


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the seller is asked, and the state under which the answer comes back."""

    url: str
    state: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What Seller Central sends back with the seller."""

    state: str
    code: SecretStr | None
    seller_id: str | None


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of it, in words for whoever came back.

    Attributes:
        shop: the domain of the shop; None where the state tells none.
    """

    outcome: Outcome
    words: str
    shop: str | None = None


async def begin(lines: Connections, shop: Installation, draft: Draft, *, by: str) -> Begun:
    """Begins a consent, after making sure that the store could be connected.

    Raises:
        NeedsMerchant: it could not, or the operator has no public app; nothing was written.
        HostUnavailable: the shop cannot be asked now; nothing was written.
    """
    app = _app(lines)
    if draft.store_id is None:
        await refuse_known(lines, shop, name=draft.name, region=draft.region)
        refuse_other_regions(draft.region, list(draft.channels))
        async with keep_token(lines, shop):
            await refuse_unready(lines, shop, _choices(draft), list(draft.channels))
    pending = PendingConsent(shop.id, by, draft.model_dump(mode="json"))
    async with lines.database.transaction() as session:
        state = await consents.begin(session, pending, now=lines.clock())
    asked = {
        "application_id": app.application_id,
        "state": state,
        "redirect_uri": _return_address(lines, shop),
    }
    return Begun(
        f"{_seller_central(lines, draft)}/apps/authorize/consent?{urlencode(asked)}", state
    )


def draft_of(store: Store) -> Draft:
    """A draft for authorising a store again."""
    return Draft(
        name=store.name,
        region=Region(store.region),
        channels={MarketplaceId(each): ChannelSlug("") for each in store.marketplaces},
        store_id=store.id,
    )


async def outcome_of(lines: Connections, shop: Installation, state: str) -> Outcome | None:
    """What became of a consent of the shop; None of one that is under way, or another shop's."""
    async with lines.database.transaction() as session:
        row = await consents.find(session, state[:_LONGEST])
    if row is None or row.installation_id != shop.id:
        return None
    if row.outcome is None:
        return Outcome.EXPIRED_STATE if row.expires_at <= lines.clock() else None
    return Outcome(row.outcome)


async def finish(lines: Connections, returned: Returned) -> Finished:
    """Takes a consent that came back and connects its store, or says in words why it does not."""
    async with lines.database.transaction() as session:
        pending = await consents.take(session, returned.state[:_LONGEST], now=lines.clock())
    if pending is None:
        return await _refused_state(lines, returned.state[:_LONGEST])
    async with lines.database.transaction() as session:
        shop = await installations.installation(session, pending.installation_id)
    finished = await _finish(lines, shop, pending, returned)
    async with lines.database.transaction() as session:
        await consents.record_outcome(session, returned.state, finished.outcome)
    log.info("consent_returned", shop=shop.saleor_api_url, outcome=finished.outcome)
    return finished


async def _refused_state(lines: Connections, state: str) -> Finished:
    async with lines.database.transaction() as session:
        known = await consents.find(session, state)
    if known is None:
        return Finished(
            Outcome.UNKNOWN_STATE,
            "This page was not opened by a consent that began here, or one long ago. Start again "
            "in the Saleor dashboard.",
        )
    if known.used_at is None:
        return Finished(
            Outcome.EXPIRED_STATE,
            "The consent took longer than 15 minutes, and nothing was connected. Start again in "
            "the Saleor dashboard.",
        )
    return Finished(
        Outcome.REUSED_STATE,
        "This consent came back once already, and counts only once. Look in the Saleor dashboard "
        "what became of it; start again there if the store is not connected.",
    )


async def _finish(
    lines: Connections, shop: Installation, pending: PendingConsent, returned: Returned
) -> Finished:
    if shop.status != InstallationStatus.ACTIVE:
        words = "The shop no longer has the app. Install it in the Saleor dashboard, then again."
        return Finished(Outcome.NOT_POSSIBLE, words, shop.domain)
    if returned.code is None:
        words = "Amazon gave no consent, and nothing was connected. Start again to change that."
        return Finished(Outcome.DENIED, words, shop.domain)
    try:
        return await _use(lines, shop, pending, returned.code, returned.seller_id or "")
    except AccessDenied:
        return Finished(
            Outcome.WRONG_REGION,
            "Amazon does not let the app see this account in the chosen region. Start again and "
            "choose the account's own region.",
            shop.domain,
        )
    except NeedsMerchant as needed:
        outcome = _OUTCOMES.get(needed.key, Outcome.NOT_POSSIBLE)
        return Finished(outcome, str(needed), shop.domain)
    except AppError as failed:
        return Finished(Outcome.NOT_POSSIBLE, f"{failed} Start again later.", shop.domain)


async def _use(
    lines: Connections,
    shop: Installation,
    pending: PendingConsent,
    code: SecretStr,
    seller_id: str,
) -> Finished:
    draft, app = Draft.model_validate(pending.draft), _app(lines)
    if not _SELLER_ID.fullmatch(seller_id):
        raise NeedsMerchant(
            "amazon-no-seller", "Amazon named no seller account. Start again in the dashboard."
        )
    await _refuse_elsewhere(lines, shop, draft, app, seller_id)
    refresh_token = await _exchange(lines, shop, draft, app, code)
    if refresh_token is None:
        return Finished(
            Outcome.EXCHANGE_FAILED,
            "Amazon did not hand out the store's authorisation: the consent was too old, was used "
            "before, or Amazon did not answer. Nothing was connected; start again.",
            shop.domain,
        )
    authorisation = Authorisation(app.client.id, app.client.secret, refresh_token)
    if draft.store_id is not None:
        await _reauthorise(lines, shop, draft.store_id, authorisation, seller_id, by=pending.by)
        words = f"The store {draft.name} is authorised again and is read at once."
        return Finished(Outcome.REAUTHORISED, words, shop.domain)
    store = NewStore(draft.name, draft.region, tuple(draft.channels), authorisation, seller_id)
    api_url = SaleorApiUrl(shop.saleor_api_url)
    await connect(lines, api_url, store, _choices(draft), by=pending.by)
    words = f"The store {draft.name} is connected. Its orders from now on are imported."
    return Finished(Outcome.CONNECTED, words, shop.domain)


async def _refuse_elsewhere(
    lines: Connections, shop: Installation, draft: Draft, app: ConsentApp, seller_id: str
) -> None:
    async with lines.database.transaction() as session:
        is_elsewhere = await stores.is_elsewhere(
            session,
            shop.id,
            region=draft.region,
            seller_id=seller_id,
            lwa_client_id=app.client.id,
        )
    if is_elsewhere:
        raise NeedsMerchant(
            "amazon-connected-elsewhere",
            "This Amazon account is connected to another Saleor shop already, and one order must "
            "not be imported twice. Delete the store there first, then start again.",
        )


async def _exchange(
    lines: Connections, shop: Installation, draft: Draft, app: ConsentApp, code: SecretStr
) -> SecretStr | None:
    """The seller's refresh token; None where Amazon does not hand it out."""
    at = endpoints(draft.region, spapi_url=lines.spapi_url, lwa_url=lines.lwa_url)
    try:
        consent = await exchange_code(
            lines.http,
            lwa_url=at.lwa_url,
            client=app.client,
            code=code,
            redirect_uri=_return_address(lines, shop),
            clock=lines.clock,
        )
    except (ConsentRevoked, ClientRefused) as refused:
        log.warning("consent_not_exchanged", key=refused.key, incident=str(refused.incident))
        return None
    except AppError as failed:
        log.warning("consent_not_exchanged", why=str(failed))
        return None
    return consent.refresh_token


async def _reauthorise(
    lines: Connections,
    shop: Installation,
    store_id: UUID,
    authorisation: Authorisation,
    seller_id: str,
    *,
    by: str,
) -> None:
    async with lines.database.transaction() as session:
        store = await stores.store_in(session, shop.id, store_id)
    if store is None:
        raise NeedsMerchant("store-disconnected", "The store was deleted meanwhile.")
    await refuse_known(
        lines, shop, name="", region=Region(store.region), seller_id=seller_id, besides=store.id
    )
    await reauthorise(lines, store, authorisation, seller_id=seller_id, by=by)


def _app(lines: Connections) -> ConsentApp:
    if lines.consent_app is None:
        raise NeedsMerchant(
            "consent-not-available",
            "The operator of this app has no public app at Amazon.",
            what_to_do="Connect with the credentials of a private app of your own.",
        )
    return lines.consent_app


def _choices(draft: Draft) -> Choices:
    into = {id: ImportInto(channel=channel) for id, channel in draft.channels.items()}
    return Choices(import_into=into, fba_warehouse=draft.fba_warehouse)


def _return_address(lines: Connections, shop: Installation) -> str:
    return f"{lines.app_url or shop.app_url or ''}{RETURN_PATH}"


def _seller_central(lines: Connections, draft: Draft) -> str:
    """Seller Central of the first marketplace, else of the region's largest."""
    if lines.seller_central_url:
        return lines.seller_central_url
    known = [MARKETPLACES[each] for each in draft.channels if each in MARKETPLACES]
    known += [each for each in MARKETPLACES.values() if each.region is draft.region]
    return f"https://{known[0].seller_central}"
