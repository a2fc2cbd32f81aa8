"""The app is taken out of a real shop and installed again: everything goes on where it was.

Only people install apps, so this needs the staff login; and a port beside that of the other tests,
so it needs a shop on this machine.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.ledger import installations
from saleor_amazon_app.ledger.installations import Installation, InstallationStatus
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database, connect
from saleor_amazon_app.migrations.run import upgrade
from saleor_amazon_app.saleor.event_records import EventKind
from tests.live.conftest import CALLBACK, STAFF
from tests.live.connected import Connector
from tests.live.host import Host
from tests.live.leaving import Journey
from tests.live.listening import serving
from tests.live.sales import item, number, sale
from tests.live.shop import LiveShop
from tests.live.staff import Staff

UPS, OTHER_UPS = "1Z999AA10123456784", "1Z5R89390357567127"
OURS = "saleor.amazon"
_APPS = "{ apps(first: 100) { edges { node { id identifier } } } }"
_INSTALL = """mutation ($input: AppInstallInput!) {
  appInstall(input: $input) { appInstallation { id } errors { field message code } } }"""
_REMOVE = "mutation ($id: ID!) { appDelete(id: $id) { errors { field message code } } }"
_PERMISSIONS = (
    "MANAGE_ORDERS",
    "MANAGE_ORDERS_IMPORT",
    "MANAGE_PRODUCTS",
    "HANDLE_PAYMENTS",
    "HANDLE_CHECKOUTS",
    "MANAGE_USERS",
    "MANAGE_SHIPPING",
)

pytestmark = pytest.mark.skipif(
    not all(STAFF) or bool(CALLBACK), reason="nobody to install the app, or no second port"
)


@pytest.fixture
async def own_database(server_url: str) -> AsyncIterator[Database]:
    """A ledger that knows no shop yet."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE reinstalled")
    url = make_url(server_url).set(database="reinstalled").render_as_string(hide_password=False)
    upgrade(url)
    database = connect(url)
    yield database
    await database.close()


async def _ours(boss: Staff) -> str | None:
    apps = (await boss.ask(_APPS))["apps"]["edges"]
    return next((one["node"]["id"] for one in apps if one["node"]["identifier"] == OURS), None)


async def _installation(database: Database, host: Host) -> Installation | None:
    async with database.transaction() as session:
        return await installations.installation_at(session, SaleorApiUrl(host.api_url))


async def _until(database: Database, host: Host, **wanted: Any) -> Installation:
    """The installation, once it is as wanted."""
    async with asyncio.timeout(60):
        while True:
            found = await _installation(database, host)
            if found and all(getattr(found, key) == value for key, value in wanted.items()):
                return found
            await asyncio.sleep(0.2)


async def _install(boss: Staff, url: str, database: Database) -> Installation:
    wanted = {
        "manifestUrl": f"{url}/api/manifest",
        "appName": "Amazon",
        "permissions": list(_PERMISSIONS),
        "activateAfterInstallation": True,
    }
    await boss.act(_INSTALL, input=wanted)
    installed = await _until(database, boss.host, status=InstallationStatus.ACTIVE)
    async with asyncio.timeout(60):
        while await _ours(boss) is None:
            await asyncio.sleep(0.2)
    # The shop makes the webhooks of the manifest after it was answered.
    await asyncio.sleep(2)
    return installed


async def test_an_app_that_comes_back_finds_its_orders_and_goes_on(
    shop: LiveShop, staff: Staff, host: Host, own_database: Database, cipher: Cipher, everyday: str
) -> None:
    if await _ours(staff):
        pytest.skip("the app is installed in this shop, and is not to be taken away")
    orders = [sale(item(everyday)), sale(item(everyday))]
    connector = Connector(shop, own_database, cipher)
    async with serving(own_database, cipher, "") as door:
        try:
            first = await _install(staff, door.url, own_database)
            way = Journey(await connector(orders), door, host)
            placed = [await way.placed(order) for order in orders]
            await staff.fulfil(placed[0], 1, number=UPS)
            await way.hear(orders[0], EventKind.FULFILLMENT_CREATED)
            await way.shipped(orders[0])

            await staff.act(_REMOVE, id=await _ours(staff))
            await asyncio.sleep(2)
            await way.work_off()
            await _until(own_database, host, status=InstallationStatus.REMOVED)
            await staff.fulfil(placed[1], 1, number=OTHER_UPS)
            second = await _install(staff, door.url, own_database)

            assert (second.id, second.app_id != first.app_id) == (first.id, True)
            assert way.parcels(orders[1]) == []
            await way.look_through()
            assert [parcel[2] for parcel in way.parcels(orders[1])] == [OTHER_UPS]
            await way.shipped(orders[1])
            # Its payment belongs to the app of before.
            await staff.pay_back(placed[0], "10.00")
            await way.hear(orders[0], EventKind.TRANSACTION_REFUND_REQUESTED)
            await way.settle(orders[0])
            money = await way.money(placed[0])
            assert (money.charged, money.refunded, money.pending) == ("0", "10", "0")
            assert [len(await way.rows(order)) for order in orders] == [2, 1]
            assert number(orders[0]) == (await host.order(number(orders[0])))["externalReference"]
        finally:
            await connector.close()
            if left := await _ours(staff):
                await staff.act(_REMOVE, id=left)
