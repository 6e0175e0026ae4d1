"""Whether this process can answer readers now: every part is really tried, by name, off the page's way."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from rag.logs import log_event

logger = logging.getLogger(__name__)

Check = Callable[[], object]
"""Tries one part; raises whatever goes wrong."""

KEEP_S = 3.0
"""How long a result is given again without another try: a probe each second, or many probes, cost one try."""

LIMIT_S = 2.0
"""How long one try may take before the part counts as failing, in seconds."""

OK = "ok"
SLOW = "no answer in time"


@dataclass
class _Part:
    """One part: its check, what the last try found, and the try under way."""

    check: Check
    found: str = ""
    tried: float = float("-inf")
    trying: Future[Exception | None] | None = None
    begun: float = 0.0


class Readiness:
    """Tries parts in threads of their own and remembers for a moment what was found. For one event loop.

    A try that hangs is left alone and not joined by a second one; its part fails until it comes back.
    """

    def __init__(self, checks: Mapping[str, Check], *, keep_s: float = KEEP_S, limit_s: float = LIMIT_S) -> None:
        self._parts = {name: _Part(check) for name, check in checks.items()}
        self._keep_s = keep_s
        self._limit_s = limit_s

    @property
    def names(self) -> tuple[str, ...]:
        """What can be tried."""
        return tuple(self._parts)

    async def report(self, only: Collection[str] = ()) -> dict[str, str]:
        """Return "ok" or what is wrong by part.

        Args:
            only: these parts; all where it is empty.
        """
        chosen = [name for name in self._parts if not only or name in only]
        found = await asyncio.gather(*(self._found(name, self._parts[name]) for name in chosen))
        return dict(zip(chosen, found, strict=True))

    async def _found(self, name: str, part: _Part) -> str:
        if time.monotonic() - part.tried < self._keep_s:
            return part.found
        if part.trying is None:
            part.trying, part.begun = _in_thread(name, part.check), time.monotonic()
        trying = part.trying
        left = part.begun + self._limit_s - time.monotonic()
        if left > 0 and not trying.done():
            await asyncio.wait([asyncio.wrap_future(trying)], timeout=left)
        self._take(name, part, trying)
        return part.found

    def _take(self, name: str, part: _Part, trying: Future[Exception | None]) -> None:
        """Remember what a try found; of several probes that waited for it the first does."""
        if part.trying is not trying:
            return
        before = part.found
        if not trying.done():
            part.found = SLOW
        else:
            error = trying.result()
            part.found = OK if error is None else type(error).__name__
            part.trying, part.tried = None, time.monotonic()
        if part.found != before and not (part.found == OK and not before):
            detail = str(trying.result() or "") if trying.done() else ""
            fields = {"part": name, "found": part.found, "detail": detail}
            log_event(logger, "readiness", fields, level=logging.INFO if part.found == OK else logging.WARNING)


def _in_thread(name: str, check: Check) -> Future[Exception | None]:
    """Run a check in a thread that a stop of the program does not wait for; gives what went wrong, or None."""
    future: Future[Exception | None] = Future()
    future.set_running_or_notify_cancel()  # from here on nobody who gives up waiting can cancel it

    def work() -> None:
        try:
            check()
        except Exception as error:  # whatever it is, the part does not work
            future.set_result(error)
        else:
            future.set_result(None)

    threading.Thread(target=work, name=f"citewell-check-{name}", daemon=True).start()
    return future
