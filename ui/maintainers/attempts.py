"""How often a password may be tried."""

import threading
import time
from collections import deque

LIMIT = 5
WINDOW_S = 900.0
MAX_CLIENTS = 1000


class Attempts:
    """Counts wrong passwords by client, and all of them together. Safe to share between threads.

    After `limit` wrong ones within the window a client waits. All clients together have twenty times as many, so that
    changing the address does not help for long.
    """

    def __init__(self, *, limit: int = LIMIT, window_s: float = WINDOW_S) -> None:
        self._limit = limit
        self._window_s = window_s
        self._lock = threading.Lock()
        self._failed: dict[str, deque[float]] = {}

    def wait_s(self, client: str) -> float:
        """Return how many seconds a client must wait before the next try, 0 when it may try now."""
        now = time.monotonic()
        with self._lock:
            self._forget(now)
            own = self._failed.get(client, deque())
            if len(own) >= self._limit:
                return own[0] + self._window_s - now
            together = sorted(at for times in self._failed.values() for at in times)
            if len(together) >= 20 * self._limit or len(self._failed) >= MAX_CLIENTS:
                return together[0] + self._window_s - now
            return 0.0

    def failed(self, client: str) -> None:
        """Count a wrong password."""
        with self._lock:
            self._failed.setdefault(client, deque()).append(time.monotonic())

    def passed(self, client: str) -> None:
        """Forget a client's wrong passwords."""
        with self._lock:
            self._failed.pop(client, None)

    def _forget(self, now: float) -> None:
        for client, times in list(self._failed.items()):
            while times and now - times[0] >= self._window_s:
                times.popleft()
            if not times:
                del self._failed[client]
