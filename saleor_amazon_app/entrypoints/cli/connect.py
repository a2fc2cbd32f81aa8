"""`connect`, `reauthorise` and `check`: a seller joins a shop, and whether all is well."""

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from saleor_amazon_app.entrypoints.cli.look import Json
from saleor_amazon_app.entrypoints.cli.manage import StoreName
from saleor_amazon_app.entrypoints.cli.run import DataDir, read_settings, run

if TYPE_CHECKING:
    from saleor_amazon_app.core.choices import Choices
    from saleor_amazon_app.entrypoints.settings import Settings
    from saleor_amazon_app.flows.checking import Checked
    from saleor_amazon_app.ledger.stores import NewStore

_SECRET = "; `-` reads a line of standard input"
ClientSecret = Annotated[
    str | None, typer.Option(help="LWA client secret" + _SECRET, envvar="AMAZON_CLIENT_SECRET")
]
SellerId = Annotated[str | None, typer.Option(help="Amazon's merchant token, if known.")]
RefreshToken = Annotated[
    str | None,
    typer.Option(help="The seller's refresh token" + _SECRET, envvar="AMAZON_REFRESH_TOKEN"),
]


def connect(
    shop: Annotated[str, typer.Option(help="The shop's API address, ending in /graphql/.")],
    name: Annotated[str, typer.Option(help="What the store is called in our pages.")],
    region: Annotated[Literal["NA", "EU", "FE"], typer.Option(help="Amazon's region.")],
    client_id: Annotated[str, typer.Option(help="LWA client id of the Amazon app.")],
    marketplace: Annotated[
        list[str], typer.Option(help="MARKETPLACE_ID=channel-slug; once for each marketplace.")
    ],
    client_secret: ClientSecret = None,
    refresh_token: RefreshToken = None,
    seller_id: SellerId = None,
    fba_warehouse: Annotated[
        str | None, typer.Option(help="Slug of the warehouse shown on orders Amazon fulfils.")
    ] = None,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> None:
    """Connect a seller account to a shop after asking both whether it can work."""
    from saleor_amazon_app.core.choices import Choices
    from saleor_amazon_app.core.marketplaces import Region
    from saleor_amazon_app.ledger.stores import Authorisation, NewStore

    targets = _targets(marketplace)
    if not name.strip():
        print("--name is empty", file=sys.stderr)
        raise typer.Exit(2)
    store = NewStore(
        name=name,
        region=Region(region),
        marketplaces=tuple(targets),
        authorisation=Authorisation(
            lwa_client_id=client_id,
            lwa_client_secret=_secret(client_secret, "--client-secret"),
            refresh_token=_secret(refresh_token, "--refresh-token"),
        ),
        seller_id=seller_id,
    )
    choices = Choices(import_into=targets, fba_warehouse=fba_warehouse)
    settings = read_settings(data_dir)
    run(_connect(settings, shop, store, choices, as_json=as_json), False)


def reauthorise(
    store: StoreName,
    client_id: Annotated[str | None, typer.Option(help="LWA client id, if another.")] = None,
    client_secret: ClientSecret = None,
    refresh_token: RefreshToken = None,
    seller_id: SellerId = None,
    data_dir: DataDir = None,
) -> None:
    """Replace what Amazon accepts a store by; what is left out stays as it is."""
    changes = {
        "lwa_client_id": client_id,
        "lwa_client_secret": client_secret and _secret(client_secret, "--client-secret"),
        "refresh_token": refresh_token and _secret(refresh_token, "--refresh-token"),
    }
    given = {name: value for name, value in changes.items() if value}
    if not (given or seller_id):
        print(
            "Name what changes: a client id, a client secret, a refresh token, a seller id.",
            file=sys.stderr,
        )
        raise typer.Exit(2)
    run(_reauthorise(read_settings(data_dir), store, given, seller_id), False)


async def _reauthorise(
    settings: "Settings", name: str, changes: dict[str, Any], seller_id: str | None
) -> None:
    from dataclasses import replace

    from saleor_amazon_app.entrypoints.wiring import running
    from saleor_amazon_app.flows.connecting import reauthorise as replace_consent
    from saleor_amazon_app.flows.stores import find_store

    async with running(settings) as opened:
        store = await find_store(opened.lines, name)
        authorisation = replace(store.authorisation(opened.lines.cipher), **changes)
        await replace_consent(opened.lines, store, authorisation, seller_id=seller_id)
    print(f"{store.name} is authorised and active.")


def _targets(marketplaces: list[str]) -> dict[Any, Any]:
    """Which channel each marketplace goes to; `Any` keeps pydantic out of `--help`."""
    from saleor_amazon_app.core.choices import ImportInto

    targets = {}
    for each in marketplaces:
        marketplace_id, equals, slug = each.partition("=")
        if not (marketplace_id and equals and slug):
            print(f"--marketplace {each}: write MARKETPLACE_ID=channel-slug", file=sys.stderr)
            raise typer.Exit(2)
        targets[marketplace_id] = ImportInto(channel=slug)
    return targets


def _secret(given: str | None, option: str) -> Any:
    """A secret from the option, the environment or standard input; never echoed."""
    from pydantic import SecretStr

    if given == "-":
        given = sys.stdin.readline().strip()
    if not given:
        print(f"{option} is missing; `{option} -` reads it from standard input", file=sys.stderr)
        raise typer.Exit(2)
    return SecretStr(given)


async def _connect(
    settings: "Settings", shop: str, store: "NewStore", choices: "Choices", *, as_json: bool
) -> None:
    from saleor_amazon_app.core.ids import SaleorApiUrl
    from saleor_amazon_app.entrypoints.wiring import running
    from saleor_amazon_app.flows.connecting import connect as connect_seller

    async with running(settings) as opened:
        connected = await connect_seller(opened.lines, SaleorApiUrl(shop), store, choices)
    if as_json:
        found = [{"weight": f.weight, "message": f.message} for f in connected.findings]
        print(json.dumps({"storeId": str(connected.store_id), "findings": found}))
        return
    print(f"{store.name} is connected; its orders from now on are imported.")
    for finding in connected.findings:
        print(f"{finding.weight.lower()}: {finding.message}")


def check(as_json: Json = False, data_dir: DataDir = None) -> None:
    """Look over configuration, database, clock, shops and stores; exit code 1 with a fault."""
    run(_check(read_settings(data_dir), as_json=as_json), False)


def _mark(checked: "Checked") -> str:
    if not checked.findings:
        return "✓"
    return "✗" if any(finding.weight == "FAULT" for finding in checked.findings) else "–"


async def _check(settings: "Settings", *, as_json: bool) -> None:
    from saleor_amazon_app.entrypoints.wiring import running
    from saleor_amazon_app.flows.checking import check_all

    checked = []
    async with running(settings) as opened:
        async for each in check_all(opened.lines):
            checked.append(each)
            if as_json:
                continue
            print(f"{_mark(each)} {each.subject}")
            for finding in each.findings:
                print(f"    {finding.weight.lower()}: {finding.message}")
    if as_json:
        print(
            json.dumps(
                [
                    {
                        "subject": each.subject,
                        "findings": [
                            {"weight": finding.weight, "message": finding.message}
                            for finding in each.findings
                        ],
                    }
                    for each in checked
                ]
            )
        )
    if any(finding.weight == "FAULT" for each in checked for finding in each.findings):
        raise typer.Exit(1)
