"""What an installation must prove before its token is kept: where it came from and whose it is."""

import asyncio
import ipaddress
import re
import socket
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit, urlunsplit

import httpx
from jwt import PyJWKSet
from jwt.exceptions import PyJWTError

from saleor_amazon_app.core.ids import SaleorApiUrl
from saleor_amazon_app.saleor.client import SaleorClient, capped_body
from saleor_amazon_app.saleor.errors import (
    HostCall,
    HostUnavailable,
    ShopAddressRefused,
    TokenRefused,
)

_PATIENCE = timedelta(seconds=15)
_MOST_BYTES = 64 * 1024


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
    """
    data = await client.execute("WhoseToken", timeout=_PATIENCE)
    app, shop = data["app"], data["shop"]
    if app is None:
        raise TokenRefused(HostCall("WhoseToken", client.api_url))
    major, minor = shop["schemaVersion"].split(".")[:2]
    return TokenOwner(
        app_id=app["id"],
        identifier=app["identifier"] or "",
        version=shop["version"],
        schema_version=(int(major), int(minor)),
        permissions=frozenset(one["code"] for one in app["permissions"] or ()),
    )


async def fetch_jwks(http: httpx.AsyncClient, api_url: SaleorApiUrl) -> str:
    """Fetches the keys by which a shop signs its webhooks and tokens, as their JSON text.

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
        keys = (body or b"").decode()
        PyJWKSet.from_json(keys)
    except TimeoutError as late:
        raise HostUnavailable(call, f"nothing came within {seconds:g} s") from late
    except httpx.HTTPError as broken:
        raise HostUnavailable(call, type(broken).__name__) from broken
    except (PyJWTError, ValueError, AttributeError, KeyError) as garbled:
        raise HostUnavailable(call, "the answer holds no keys") from garbled
    return keys


def _split(api_url: str) -> SplitResult:
    try:
        parts = urlsplit(api_url)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError as malformed:
        raise ShopAddressRefused(api_url, "it is no address") from malformed
    # Parsing drops line breaks and tabs; what is kept and called is the address as it came.
    if parts.geturl() != api_url:
        raise ShopAddressRefused(api_url, "it is not in its plain form")
    return parts


async def _refuse_local(api_url: str, host: str, port: int) -> None:
    """Refuses a name behind which anything but the public internet stands."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as unknown:
        raise ShopAddressRefused(api_url, "its host does not exist") from unknown
    for *_, address in found:
        ip = ipaddress.ip_address(str(address[0]).partition("%")[0])
        if not ip.is_global or ip.is_multicast:
            raise ShopAddressRefused(api_url, "its host is not on the public internet")
