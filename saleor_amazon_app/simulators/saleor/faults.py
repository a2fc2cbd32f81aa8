"""Failures on purpose: what is to go wrong with one of the next requests to the shop's API.

Nothing here is invented: a proxy answers for a host that is down, connections break after the
work was done, the host finishes what a caller no longer waits for.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from saleor_amazon_app.simulators.saleor.state import Shop

Act = Callable[[], Awaitable[Response]]
Fault = Callable[[Act], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class _Waiting:
    fault: Fault
    only_mutations: bool


class Faults:
    """The failures that are waiting; each one spoils one request and is gone.

    `down` and `refuse_request_containing` last until they are taken back.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._waiting: list[_Waiting] = []
        self._is_down = False
        self._going_on: set[asyncio.Task[Response]] = set()

    def lose_response(self, times: int = 1) -> None:
        """Carries out the next mutation, then breaks the connection in the middle of the answer."""
        self._waiting.extend([_Waiting(_lost, only_mutations=True)] * times)

    def fail_next(self, status: int = 503, times: int = 1) -> None:
        """Answers the next request with an error page instead of doing it."""

        async def page(_act: Act) -> Response:
            return _error_page(status)

        self._waiting.extend([_Waiting(page, only_mutations=False)] * times)

    def slow_next(self, seconds: float, times: int = 1) -> None:
        """Does the next request and keeps the answer back, so that the caller may give up first."""

        async def late(act: Act) -> Response:
            response = await act()
            await asyncio.sleep(seconds)
            return response

        self._waiting.extend([_Waiting(late, only_mutations=False)] * times)

    def give_up_next(self, seconds: float = 1.0, times: int = 1) -> None:
        """Answers the next mutation 504 at once, while the host goes on with it for some seconds.

        What was a draft when it began is completed at the end, whatever became of it meanwhile:
        the host looks at an order's status only once, and then allocates its stock twice.
        """

        async def given_up(act: Act) -> Response:
            begun = self._shop.drafts()

            async def go_on() -> Response:
                await asyncio.sleep(seconds)
                self._shop.begun_as_drafts |= begun
                try:
                    return await act()
                finally:
                    self._shop.begun_as_drafts -= begun

            # Somebody has to hold a task, or it may be thrown away half done.
            task = asyncio.create_task(go_on())
            self._going_on.add(task)
            task.add_done_callback(self._going_on.discard)
            return _error_page(504)

        self._waiting.extend([_Waiting(given_up, only_mutations=True)] * times)

    def deadlock_next_completion(self, times: int = 1) -> None:
        """Makes the next `draftOrderComplete` crash by itself, whatever else its request does.

        Orders that are completed at the same time and share goods in another order of lines meet
        like that in the host's database; a second try succeeds.
        """
        self._shop.deadlocks += times

    def down(self, is_down: bool = True) -> None:
        """Takes the whole API away, or brings it back; on a port a proxy answers 502 for it."""
        self._is_down = is_down

    def refuse_request_containing(self, reference: str, *, refuse: bool = True) -> None:
        """Makes the host fall over whenever an import contains that external reference."""
        if refuse:
            self._shop.crashing_references.add(reference)
        else:
            self._shop.crashing_references.discard(reference)

    def forget_all(self) -> None:
        """Lets everything work again; a token that was revoked stays so."""
        self._waiting.clear()
        self._is_down = False
        self._shop.deadlocks = 0
        self._shop.crashing_references.clear()

    def revoke_token(self, token: str) -> None:
        """Makes a token nobody's, as when the app is removed or deactivated."""
        self._shop.apps.pop(token, None)

    async def meet(self, act: Act, *, is_mutation: bool, served: bool) -> Response:
        """Carries the request out, or lets the first failure that concerns it have its way."""
        if self._is_down:
            if not served:
                raise httpx.ConnectError("the simulated shop is down")
            return _error_page(502)
        for waiting in self._waiting:
            if is_mutation or not waiting.only_mutations:
                self._waiting.remove(waiting)
                return await waiting.fault(act)
        return await act()


def _error_page(status: int) -> Response:
    return HTMLResponse(f"<html><body><h1>{status}</h1></body></html>", status)


async def _lost(act: Act) -> Response:
    acted = await act()
    return _BrokenAnswer(acted.body, acted.status_code, dict(acted.headers))


class _BrokenAnswer(Response):
    """Half an answer, then nothing: a server hangs up when an application ends like that."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the beginning and breaks."""
        status, headers = self.status_code, self.raw_headers
        await send({"type": "http.response.start", "status": status, "headers": headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        if not scope["app"].state.served:
            raise httpx.ReadError("the simulated shop broke the connection")
