"""How long the shop takes: no time at all, or what a real one took."""

import asyncio
from typing import Literal

Latency = Literal["none", "real"]

# Seconds an order takes a host with one worker on two cores (Saleor 3.23, 2026-11-20).
_DRAFTED = 0.110
_COMPLETED = 0.150


class Pace:
    """Keeps answers back for as long as the work in them would have taken.

    A host with one worker does one thing at a time, so requests in flight wait for each other.
    """

    def __init__(self, latency: Latency) -> None:
        self._is_real = latency == "real"
        self._turn = asyncio.Lock()

    async def work(self, *, drafted: int, completed: int) -> None:
        """Waits as long as drafting and completing that many orders takes."""
        seconds = drafted * _DRAFTED + completed * _COMPLETED
        if self._is_real and seconds:
            async with self._turn:
                await asyncio.sleep(seconds)
