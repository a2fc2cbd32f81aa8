"""What an installation must prove before its token is kept: where it came from and whose it is."""

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import SplitResult, urlsplit, urlunsplit

import httpx
from pydantic import BaseModel, Field, ValidationError

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.saleor.client import SaleorClient, capped_body
from saleor_amazon_app.saleor.errors import (
    HostCall,
    HostUnavailable,
    RequestRefused,
    ShopAddressRefused,
    TokenRefused,
)
from saleor_amazon_app.saleor.signature import KeySet, read_keys
from saleor_amazon_app.saleor.transport import all_public, look_up

_PATIENCE = timedelta(seconds=15)
_MOST_BYTES = 64 * 1024


class _Permission(BaseModel):
    code: str


class _App(BaseModel):
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/=_-]{1,200}$")]
    identifier: str | None
    permissions: tuple[_Permission, ...] | None


class _Shop(BaseModel):
    version: Annotated[str, Field(pattern=r"^[0-9A-Za-z.+-]{1,50}$")]
    schema_version: Annotated[
        str, Field(pattern=r"^[0-9]{1,4}\.[0-9]{1,4}(\.|$)", alias="schemaVersion")
    ]


class _Owner(BaseModel):
    """An answer of whoever the address belongs to: anyone at all, until it is read."""

    app: _App | None
    shop: _Shop


@dataclass(frozen=True, slots=True)
class TokenOwner:
    """The installed app a token speaks for.

    Attributes:
        app_id: changes with every installation; never a key of the shop.
        identifier: the manifest's id of the app; anything but ours is a forged installation.
        version: of the host, such as `3.23.28`.
        schema_version: (major, minor) of the host.
        permissions: what was granted, by the host's names.
    """

    app_id: str
    identifier: str
    version: str
    schema_version: tuple[int, int]
    permissions: frozenset[str]


async def check_api_url(
    api_url: str, *, allow_local: bool = False, allowed: re.Pattern[str] | None = None
) -> SaleorApiUrl:
    """Decides whether an address sent to us by anyone may be called as a shop's API.

    Args:
        api_url: the `Saleor-Api-Url` of an installation.
        allow_local: lets a shop on this machine or network in, without TLS too.
        allowed: what the whole address must match, where the operator limits it.

    Raises:
        ShopAddressRefused: it may not, and why.
    """
    parts = _split(api_url)
    if parts.scheme != "https" and not (allow_local and parts.scheme == "http"):
        raise ShopAddressRefused(api_url, "it must begin with https://")
    if not parts.hostname or parts.username is not None or parts.password is not None:
        raise ShopAddressRefused(api_url, "it must name a host and no user")
    if not parts.path.endswith("/graphql/") or parts.query or parts.fragment:
        raise ShopAddressRefused(api_url, "it must end with /graphql/")
    if allowed is not None and not allowed.fullmatch(api_url):
        raise ShopAddressRefused(api_url, "the operator of this app does not admit it")
    if not allow_local:
        await _refuse_local(api_url, parts.hostname, parts.port or 443)
    return SaleorApiUrl(api_url)


async def whose_token(client: SaleorClient) -> TokenOwner:
    """Asks the host which app the client's token belongs to.

    Raises:
        TokenRefused: to no active app.
        RequestRefused: whatever answers there is no Saleor.
    """
    data = await client.execute("WhoseToken", timeout=_PATIENCE)
    call = HostCall("WhoseToken", client.api_url)
    try:
        told = _Owner.model_validate(data)
    except ValidationError as strange:
        raise RequestRefused(call, "its answer is not Saleor's") from strange
    if told.app is None:
        raise TokenRefused(call)
    major, minor = told.shop.schema_version.split(".")[:2]
    return TokenOwner(
        app_id=told.app.id,
        identifier=told.app.identifier or "",
        version=told.shop.version,
        schema_version=(int(major), int(minor)),
        permissions=frozenset(one.code for one in told.app.permissions or ()),
    )


async def fetch_jwks(http: httpx.AsyncClient, api_url: SaleorApiUrl) -> KeySet:
    """Fetches the keys by which a shop signs its webhooks and tokens.

    Raises:
        HostUnavailable: the shop gave none.
    """
    call = HostCall("jwks", api_url)
    parts = urlsplit(api_url)
    address = urlunsplit((parts.scheme, parts.netloc, "/.well-known/jwks.json", "", ""))
    seconds = _PATIENCE.total_seconds()
    try:
        async with (
            asyncio.timeout(seconds),
            http.stream("GET", address, timeout=seconds, follow_redirects=False) as response,
        ):
            body = await capped_body(response, most=_MOST_BYTES)
        return read_keys(body or b"")
    except TimeoutError as late:
        raise HostUnavailable(call, f"nothing came within {seconds:g} s") from late
    except httpx.HTTPError as broken:
        raise HostUnavailable(call, type(broken).__name__) from broken
    except ValueError as garbled:
        raise HostUnavailable(call, "the answer holds no keys") from garbled


def _split(api_url: str) -> SplitResult:
    try:
        parts = urlsplit(api_url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError as malformed:
        raise ShopAddressRefused(api_url, "it is no address") from malformed
    # Parsing drops line breaks and tabs; what is kept and called is the address as it came.
    if parts.geturl() != api_url or not (api_url.isascii() and api_url.isprintable()):
        raise ShopAddressRefused(api_url, "it is not in its plain form")
    try:
        httpx.URL(api_url)
    except httpx.InvalidURL as malformed:
        raise ShopAddressRefused(api_url, "it is no address") from malformed
    return parts


async def _refuse_local(api_url: str, host: str, port: int) -> None:
    """Refuses a name behind which anything but the public internet stands."""
    try:
        found = await look_up(host, port)
    except OSError as unknown:
        raise ShopAddressRefused(api_url, "its host does not exist") from unknown
    if not all_public(found):
        raise ShopAddressRefused(api_url, "its host is not on the public internet")
