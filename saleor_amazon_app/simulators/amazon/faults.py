"""Failures on purpose: what is to go wrong with one of the next requests.

Nothing here is invented: gateways answer without Amazon's error form, pages of HTML come with 503,
connections break after the work was done, and answers arrive cut short.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from saleor_amazon_app.simulators.amazon.answers import (
    Refused,
    json_answer,
    quota_exceeded,
    refusal,
)
from saleor_amazon_app.simulators.amazon.buckets import Operation

Act = Callable[[], Awaitable[Response]]
Fault = Callable[[Act], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class _Waiting:
    fault: Fault
    operation: Operation | None

    def concerns(self, operation: Operation) -> bool:
        if self.operation is None:
            return operation is not Operation.GET_TOKEN
        return self.operation is operation


class Faults:
    """The failures that are waiting; each one spoils one request and is gone.

    Every method takes the operation to wait for; without one, the next request to the Selling
    Partner API is spoiled whatever it asks (Login with Amazon only when it is named).
    """

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def throttle_next(
        self,
        times: int = 1,
        *,
        by_gateway: bool = False,
        empty: bool = False,
        operation: Operation | None = None,
    ) -> None:
        """Answers 429 instead: with Amazon's error, the bare words of the gateway, or no word."""
        answer = refusal(quota_exceeded())
        if by_gateway:
            answer = json_answer({"message": "Too Many Requests"}, 429)
        self._put(_instead(Response(status_code=429) if empty else answer), times, operation)

    def fail_next(
        self,
        status: int = 503,
        *,
        times: int = 1,
        html: bool = False,
        operation: Operation | None = None,
    ) -> None:
        """Answers with an error instead: Amazon's form, or a page of HTML."""
        page = HTMLResponse("<html><body><h1>Service Unavailable</h1></body></html>", status)
        code = "InvalidInput" if status == 400 else "InternalFailure"
        error = refusal(Refused(status, code, "The request could not be carried out."))
        self._put(_instead(page if html else error), times, operation)

    def lose_response(self, times: int = 1, *, operation: Operation | None = None) -> None:
        """Does what is asked, then breaks the connection in the middle of the answer."""
        self._put(_lost, times, operation)

    def time_out_next(self, times: int = 1, *, operation: Operation | None = None) -> None:
        """Does nothing and never answers; the caller's own time limit has to end it."""
        self._put(_silent, times, operation)

    def break_off_next_page(self, times: int = 1) -> None:
        """Cuts the next page of orders in half, although the transport says it is complete."""
        self._put(_cut_short, times, Operation.SEARCH_ORDERS)

    def forget_all(self) -> None:
        """Lets everything work again."""
        self._waiting.clear()

    async def meet(self, operation: Operation, act: Act) -> Response:
        """Carries the request out, or lets the first failure that concerns it have its way."""
        for waiting in self._waiting:
            if waiting.concerns(operation):
                self._waiting.remove(waiting)
                return await waiting.fault(act)
        return await act()

    def _put(self, fault: Fault, times: int, operation: Operation | None) -> None:
        self._waiting.extend([_Waiting(fault, operation)] * times)


def _instead(response: Response) -> Fault:
    async def answer(_act: Act) -> Response:
        return Response(response.body, response.status_code, media_type=response.media_type)

    return answer


async def _lost(act: Act) -> Response:
    acted = await act()
    if not acted.body:
        # An answer without a body is whole with its head; only one that promises more can break.
        return _BrokenAnswer(b"", 200, {"content-length": "2"})
    return _BrokenAnswer(acted.body, acted.status_code, dict(acted.headers))


async def _silent(_act: Act) -> Response:
    return _Silence()


async def _cut_short(act: Act) -> Response:
    acted = await act()
    half = bytes(acted.body)[: len(acted.body) // 2]
    return Response(half, acted.status_code, media_type=acted.media_type)


class _BrokenAnswer(Response):
    """Half an answer, then nothing: a server hangs up when an application ends like that."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the beginning and breaks."""
        status, headers = self.status_code, self.raw_headers
        await send({"type": "http.response.start", "status": status, "headers": headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        if not scope["app"].state.served:
            raise httpx.ReadError("the simulated Amazon broke the connection")


class _Silence(Response):
    """No answer at all. In-process there is no socket to wait on, so the time limit is raised."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Waits until the caller gives up."""
        if not scope["app"].state.served:
            raise httpx.ReadTimeout("the simulated Amazon does not answer")
        while (await receive())["type"] != "http.disconnect":
            pass
