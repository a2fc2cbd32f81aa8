"""Whose order it is in the host, and whom the host could mail to."""

from tests.live.connected import Connector
from tests.live.host import Host, Json
from tests.live.sales import item, number, sale
from tests.live.shop import LiveShop

_CUSTOMER = """
query Customer($email: String!) {
  user(email: $email) { id email metadata { key value } orders(first: 10) { totalCount } }
}
"""
_CREATE_CUSTOMER = """
mutation ($input: UserCreateInput!) {
  customerCreate(input: $input) { user { id } errors { field message code } }
}
"""


def bought_by(alias: str, sku: str) -> Json:
    return sale(item(sku), buyer={"buyerName": "Ada Example", "buyerEmail": alias})


async def customer(shop: LiveShop, email: str) -> Json:
    """The host's customer with that address, who is taken away in the end."""
    found: Json = (await shop.host.ask(_CUSTOMER, email=email))["user"]
    if found and found["id"] not in shop.made.setdefault("customers", []):
        shop.made["customers"].append(found["id"])
    return found


async def test_a_customer_is_made_once_and_keeps_all_orders_of_the_buyer(
    shop: LiveShop, host: Host, connected: Connector, everyday: str
) -> None:
    alias = f"once.{shop.run}@marketplace.amazon.com"
    first, second = bought_by(alias, everyday), bought_by(alias.upper(), everyday)
    later = bought_by(alias, everyday)
    store = await connected([first, second], customer="CREATE_OR_REUSE")
    other_store = await connected([later], customer="CREATE_OR_REUSE")

    await store.sync()
    await other_store.sync()

    made = await customer(shop, f"{alias}.invalid")
    assert made["metadata"] == [{"key": "amazonCustomer", "value": "true"}]
    assert made["orders"]["totalCount"] == 3
    for order in (first, second, later):
        placed = await host.order(number(order))
        assert placed["user"] == {"id": made["id"], "email": f"{alias}.invalid"}
    assert store.wire.mutations.count("CreateCustomer") == 1
    assert other_store.wire.mutations.count("CreateCustomer") == 0


async def test_a_guest_carries_the_undeliverable_address_if_that_was_chosen(
    shop: LiveShop, host: Host, connected: Connector, everyday: str
) -> None:
    alias = f"guest.{shop.run}@marketplace.amazon.com"
    order = bought_by(alias, everyday)
    store = await connected([order], buyer_email="UNDELIVERABLE")

    await store.sync()

    placed = await host.order(number(order))
    assert (placed["user"], placed["userEmail"]) == (None, f"{alias}.invalid")
    assert await customer(shop, f"{alias}.invalid") is None


async def test_a_guest_carries_amazons_alias_if_that_was_chosen(
    shop: LiveShop, host: Host, connected: Connector, everyday: str
) -> None:
    alias = f"alias.{shop.run}@marketplace.amazon.com"
    order = bought_by(alias, everyday)
    store = await connected([order], buyer_email="AMAZON_ALIAS")

    await store.sync()

    placed = await host.order(number(order))
    assert (placed["user"], placed["userEmail"]) == (None, alias)


async def test_a_guest_never_becomes_a_customer_who_has_the_address(
    shop: LiveShop, host: Host, connected: Connector, everyday: str
) -> None:
    alias = f"known.{shop.run}@marketplace.amazon.com"
    made = await host.change(_CREATE_CUSTOMER, input={"email": alias})
    shop.made.setdefault("customers", []).append(made["user"]["id"])
    order = bought_by(alias, everyday)
    store = await connected([order], buyer_email="AMAZON_ALIAS")

    await store.sync()

    placed = await host.order(number(order))
    assert (placed["user"], placed["userEmail"]) == (None, None)
    assert (await customer(shop, alias))["orders"]["totalCount"] == 0


async def test_a_buyer_without_an_alias_is_a_guest(
    host: Host, connected: Connector, everyday: str
) -> None:
    order = sale(item(everyday), buyer={"buyerName": "Ada Example"})
    store = await connected([order], customer="CREATE_OR_REUSE")

    await store.sync()

    placed = await host.order(number(order))
    assert (placed["user"], placed["userEmail"]) == (None, None)
    assert store.wire.mutations == ["DraftOrders", "CompleteDraft", "CreateTransaction"]
