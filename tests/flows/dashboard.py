"""The app's own API as its pages ask it: a shop, a member of its staff, and orders to look at."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from pydantic import SecretStr

from saleor_amazon_app.amazon.buyer_data import names_in, part
from saleor_amazon_app.amazon.order_records import parse_order
from saleor_amazon_app.core.ids import AmazonOrderId, MarketplaceId, StoreId
from saleor_amazon_app.core.marketplaces import Region
from saleor_amazon_app.ledger import buyer_words, buyers, orders, stores
from saleor_amazon_app.ledger.buyers import BuyerData
from saleor_amazon_app.ledger.installations import Installation
from saleor_amazon_app.ledger.orders import SeenOrder
from saleor_amazon_app.ledger.stores import Authorisation, NewStore
from saleor_amazon_app.simulators.saleor import SimulatedShop
from saleor_amazon_app.simulators.saleor.keys import access_token
from tests.flows.doors import SHOP_URL, Doors
from tests.simulated_amazon import NOON, amazon_order

BOTH = ("MANAGE_ORDERS", "MANAGE_APPS")


@dataclass
class Asker:
    """A member of staff before the app's pages.

    Attributes:
        key: what the shop signs tokens with.
        claims: what the token says otherwise than it should.
    """

    doors: Doors
    shop: Installation
    key: RSAPrivateKey
    permissions: Sequence[str] = BOTH
    claims: dict[str, Any] = field(default_factory=dict)

    def token(self) -> str:
        now = int(self.doors.clock().timestamp())
        right = {
            "iat": now,
            "owner": "saleor",
            "iss": self.shop.saleor_api_url,
            "exp": now + 300,
            "token": "x",
            "email": "ann@shop.test",
            "type": "thirdparty",
            "user_id": "VXNlcjox",
            "is_staff": True,
            "app": self.shop.app_id,
            "permissions": [],
            "user_permissions": list(self.permissions),
        }
        return access_token(self.key, right | self.claims)

    def headers(self, token: str | None = None) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self.token() if token is None else token}",
            "saleor-api-url": self.shop.saleor_api_url,
        }

    async def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer, errors included."""
        response = await self.doors.http.post(
            "/graphql", json={"query": query, "variables": variables}, headers=self.headers()
        )
        told: dict[str, Any] = response.json()
        return told

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer without errors."""
        told = await self.answer(query, **variables)
        assert "errors" not in told, told["errors"]
        data: dict[str, Any] = told["data"]
        return data

    async def refusal(self, query: str, **variables: Any) -> str:
        """The code of the one error of an answer."""
        (error,) = (await self.answer(query, **variables))["errors"]
        code: str = error["extensions"]["code"]
        return code

    def but(self, **changes: Any) -> "Asker":
        """The same one otherwise."""
        return replace(self, **changes)


async def asker(doors: Doors, shop: SimulatedShop | None = None) -> Asker:
    """Staff of a shop that installs the app."""
    shop = shop or doors.shop
    return Asker(doors, await doors.install(shop), shop.state.signing_key)


async def connected(asking: Asker, name: str = "Amazon Europe", seller: str = "S1") -> StoreId:
    """A store of the shop."""
    lines = asking.doors.lines
    async with lines.database.transaction() as session:
        return await stores.connect_store(
            session,
            lines.cipher,
            asking.shop.id,
            NewStore(
                name=name,
                region=Region.EUROPE,
                marketplaces=(MarketplaceId("A1PA6795UKMFR9"), MarketplaceId("A1F83G8C2ARO7P")),
                authorisation=Authorisation("client", SecretStr("secret"), SecretStr("refresh")),
                seller_id=seller,
            ),
            now=NOON,
            sweep_at=NOON,
        )


def seen(number: int, **changes: Any) -> SeenOrder:
    """An order as it comes from Amazon, without a buyer."""
    given = SeenOrder(
        amazon_order_id=AmazonOrderId(f"028-0000000-{number:07}"),
        marketplace_id=MarketplaceId("A1PA6795UKMFR9"),
        status="UNSHIPPED",
        fulfilled_by="MERCHANT",
        purchased_at=NOON - timedelta(hours=number),
        last_updated_at=NOON,
        ship_by=NOON + timedelta(days=2),
        deliver_by=None,
        currency="EUR",
        grand_total=Decimal("16.49"),
        number_of_items=1,
        programs=[],
        facts={"orderId": f"028-0000000-{number:07}"},
    )
    return replace(given, **changes)


async def keep(asking: Asker, store_id: StoreId, rows: Sequence[SeenOrder]) -> None:
    """Puts orders into the ledger."""
    async with asking.doors.lines.database.transaction() as session:
        await orders.upsert(session, store_id, rows, now=NOON)


async def keep_whole(
    asking: Asker, store_id: StoreId, number: int, name: str, **changes: Any
) -> AmazonOrderId:
    """Puts a whole order with its buyer into the ledger; tells its number."""
    raw = amazon_order(number) | changes
    raw["buyer"] = raw.get("buyer", {}) | {"buyerName": name}
    order = parse_order(raw)
    facts, document = part(order)
    lines = asking.doors.lines
    row = seen(number, amazon_order_id=order.order_id, facts=facts, currency="USD")
    async with lines.database.transaction() as session:
        await orders.upsert(session, store_id, [row], now=NOON)
        kept = BuyerData(document, None, NOON + timedelta(days=30))
        await buyers.keep(session, lines.cipher, store_id, {order.order_id: kept}, now=NOON)
        names = {order.order_id: names_in(document)}
        await buyer_words.keep(session, lines.cipher, store_id, names)
    return order.order_id


__all__ = ["BOTH", "SHOP_URL", "Asker", "asker", "connected", "keep", "keep_whole", "seen"]
