"""Staff before the app's pages, in a shop with a seller, and what they can have done."""

from dataclasses import dataclass, replace
from typing import Any

from pydantic import SecretStr

from saleor_amazon_app.amazon.auth import LwaClient
from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.entrypoints.app import create_app
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.flows.connections import ConsentApp
from saleor_amazon_app.ledger.installations import Registration, install
from saleor_amazon_app.saleor.tokens import fetch_jwks
from saleor_amazon_app.simulators.amazon import Credentials
from saleor_amazon_app.simulators.saleor.keys import access_token
from tests.flows.staff import ADA
from tests.flows.trading import API_URL, Trade

OTHER_URL = SaleorApiUrl("http://shop.test/other/graphql/")
_APPS = {API_URL: "QXBwOjE=", OTHER_URL: "QXBwOjI="}

PROBLEM = "... on Problem { code message field whatToDo fields { field message } }"
STORE = f"{{ ... on Store {{ id name status }} {PROBLEM} }}"
ORDER = f"{{ ... on Order {{ id amazonOrderId importState }} {PROBLEM} }}"
CONNECT = f"mutation ($input: ConnectStoreInput!) {{ connectStore(input: $input) {STORE} }}"
CONSENT = (
    "mutation ($input: StartConsentInput!) "
    f"{{ startConsent(input: $input) {{ ... on Consent {{ url state }} {PROBLEM} }} }}"
)
REAUTHORISE = (
    "mutation ($id: ID!, $input: ReauthoriseInput!) "
    f"{{ reauthoriseStore(id: $id, input: $input) {STORE} }}"
)
ACTIVATE = f"mutation ($id: ID!) {{ activateStore(id: $id) {STORE} }}"
DEACTIVATE = f"mutation ($id: ID!) {{ deactivateStore(id: $id) {STORE} }}"
DELETE = (
    "mutation ($id: ID!, $name: String!) "
    f"{{ deleteStore(id: $id, name: $name) {{ ... on Deleted {{ id }} {PROBLEM} }} }}"
)
SAVE = (
    "mutation ($id: ID!, $settings: StoreSettingsInput!) "
    f"{{ saveSettings(storeId: $id, settings: $settings) {STORE} }}"
)
SYNC = f"mutation ($id: ID!) {{ syncNow(storeId: $id) {STORE} }}"
OUTCOME = "query ($state: String!) { consentOutcome(state: $state) }"
RETRY = f"mutation ($id: ID!) {{ retryOrder(id: $id) {ORDER} }}"
EDIT = (
    "mutation ($id: ID!, $address: AddressInput!) "
    f"{{ editAddress(orderId: $id, address: $address) {ORDER} }}"
)
CANCEL = (
    "mutation ($id: ID!, $reason: CancelReason!) "
    f"{{ cancelOrder(orderId: $id, reason: $reason) {ORDER} }}"
)
APPROVE = f"mutation ($id: ID!) {{ approveShipment(orderId: $id) {ORDER} }}"
SEND_AGAIN = f"mutation ($id: ID!) {{ retryOutbox(id: $id) {ORDER} }}"
PREVIEW = (
    "mutation ($id: ID!) { previewOrder(orderId: $id) { ... on Preview { outcome text total "
    "{ amount currency } shipping { amount } lines { sku quantity total { amount } } "
    f"reasons {{ code link }} notes }} {PROBLEM} }} }}"
)


@dataclass(frozen=True)
class Office:
    """A member of staff of a shop, and the app that they ask."""

    trade: Trade
    permissions: tuple[str, ...] = ("MANAGE_ORDERS", "MANAGE_APPS")
    shop: SaleorApiUrl = API_URL

    async def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """The whole answer, errors included."""
        headers = {"Authorization": f"Bearer {self._token()}", "saleor-api-url": self.shop}
        asked = {"query": query, "variables": variables}
        response = await self.trade.lines.http.post(
            "http://app.test/graphql", json=asked, headers=headers
        )
        told: dict[str, Any] = response.json()
        return told

    async def do(self, query: str, **variables: Any) -> dict[str, Any]:
        """The result of a mutation, or its problem."""
        told = await self.answer(query, **variables)
        assert "errors" not in told, told["errors"]
        (result,) = told["data"].values()
        done: dict[str, Any] = result
        return done

    def but(self, **changes: Any) -> "Office":
        """The same one otherwise."""
        return replace(self, **changes)

    def _token(self) -> str:
        now = int(self.trade.clock().timestamp())
        claims = {
            "iat": now,
            "owner": "saleor",
            "iss": self.shop,
            "exp": now + 300,
            "token": "x",
            "email": ADA,
            "type": "thirdparty",
            "user_id": "VXNlcjox",
            "is_staff": True,
            "app": _APPS[self.shop],
            "permissions": [],
            "user_permissions": list(self.permissions),
        }
        return access_token(self.trade.shop.state.signing_key, claims)


async def office_in(trade: Trade) -> Office:
    """Opens the app's doors to the shop's staff; the operator has a public app at Amazon."""
    known = Credentials()
    client = LwaClient(known.client_id, SecretStr(known.client_secret))
    trade.lines = replace(
        trade.lines,
        app_url="http://app.test",
        seller_central_url="http://amazon.test",
        consent_app=ConsentApp(known.application_id, client),
    )
    unset: dict[str, Any] = {"DATABASE_URL": None, "key": None}
    trade.wires.open(app=create_app(trade.lines, Settings(_env_file=None, **unset)))
    return Office(trade)


async def other_office(trade: Trade) -> Office:
    """Staff of another shop that has the app."""
    keys = (await fetch_jwks(trade.lines.shops, OTHER_URL)).model_dump(mode="json")
    registration = Registration(OTHER_URL, "other.test", _APPS[OTHER_URL], SecretStr("x"), keys)
    async with trade.lines.database.transaction() as session:
        await install(session, trade.lines.cipher, registration, now=trade.clock())
    return Office(trade, shop=OTHER_URL)
