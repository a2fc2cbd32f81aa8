"""The end of a buyer in the host: the order stands, and says nothing of them any more."""

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.flows import retention
from saleor_amazon_app.jobs.kinds import EraseInShop
from saleor_amazon_app.ledger import installations
from tests.live.connected import Connector, LiveStore
from tests.live.host import Host, total_of
from tests.live.sales import item, number, sale
from tests.live.shop import LiveShop

_PERSONAL = """
query ($reference: String!) {
  order(externalReference: $reference) {
    status chargeStatus userEmail user { id }
    privateMetadata { value }
    billingAddress { ...Where } shippingAddress { ...Where }
    events { message }
  }
}
fragment Where on Address {
  firstName lastName companyName streetAddress1 streetAddress2 postalCode phone country { code }
}
"""
_CUSTOMER = "query ($email: String!) { user(email: $email) { id } }"
_NOWHERE = {
    "firstName": "",
    "lastName": "",
    "companyName": "",
    "streetAddress1": "-",
    "streetAddress2": "",
    "postalCode": "-",
    "phone": "",
    "country": {"code": "US"},
}


async def end(store: LiveStore, shop: LiveShop) -> None:
    """Lets the time of all buyers pass."""
    store.clock.move(days=60)
    await retention.erase_due_buyers(store.lines)
    async with store.lines.database.transaction() as session:
        known = await installations.installation_at(session, SaleorApiUrl(shop.host.api_url))
    assert known is not None
    await retention.erase_in_shop(store.lines, EraseInShop(known.id))


async def test_an_order_stands_without_its_buyer_and_the_customer_is_gone(
    shop: LiveShop, host: Host, connected: Connector, everyday: str
) -> None:
    # given
    alias = f"gone.{shop.run}@marketplace.amazon.com"
    order = sale(item(everyday), buyer={"buyerName": "Ada Example", "buyerEmail": alias})
    store = await connected([order], customer="CREATE_OR_REUSE")
    await store.sync()
    before = total_of(await host.order(number(order)))
    assert (await host.ask(_CUSTOMER, email=f"{alias}.invalid"))["user"]

    # when
    await end(store, shop)

    # then
    found = (await host.ask(_PERSONAL, reference=number(order)))["order"]
    assert found["billingAddress"] == found["shippingAddress"] == _NOWHERE
    assert (found["userEmail"], found["user"]) == (None, None)
    assert {pair["value"] for pair in found["privateMetadata"]} == {""}
    assert (found["status"], found["chargeStatus"]) == ("UNFULFILLED", "FULL")
    assert [event["message"] for event in found["events"] if event["message"]] == []
    assert total_of(await host.order(number(order))) == before
    assert (await host.ask(_CUSTOMER, email=f"{alias}.invalid"))["user"] is None
    assert (await store.told(order))[-1] == "The buyer was erased from the Saleor order."
