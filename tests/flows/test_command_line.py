"""The commands by which an operator connects stores and looks after them, as they are typed."""

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import structlog
import uvicorn
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from saleor_amazon_app.entrypoints.cli import app
from saleor_amazon_app.ledger.secrets import Cipher, new_key
from saleor_amazon_app.simulators.amazon import Credentials, SimulatedAmazon, create_amazon
from saleor_amazon_app.simulators.amazon.simulator import server_for as server_for_amazon
from saleor_amazon_app.simulators.saleor import SimulatedShop, create_shop, server_for
from tests.flows.trading import PERMISSIONS
from tests.unit.amazon_orders import DE, US

KNOWN = Credentials()


@dataclass
class Operator:
    """Somebody at a terminal, with a shop, a seller and a database of their own."""

    shop: SimulatedShop
    shop_url: str
    amazon: SimulatedAmazon
    environment: dict[str, str]

    def types(self, *words: str, says: str | None = None, **environment: str) -> Result:
        before = structlog.get_config()
        try:
            return CliRunner().invoke(app, words, input=says, env=self.environment | environment)
        finally:
            structlog.configure(**before)

    def connects(self, *more: str, name: str = "Lanterns", **given: Any) -> Result:
        return self.types(
            "connect",
            f"--shop={self.shop_url}",
            f"--name={name}",
            "--region=NA",
            f"--client-id={KNOWN.client_id}",
            f"--marketplace={US}=default-channel",
            *more,
            **given,
        )

    def connects_well(self, *more: str, **given: Any) -> Result:
        secrets = {
            "AMAZON_CLIENT_SECRET": KNOWN.client_secret,
            "AMAZON_REFRESH_TOKEN": KNOWN.refresh_token,
        }
        result = self.connects(*more, **secrets | given)
        assert result.exit_code == 0, result.output
        return result

    def tells(self, *words: str) -> Any:
        result = self.types(*words, "--json")
        return json.loads(result.stdout)


def _in_thread(server: uvicorn.Server) -> tuple[str, threading.Thread]:
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    (listening,) = server.servers[0].sockets
    return f"http://127.0.0.1:{listening.getsockname()[1]}", thread


@pytest.fixture(scope="module")
def doors() -> Iterator[tuple[SimulatedShop, str, SimulatedAmazon, str]]:
    """Both simulations on ports of this machine."""
    shop, amazon = create_shop(), create_amazon(marketplaces=(US,))
    servers = [server_for(shop, port=0), server_for_amazon(amazon, port=0)]
    opened = [_in_thread(server) for server in servers]
    yield shop, opened[0][0], amazon, opened[1][0]
    for server, (_, thread) in zip(servers, opened, strict=True):
        server.should_exit = True
        thread.join()


@pytest.fixture
def operator(
    doors: tuple[SimulatedShop, str, SimulatedAmazon, str], empty_database: str
) -> Operator:
    """An operator whose shop has installed the app and nothing more."""
    shop, shop_at, amazon, amazon_at = doors
    shop.state.apps.clear()
    amazon.seller.restore_consent()
    environment = {
        "DATABASE_URL": empty_database,
        "SALEOR_AMAZON_KEY": new_key().get_secret_value(),
        "SALEOR_AMAZON_SPAPI_URL": amazon_at,
        "SALEOR_AMAZON_LWA_URL": amazon_at,
        "SALEOR_AMAZON_ALLOW_LOCAL_SHOPS": "true",
        "SALEOR_AMAZON_APP_URL": "http://127.0.0.1:9",
    }
    made = Operator(shop, f"{shop_at}/graphql/", amazon, environment)
    _install(made)
    return made


def _install(operator: Operator) -> None:
    token = operator.shop.add_app(PERMISSIONS, identifier="saleor.amazon")
    cipher = Cipher.of(SecretStr(operator.environment["SALEOR_AMAZON_KEY"]))
    with psycopg.connect(operator.environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(
            "INSERT INTO installations (id, saleor_api_url, domain, app_id, token, status,"
            " installed_at, updated_at) VALUES (gen_random_uuid(), %s, '127.0.0.1', 'QXBwOjE=', %s,"
            " 'ACTIVE', now(), now())",
            (operator.shop_url, cipher.encrypt_text(SecretStr(token))),
        )


def everything_kept(operator: Operator) -> str:
    """All that the database holds, as text."""
    with psycopg.connect(operator.environment["DATABASE_URL"]) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        return "\n".join(
            str(connection.execute(f'SELECT * FROM "{table}"').fetchall())  # noqa: S608
            for (table,) in tables
        )


def assert_secret(operator: Operator, *results: Result) -> None:
    """No secret is in what was printed or, readable, in the database."""
    kept = everything_kept(operator)
    for secret in (KNOWN.client_secret, KNOWN.refresh_token):
        assert all(secret not in result.output for result in results)
        assert secret not in kept


def test_a_seller_is_connected_with_secrets_of_the_environment(operator: Operator) -> None:
    # when
    result = operator.connects_well()

    # then
    assert result.stdout == "Lanterns is connected; its orders from now on are imported.\n"
    assert result.stderr == ""
    (store,) = operator.tells("stores")
    assert (store["name"], store["status"], store["marketplaces"]) == ("Lanterns", "ACTIVE", [US])
    assert store["settings"]["importInto"] == {US: {"channel": "default-channel"}}
    assert_secret(operator, result, operator.types("stores", "--json"), operator.types("stores"))


def test_a_seller_is_connected_with_secrets_of_standard_input(operator: Operator) -> None:
    # when
    result = operator.connects(
        "--client-secret=-",
        "--refresh-token=-",
        "--fba-warehouse=uk-warehouse",
        "--json",
        says=f"{KNOWN.client_secret}\n{KNOWN.refresh_token}\n",
    )

    # then
    told = json.loads(result.stdout)
    (store,) = operator.tells("stores")
    assert told == {"storeId": store["id"], "findings": []}
    assert store["settings"]["fbaWarehouse"] == "uk-warehouse"
    assert_secret(operator, result)


@pytest.mark.parametrize(
    ("_case", "more", "given", "code", "words"),
    [
        (
            "no secret",
            (),
            {},
            2,
            "--client-secret is missing; `--client-secret -` reads it from standard input\n",
        ),
        (
            "an end of input instead of a secret",
            ("--client-secret=-",),
            {"says": ""},
            2,
            "--client-secret is missing; `--client-secret -` reads it from standard input\n",
        ),
        (
            "a marketplace without a channel",
            (f"--marketplace={US}",),
            {},
            2,
            f"--marketplace {US}: write MARKETPLACE_ID=channel-slug\n",
        ),
        ("an empty name", (), {"name": " "}, 2, "--name is empty\n"),
        (
            "a channel that is not there",
            ("--client-secret=x", "--refresh-token=y", f"--marketplace={DE}=de"),
            {},
            1,
            f"The marketplace DE {DE} belongs to the region EU, not to NA. Connect each region as "
            "a store of its own.\n",
        ),
        (
            "a secret Amazon does not know",
            ("--client-secret=not-it", "--refresh-token=y"),
            {},
            1,
            "Amazon does not accept the app's client id and secret. A secret expires after 180 "
            "days: enter the current one on the Store connection page.\n",
        ),
    ],
)
def test_what_cannot_be_connected_is_said_in_a_line_and_nothing_is_written(
    operator: Operator,
    _case: str,
    more: tuple[str, ...],
    given: dict[str, Any],
    code: int,
    words: str,
) -> None:
    result = operator.connects(*more, **given)

    assert (result.exit_code, result.stdout, result.stderr) == (code, "", words)
    assert operator.tells("stores") == []


def test_check_says_what_is_well_and_ends_well(operator: Operator) -> None:
    # given
    operator.connects_well("--seller-id=SELLER1")

    # when
    result = operator.types("check")

    # then
    assert result.exit_code == 0
    assert re.sub(r"http://127\.0\.0\.1:\d+", "ADDRESS", result.stdout) == (
        "– configuration\n"
        "    warning: SALEOR_AMAZON_SPAPI_URL replaces Amazon's own address by ADDRESS; that is "
        "for trials only.\n"
        "    warning: SALEOR_AMAZON_LWA_URL replaces Amazon's own address by ADDRESS; that is for "
        "trials only.\n"
        "✓ database and clock\n"
        "✓ shop ADDRESS/graphql/\n"
        "✓ store Lanterns\n"
    )
    assert_secret(operator, result)


def test_check_ends_with_1_where_something_is_wrong(operator: Operator) -> None:
    # given
    operator.connects_well("--seller-id=SELLER1")
    operator.amazon.seller.revoke_consent()

    # when
    result = operator.types("check", "--json")
    shown = operator.types("check")

    # then
    assert (shown.exit_code, shown.stdout.count("✗ store Lanterns\n")) == (1, 1)
    told = {each["subject"]: each["findings"] for each in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert told["store Lanterns"] == [
        {
            "weight": "FAULT",
            "message": "Amazon no longer accepts this store's authorisation. Authorise the store "
            "again on its Store connection page; no order is lost meanwhile.",
        }
    ]
    assert_secret(operator, result)


def test_a_store_is_switched_off_and_on_and_synced(operator: Operator) -> None:
    # given
    operator.connects_well()

    # when
    typed = [
        operator.types(command, "Lanterns")
        for command in ("sync", "deactivate", "sync", "activate")
    ]

    # then
    assert [(result.exit_code, result.output) for result in typed] == [
        (0, "Lanterns is read as soon as a worker is free.\n"),
        (0, "Lanterns is inactive; nothing of it was deleted.\n"),
        (1, "The store 'Lanterns' is not active. Switched off by staff.\n"),
        (0, "Lanterns is active.\n"),
    ]
    assert operator.tells("stores")[0]["status"] == "ACTIVE"


@pytest.mark.parametrize("command", ["sync", "activate", "deactivate", "disconnect"])
def test_a_store_that_is_not_there_is_said_in_a_line(operator: Operator, command: str) -> None:
    result = operator.types(command, "Nobody")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "There is no store 'Nobody'. `saleor-amazon stores` lists them.\n"


def test_a_store_is_only_disconnected_by_whoever_types_its_name(operator: Operator) -> None:
    # given
    operator.connects_well()
    store_id = operator.tells("stores")[0]["id"]

    # when
    refused = operator.types("disconnect", store_id, says="lanterns\n")
    left = len(operator.tells("stores"))
    done = operator.types("disconnect", store_id, "--confirm=Lanterns")

    # then
    assert (refused.exit_code, refused.stderr) == (2, "The names differ; nothing was deleted.\n")
    assert (left, operator.tells("stores")) == (1, [])
    assert (done.exit_code, done.stdout) == (0, "Lanterns is disconnected and its data deleted.\n")


def test_a_consent_is_replaced_and_what_is_left_out_stays(operator: Operator) -> None:
    # given
    operator.connects_well()

    # when
    nothing = operator.types("reauthorise", "Lanterns")
    wrong = operator.types("reauthorise", "Lanterns", "--client-secret=-", says="not-it\n")
    right = operator.types(
        "reauthorise", "Lanterns", "--refresh-token=-", says=f"{KNOWN.refresh_token}\n"
    )

    # then
    assert [nothing.exit_code, wrong.exit_code, right.exit_code] == [2, 1, 0]
    assert right.stdout == "Lanterns is authorised and active.\n"
    assert operator.types("check").exit_code == 0
    assert_secret(operator, nothing, wrong, right)


def test_an_order_that_is_not_held_cannot_be_retried(operator: Operator) -> None:
    # given
    operator.connects_well()

    # when
    all_of_them = operator.types("retry")
    one = operator.types("retry", "111-0000000-0000001")

    # then
    assert (all_of_them.exit_code, all_of_them.stdout) == (
        0,
        "0 held orders will be looked at again.\n",
    )
    assert one.exit_code == 1
    assert one.stdout.startswith("111-0000000-0000001 is not held by a store that works")


def test_a_store_of_a_shop_that_refuses_the_app_is_still_listed(operator: Operator) -> None:
    # given
    operator.connects_well()
    with psycopg.connect(operator.environment["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("UPDATE installations SET status = 'REFUSED'")

    # then
    assert [store["name"] for store in operator.tells("stores")] == ["Lanterns"]
