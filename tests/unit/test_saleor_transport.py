"""Shops are reached at judged addresses only."""

from collections.abc import Iterable

import httpcore
import httpx
import pytest

from saleor_amazon_app.saleor.transport import (
    JudgedSockets,
    Resolve,
    ShopTransport,
    all_public,
    look_up,
)

PUBLIC = "8.8.8.8"
PLAIN = httpx.Limits()


class Sockets(httpcore.AsyncNetworkBackend):
    """Opens nothing, remembers where to, and fails for addresses that do not answer."""

    def __init__(self, *, silent: Iterable[str] = ()) -> None:
        self.asked: list[tuple[str, int]] = []
        self._silent = set(silent)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.asked.append((host, port))
        if host in self._silent:
            raise httpcore.ConnectTimeout
        return httpcore.AsyncMockStream([])


def resolving(*answers: list[str]) -> Resolve:
    """A name service that gives one answer after the other."""
    waiting = list(answers)

    async def resolve(_host: str, _port: int) -> list[str]:
        return waiting.pop(0)

    return resolve


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_off_the_public_internet_is_told(address: str) -> None:
    assert not all_public([address])
    assert not all_public([PUBLIC, address])


@pytest.mark.parametrize(
    "address", [PUBLIC, "::ffff:8.8.8.8", "64:ff9b::808:808", "2606:4700:4700::1111"]
)
def test_an_address_on_the_public_internet_is_told(address: str) -> None:
    assert all_public([address])


async def test_a_connection_is_made_to_the_very_address_that_was_judged() -> None:
    # given
    sockets = Sockets()
    judged = JudgedSockets(resolving([PUBLIC]), sockets)

    # when
    await judged.connect_tcp("shop.example", 443)

    # then
    assert sockets.asked == [(PUBLIC, 443)]


async def test_a_name_that_leads_elsewhere_the_next_time_is_not_followed() -> None:
    # given
    sockets = Sockets()
    judged = JudgedSockets(resolving([PUBLIC], ["127.0.0.1"], [PUBLIC, "10.0.0.1"]), sockets)
    await judged.connect_tcp("shop.example", 443)

    # when
    for _ in range(2):
        with pytest.raises(httpcore.ConnectError, match="not on the public internet"):
            await judged.connect_tcp("shop.example", 443)

    # then
    assert sockets.asked == [(PUBLIC, 443)]


async def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    # given
    sockets = Sockets(silent=[PUBLIC])
    judged = JudgedSockets(resolving([PUBLIC, "1.1.1.1"]), sockets)

    # when
    await judged.connect_tcp("shop.example", 443)

    # then
    assert [address for address, _ in sockets.asked] == [PUBLIC, "1.1.1.1"]


async def test_no_more_than_three_addresses_are_tried() -> None:
    # given
    many = [f"8.8.8.{number}" for number in range(1, 9)]
    sockets = Sockets(silent=many)
    judged = JudgedSockets(resolving(many), sockets)

    # when
    with pytest.raises(httpcore.ConnectTimeout):
        await judged.connect_tcp("shop.example", 443)

    # then
    assert [address for address, _ in sockets.asked] == many[:3]


async def test_a_name_without_an_address_leads_nowhere() -> None:
    with pytest.raises(httpcore.ConnectError, match="no address"):
        await JudgedSockets(resolving([]), Sockets()).connect_tcp("shop.example", 443)


@pytest.mark.parametrize("url", ["http://localhost:9/", "http://127.0.0.1:9/", "http://[::1]:9/"])
async def test_the_line_to_shops_reaches_nothing_local(url: str) -> None:
    async with httpx.AsyncClient(transport=ShopTransport(PLAIN)) as shops:
        with pytest.raises(httpx.ConnectError, match="not on the public internet"):
            await shops.get(url)


async def test_the_line_to_shops_judges_every_connection() -> None:
    # given
    transport = ShopTransport(PLAIN, resolve=resolving(["10.0.0.1"], ["::ffff:127.0.0.1"]))

    # when
    async with httpx.AsyncClient(transport=transport) as shops:
        for url in ("https://shop.example/graphql/", "http://shop.example:8000/graphql/"):
            with pytest.raises(httpx.ConnectError, match=r"shop\.example is not on the public"):
                await shops.get(url)


async def test_a_name_nobody_can_have_is_unknown() -> None:
    host = "a" * 300 + ".example"
    with pytest.raises(OSError, match="no name of a host"):
        await look_up(host, 443)
    async with httpx.AsyncClient(transport=ShopTransport(PLAIN)) as shops:
        with pytest.raises(httpx.ConnectError, match="is unknown"):
            await shops.get(f"https://{host}/graphql/")
