"""Stop work that nobody waits for any more."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import TypeVar

Part = TypeVar("Part")


class StoppedError(Exception):
    """Work was given up because its result is no longer wanted; never reaches a caller."""


class Stop:
    """A wish to stop, made once from any thread and asked for between steps."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wished = False
        self._calls: list[Callable[[], object]] = []

    def wish(self) -> None:
        """Ask the work to stop; what waits is woken."""
        with self._lock:
            self._wished = True
            calls, self._calls = self._calls, []
        for call in calls:
            call()

    @property
    def wished(self) -> bool:
        """Whether the work should stop."""
        return self._wished

    def check(self) -> None:
        """Go on, unless the work should stop.

        Raises:
            StoppedError: it should.
        """
        if self._wished:
            raise StoppedError

    def on_wish(self, call: Callable[[], object]) -> None:
        """Have something called when the work should stop; at once when it should already."""
        with self._lock:
            if not self._wished:
                self._calls.append(call)
                return
        call()


async def in_thread(parts: Iterator[Part], stop: Stop) -> AsyncGenerator[Part]:
    """Yield what an iterator gives while it runs in a thread of its own, so that the event loop stays free.

    When the consumer is cancelled or leaves, `stop` is wished for and the thread is waited for, so that nothing goes
    on behind its back.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[Part] | BaseException | None] = asyncio.Queue()

    def work() -> None:
        last: BaseException | None = None
        try:
            for part in parts:
                if stop.wished:
                    break
                loop.call_soon_threadsafe(queue.put_nowait, (part,))
        except StoppedError:
            pass
        except BaseException as error:  # handed to whoever waits
            last = error
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
            loop.call_soon_threadsafe(queue.put_nowait, last)

    worker = asyncio.create_task(asyncio.to_thread(work))
    try:
        while (item := await queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item[0]
    finally:
        stop.wish()
        await asyncio.wait([worker])
