"""A shop installs the app by its manifest; nobody else gets in, and who returns is known."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from saleor_amazon_app.core.errors import NeedsMerchant
from saleor_amazon_app.entrypoints.app import create_app
from saleor_amazon_app.entrypoints.settings import Settings
from saleor_amazon_app.flows import setup
from saleor_amazon_app.flows.connections import Connections
from saleor_amazon_app.ledger import choices, installations, stores
from saleor_amazon_app.ledger.installations import Installation, InstallationStatus
from saleor_amazon_app.ledger.secrets import Cipher
from saleor_amazon_app.ledger.session import Database
from saleor_amazon_app.simulators.saleor import SimulatedShop, create_shop, default_seed
from tests.flows.trading import API_URL, APP_ID, Wires, seller_account, settings
from tests.simulated_amazon import NOON

MANIFEST = "http://app.test/api/manifest"


@dataclass
class Doorstep:
    """An app that nobody has installed, and a shop that may."""

    shop: SimulatedShop
    lines: Connections
    wires: Wires
    http: httpx.AsyncClient

    async def knock(self, token: str, api_url: str = API_URL) -> tuple[int, str]:
        """Brings a token as a shop does; tells the status and the code of the refusal."""
        answer = await self.http.post(
            "/api/register", json={"auth_token": token}, headers={"Saleor-Api-Url": api_url}
        )
        return answer.status_code, answer.json().get("error", {}).get("code", "")

    async def installed(self) -> Installation | None:
        async with self.lines.database.transaction() as session:
            return await installations.installation_at(session, API_URL)

    async def written(self) -> tuple[Any, ...]:
        """How many rows of shops and jobs there are."""
        counts = [
            f"(SELECT count(*) FROM {name})" for name in ("installations", "procrastinate_jobs")
        ]
        async with self.lines.database.transaction() as session:
            return tuple((await session.execute(text(f"SELECT {', '.join(counts)}"))).one())


@asynccontextmanager
async def _opened(
    database: Database, cipher: Cipher, home: Path, **chosen: Any
) -> AsyncIterator[Doorstep]:
    unset: dict[str, Any] = {"DATABASE_URL": None, "key": None}
    own = Settings(_env_file=None, data_dir=home, **unset | chosen)
    wires, to_app = Wires(), Wires()
    shop = create_shop(default_seed(), transport=to_app)
    wires.open(shop=shop.app)
    async with (
        httpx.AsyncClient(transport=wires) as out,
        httpx.AsyncClient(transport=to_app, base_url="http://app.test") as http,
    ):
        lines = Connections(database, cipher, out, lambda: NOON, shops=out)
        to_app.open(app=create_app(lines, own))
        yield Doorstep(shop, lines, wires, http)


@pytest.fixture
async def doorstep(database: Database, cipher: Cipher, tmp_path: Path) -> AsyncIterator[Doorstep]:
    """An app that lets shops of this machine in."""
    async with _opened(database, cipher, tmp_path, allow_local_shops=True) as opened:
        yield opened


async def test_a_shop_installs_the_app_by_its_manifest(doorstep: Doorstep) -> None:
    # when
    done = await doorstep.shop.install(MANIFEST, API_URL)

    # then
    assert (done.installed, done.error) == (True, None)
    shop = await doorstep.installed()
    assert shop is not None
    assert (shop.app_id, shop.domain, shop.status) == (
        done.app_id,
        "shop.test",
        InstallationStatus.ACTIVE,
    )
    assert shop.saleor_version == "3.23.28"
    assert shop.jwks is not None
    assert [key["kty"] for key in shop.jwks["keys"]] == ["RSA"]


async def test_the_token_of_a_shop_is_kept_encrypted(doorstep: Doorstep) -> None:
    # when
    await doorstep.shop.install(MANIFEST, API_URL)

    # then
    (token,) = doorstep.shop.state.apps
    shop = await doorstep.installed()
    assert shop is not None
    assert shop.auth_token(doorstep.lines.cipher).get_secret_value() == token
    async with doorstep.lines.database.transaction() as session:
        kept = await session.execute(text("SELECT installations::text FROM installations"))
        (row,) = kept.one()
    assert token not in row


async def test_a_shop_that_installs_the_app_again_is_the_same_tenant(doorstep: Doorstep) -> None:
    # given
    await doorstep.shop.install(MANIFEST, API_URL)
    before = await doorstep.installed()
    store_id = await setup.connect_store(doorstep.lines, API_URL, seller_account(), settings())
    (old_token,) = doorstep.shop.state.apps
    doorstep.shop.faults.revoke_token(old_token)

    # when
    done = await doorstep.shop.install(MANIFEST, API_URL)

    # then
    after = await doorstep.installed()
    assert before is not None
    assert after is not None
    assert (after.id, after.app_id) == (before.id, done.app_id)
    assert after.app_id != before.app_id
    (token,) = doorstep.shop.state.apps
    assert after.auth_token(doorstep.lines.cipher).get_secret_value() == token
    async with doorstep.lines.database.transaction() as session:
        kept = await stores.stores_of(session, after.id)
    assert [store.id for store in kept] == [store_id]


async def test_a_token_of_another_app_is_refused(doorstep: Doorstep) -> None:
    # given
    foreign = doorstep.shop.add_app(("MANAGE_ORDERS",), identifier="somebody.else")

    # when
    answer = await doorstep.knock(foreign)

    # then
    assert answer == (401, "TOKEN_REFUSED")
    assert await doorstep.written() == (0, 0)


async def test_a_token_of_another_app_changes_nothing_of_a_shop_that_is_known(
    doorstep: Doorstep,
) -> None:
    # given
    await doorstep.shop.install(MANIFEST, API_URL)
    before, written = await doorstep.installed(), await doorstep.written()
    foreign = doorstep.shop.add_app(("MANAGE_ORDERS",), identifier="somebody.else")

    # when
    answers = [await doorstep.knock(foreign), await doorstep.knock("invented")]

    # then
    after = await doorstep.installed()
    assert answers == [(401, "TOKEN_REFUSED")] * 2
    assert before is not None
    assert after is not None
    assert (after.token, after.app_id) == (before.token, before.app_id)
    assert await doorstep.written() == written


async def test_a_token_that_nobody_holds_is_refused(doorstep: Doorstep) -> None:
    # then
    assert await doorstep.knock("invented") == (401, "TOKEN_REFUSED")
    assert await doorstep.written() == (0, 0)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"auth_token": ""}', b"[1]", b"not JSON"])
async def test_what_is_no_token_is_refused_before_anybody_is_asked(
    doorstep: Doorstep, body: bytes
) -> None:
    # when
    answer = await doorstep.http.post(
        "/api/register", content=body, headers={"Saleor-Api-Url": API_URL}
    )

    # then
    assert answer.status_code == 400
    assert doorstep.wires.sent == []
    assert await doorstep.written() == (0, 0)


async def test_a_shop_that_does_not_answer_may_try_again(doorstep: Doorstep) -> None:
    # given
    token = doorstep.shop.add_app(("MANAGE_ORDERS",), identifier=APP_ID)
    doorstep.shop.faults.down()

    # when
    answers = [
        await doorstep.knock(token),
        await doorstep.knock(token, "http://unknown.test/graphql/"),
    ]

    # then
    assert answers == [(503, "SALEOR_UNREACHABLE")] * 2
    assert await doorstep.written() == (0, 0)


@pytest.mark.parametrize(
    "api_url",
    [
        "",
        "http://shop.test/graphql/",
        "https://127.0.0.1/graphql/",
        "https://10.0.0.1/graphql/",
        "https://169.254.169.254/graphql/",
        "https://[::1]/graphql/",
        "https://[::ffff:192.168.0.1]/graphql/",
        "https://user:secret@203.0.113.1/graphql/",
        "https://203.0.113.1/other/",
        "file:///etc/passwd",
    ],
)
async def test_an_address_that_is_no_public_shop_is_never_called(
    database: Database, cipher: Cipher, tmp_path: Path, api_url: str
) -> None:
    async with _opened(database, cipher, tmp_path) as doorstep:
        # when
        answer = await doorstep.knock("some-token", api_url)

        # then
        assert answer == (403, "SALEOR_URL_PROHIBITED")
        assert doorstep.wires.sent == []
        assert await doorstep.written() == (0, 0)


async def test_an_operator_may_admit_some_shops_only(
    database: Database, cipher: Cipher, tmp_path: Path
) -> None:
    # given
    only = r"http://mine\.test/graphql/"
    async with _opened(
        database, cipher, tmp_path, allow_local_shops=True, allowed_shops=only
    ) as doorstep:
        token = doorstep.shop.add_app(("MANAGE_ORDERS",), identifier=APP_ID)

        # then
        assert await doorstep.knock(token) == (403, "SALEOR_URL_PROHIBITED")
        assert doorstep.wires.sent == []


async def test_a_shop_that_does_not_run_the_app_gets_no_store(doorstep: Doorstep) -> None:
    # when
    with pytest.raises(NeedsMerchant, match="has not installed this app"):
        await setup.connect_store(doorstep.lines, API_URL, seller_account(), settings())

    # then
    async with doorstep.lines.database.transaction() as session:
        assert (await session.execute(text("SELECT count(*) FROM stores"))).scalar_one() == 0


async def test_a_new_store_imports_what_is_bought_from_then_on_and_is_read_at_once(
    doorstep: Doorstep,
) -> None:
    # given
    await doorstep.shop.install(MANIFEST, API_URL)

    # when
    store_id = await setup.connect_store(doorstep.lines, API_URL, seller_account(), settings())

    # then
    async with doorstep.lines.database.transaction() as session:
        chosen = await choices.choices_of(session, store_id)
        store = await stores.store(session, store_id)
    assert chosen == settings().model_copy(update={"import_orders_since": NOON})
    assert (store.next_sync_at, store.connected_at) == (NOON, NOON)
