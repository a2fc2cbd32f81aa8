"""A browser, and what it looks at."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Generator
from typing import Any

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from saleor_amazon_app.core.times import utc_now
from saleor_amazon_app.entrypoints.tryout import TryOut, try_out
from saleor_amazon_app.simulators.world import make_world
from tests.browser.app_pages import PICTURES, Api, open_api
from tests.browser.little_app import LittleApp, little_app_in_a_shop

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# A browser that looks at this machine only: it asks nobody for updates, lists or weather.
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
_PATIENCE_MS = 30_000
_FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=_PATIENCE_MS)
_ORDERS = 40
_IMPORTED_WITHIN_SECONDS = 120


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip("there is no Chromium; install it or name one in CHROMIUM")
    flags = [*_QUIET, "--no-sandbox"] if os.geteuid() == 0 else list(_QUIET)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        await browser.close()


@pytest.fixture
async def visit(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A visit of somebody who was never here before."""
    context = await browser.new_context(
        viewport=ViewportSize(width=1440, height=900), color_scheme="light", locale="en-US"
    )
    context.set_default_timeout(_PATIENCE_MS)
    yield context
    await context.close()


@pytest.fixture
async def page(visit: BrowserContext, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """A page, whose last look is kept when a test fails."""
    page = await visit.new_page()
    yield page
    if request.node.stash.get(_FAILED, False):
        await page.screenshot(path=PICTURES / f"failed-{request.node.name}.png")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, Any]:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
async def little_app(browser: Browser) -> AsyncIterator[LittleApp]:
    async with little_app_in_a_shop() as app:
        yield app


@pytest.fixture(scope="session")
async def tried(browser: Browser) -> AsyncIterator[TryOut]:
    """The whole product: sellers, a shop and the app, with orders that are placed or held."""
    world = make_world(orders=_ORDERS, seed=4, now=utc_now(), speed=60)
    async with try_out(world) as tried:
        async with asyncio.timeout(_IMPORTED_WITHIN_SECONDS):
            while (await tried.progress()).decided < _ORDERS * 0.8:
                await asyncio.sleep(0.5)
        yield tried


@pytest.fixture(scope="session")
async def api(tried: TryOut) -> Api:
    return await open_api(tried)
