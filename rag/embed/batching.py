"""Embed what several threads ask for at the same time in one run."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

import numpy as np

from rag.embed.wrapped import WrappedEncoder
from rag.types import Encoder, Vectors

MAX_TEXTS = 64
"""Texts that are run together at most, so that nobody waits long for the texts of others."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What one thread wants embedded, and where it waits for the vectors."""

    texts: tuple[str, ...]
    vectors: "Future[Vectors]" = field(default_factory=Future)


class BatchingEncoder(WrappedEncoder):
    """An `Encoder` that merges simultaneous calls. Safe to share between threads.

    A thread that finds nobody at work starts at once, so one reader alone waits for nothing. Threads that come while
    a run is under way leave their texts, and one of them runs all that are waiting next.
    """

    def __init__(self, encoder: Encoder) -> None:
        """Take the encoder that does the work."""
        super().__init__(encoder)
        self._lock = threading.Lock()
        self._running = threading.Lock()
        self._waiting: list[_Wish] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (n, d)."""
        wish = _Wish(tuple(texts))
        with self._lock:
            self._waiting.append(wish)
        while not wish.vectors.done():
            with self._running:  # whoever was here before may have run this wish too
                if not wish.vectors.done():
                    self._run(self._next())
        return wish.vectors.result()

    def _next(self) -> list[_Wish]:
        """Take the wishes of the next run: the oldest, and further ones while they fit."""
        with self._lock:
            count, size = 0, 0
            for wish in self._waiting:
                size += len(wish.texts)
                if count and size > MAX_TEXTS:
                    break
                count += 1
            some, self._waiting = self._waiting[:count], self._waiting[count:]
            return some

    def _run(self, wishes: Sequence[_Wish]) -> None:
        try:
            vectors = self.encoder.encode([text for wish in wishes for text in wish.texts])
            parts = np.split(vectors, np.cumsum([len(wish.texts) for wish in wishes])[:-1])
        except BaseException as error:  # everyone who waits must hear of it
            for wish in wishes:
                wish.vectors.set_exception(error)
            return
        for wish, part in zip(wishes, parts, strict=True):
            wish.vectors.set_result(part)
