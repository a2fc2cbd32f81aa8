"""What staff must know stands in the shop's own list of app problems for as long as it is true."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import structlog

from saleor_amazon_app.core.ids import AmazonOrderId, StoreId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.flows.shops import keep_token
from saleor_amazon_app.jobs.kinds import ReportProblems
from saleor_amazon_app.jobs.queue import enqueue
from saleor_amazon_app.ledger import installations, outbox, problems, stores
from saleor_amazon_app.ledger.installations import Installation, InstallationStatus
from saleor_amazon_app.ledger.session import Session
from saleor_amazon_app.ledger.stores import StoreStatus
from saleor_amazon_app.saleor import app_problems
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.errors import FieldUnknown

_HELD = "orders-held"
_NAMED_AT_MOST = 10

log = structlog.get_logger(__name__)


async def have_reported(session: Session, installation_id: UUID) -> None:
    """Has the shop's problems compared with what stands in its dashboard."""
    await enqueue(
        session,
        ReportProblems(installation_id),
        queueing_lock=f"problems:{installation_id}",
    )


async def report(lines: Connections, job: ReportProblems) -> None:
    """Reports problems that are new or say something new, and takes those off that are gone.

    The host counts each report, so an unchanged problem is not reported again. A host without app
    problems is left in peace, until it knows them.

    Raises:
        HostUnavailable: the job runs again.
        NeedsMerchant: the shop refuses the app.
    """
    async with lines.database.transaction() as session:
        shop = await installations.installation(session, job.installation_id)
        wanted = await _wanted(session, shop)
        standing = await problems.reported(session, shop)
    if shop.status != InstallationStatus.ACTIVE or wanted == standing:
        return
    changed = {key: text for key, text in wanted.items() if standing.get(key) != text}
    gone = sorted(standing.keys() - wanted.keys())
    try:
        async with keep_token(lines, shop):
            await _tell(lines.host(shop), changed, gone)
    except FieldUnknown:
        log.debug("app_problems_unknown_to_host")
        return
    async with lines.database.transaction() as session:
        await problems.record_reported(session, shop, changed, now=lines.clock())
        await problems.record_dismissed(session, shop.id, gone)


async def _tell(client: SaleorClient, changed: Mapping[str, str], gone: Sequence[str]) -> None:
    for key, message in changed.items():
        if refused := await app_problems.report(client, key, message):
            log.error("problem_not_reported", key=key, codes=[one.code for one in refused])
    if gone:
        await app_problems.dismiss(client, gone)


async def _wanted(session: Session, shop: Installation) -> dict[str, str]:
    """The problems there are now, by key."""
    wanted = {}
    names = await problems.stores_with_held_orders(session, shop.id)
    if names:
        wanted[_HELD] = held_in_words(names)
    for store in await stores.stores_of(session, shop.id):
        if store.status == StoreStatus.REAUTHORISE:
            reason = store.status_reason or "Amazon no longer accepts its authorisation."
            wanted[f"store-stopped:{store.id}"] = f"{store.name}: {reason}"
        if troubled := await outbox.in_trouble(session, StoreId(store.id)):
            wanted[f"outbox:{store.id}"] = _in_words(store.name, troubled)
    return wanted


def held_in_words(names: Sequence[str]) -> str:
    """What staff read while orders of these stores are held, here and in the shop's problems."""
    return (
        "Your Amazon store(s) has orders that cannot be imported into Saleor. See Recent "
        f"Orders in the store dashboard(s): {', '.join(names)}"
    )


def _in_words(store: str, troubled: Sequence[AmazonOrderId]) -> str:
    named = ", ".join(troubled[:_NAMED_AT_MOST])
    more = f" and {len(troubled) - _NAMED_AT_MOST} more" if len(troubled) > _NAMED_AT_MOST else ""
    return (
        f"{store}: what was told to Amazon of these orders was refused, or may have been done or "
        f"not: {named}{more}. The notes on the orders say what to do."
    )
