"""The way to shops: a name is looked up, judged, and connected to at the very address judged.

Anyone may bring the address of a shop. A name that led to the public internet when the app was
installed may lead into the operator's own network a second later, so every connection is judged
anew, and the name is not looked up again between the judgement and the connection.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

import httpcore
import httpx
import structlog

Resolve = Callable[[str, int], Awaitable[list[str]]]

_LOOK_UP_SECONDS = 5.0
_ADDRESSES_TRIED = 3
# Everything in IPv6 that is handed out for the public internet.
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
# Where a network without IPv4 translates to it; the last 32 bits are the IPv4 address.
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")

log = structlog.get_logger(__name__)


async def look_up(host: str, port: int) -> list[str]:
    """Every IP address behind a name.

    Raises:
        OSError: there is none, or nobody could tell in time.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_LOOK_UP_SECONDS):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as unspeakable:
        raise OSError("no name of a host") from unspeakable
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def all_public(addresses: Iterable[str]) -> bool:
    """Tells whether all addresses stand on the public internet, however they are written."""
    return all(_is_public(address) for address in addresses)


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return ip.is_global and not ip.is_multicast
    if ip.ipv4_mapped is not None:
        return _is_public(str(ip.ipv4_mapped))
    if ip in _NAT64:
        return _is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    if ip.sixtofour is not None:
        return _is_public(str(ip.sixtofour))
    return ip in _GLOBAL_UNICAST and ip.is_global and ip.teredo is None


class ShopTransport(httpx.AsyncHTTPTransport):
    """Connections to shops, to judged addresses only."""

    def __init__(self, limits: httpx.Limits, *, resolve: Resolve = look_up) -> None:
        super().__init__(limits=limits)
        # httpx has no argument for it. A pool by another name fails here, at the start: the pool
        # that is replaced must be the one that connects.
        if not isinstance(self._pool, httpcore.AsyncConnectionPool):
            raise TypeError("httpx keeps its connections in an unknown way")
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=JudgedSockets(resolve, httpcore.AnyIOBackend()),
        )


class JudgedSockets(httpcore.AsyncNetworkBackend):
    """Opens sockets to addresses that were judged; TLS still asks for the name."""

    def __init__(self, resolve: Resolve, sockets: httpcore.AsyncNetworkBackend) -> None:
        self._resolve = resolve
        self._sockets = sockets

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connects to the first address that answers.

        Raises:
            ConnectError: the name is unknown, leads off the public internet, or nothing answers.
        """
        try:
            addresses = await self._resolve(host, port)
        except OSError as unknown:
            raise httpcore.ConnectError(f"{host} is unknown") from unknown
        if not all_public(addresses):
            log.warning("shop_off_public_internet", host=host)
            raise httpcore.ConnectError(f"{host} is not on the public internet")
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses[:_ADDRESSES_TRIED]:
            try:
                return await self._sockets.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def sleep(self, seconds: float) -> None:
        """Waits; the pool asks for it between its own attempts."""
        await self._sockets.sleep(seconds)
