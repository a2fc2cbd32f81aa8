"""What leaves the host: an order's fulfilments and whether it was cancelled.

Read anew each time, because events come late, twice and in any order.
"""

from collections.abc import Sequence

from saleor_amazon_app.core.ids import SaleorOrderId
from saleor_amazon_app.saleor.client import SaleorClient
from saleor_amazon_app.saleor.errors import RequestRefused
from saleor_amazon_app.saleor.leaving_records import LeavingOrder, parse_leaving

ORDERS_PER_REQUEST = 50


async def read(
    client: SaleorClient, order_ids: Sequence[SaleorOrderId]
) -> dict[SaleorOrderId, LeavingOrder | RequestRefused | None]:
    """What up to 50 orders let go; None where an order is gone.

    One that the host crashes on is a `RequestRefused` and disturbs no other.
    """
    answers = await client.execute_batch("LeavingOrder", [{"id": each} for each in order_ids])
    return {
        order_id: parse_leaving(answer) if isinstance(answer, dict) else answer
        for order_id, answer in zip(order_ids, answers, strict=True)
    }
