"""Writes down what failed in speaking with Amazon, so that staff find it on the logs page.

It happens where a job of a store ends with such an error, whatever the job was; the error goes on
to the queue, which decides when the job runs again.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from saleor_amazon_app.amazon.errors import AmazonError
from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.core.ids import StoreId
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import communication_errors, stores
from saleor_amazon_app.ledger.communication_errors import Failure

# Jobs are of many kinds; those that this is for have a store, and some an order.
Handler = Callable[[Any], Awaitable[None]]


def noting_failures(lines: Connections, handler: Handler) -> Handler:
    """The same journey, whose failures at Amazon are written down."""

    async def handle(job: Any) -> None:
        try:
            await handler(job)
        except AmazonError as error:
            await note(lines, job.store_id, error, order_id=getattr(job, "amazon_order_id", None))
            raise

    return handle


async def note(
    lines: Connections, store_id: StoreId, error: AmazonError, *, order_id: Any = None
) -> None:
    """Writes one failure down; of a store that is gone nothing."""
    incident = error.incident
    detail = f" ({incident.detail})" if incident.detail else ""
    failure = Failure(
        operation=incident.operation,
        code=incident.code or (str(incident.status) if incident.status else None),
        message=f"{error}{detail}",
        amazon_order_id=order_id,
    )
    async with lines.database.transaction() as session:
        try:
            await stores.store(session, store_id)
        except NeedsMerchant:
            return
        await communication_errors.record(session, store_id, failure, now=lines.clock())
