"""Simultaneous calls are merged, everyone gets their own vectors, and a failure reaches everyone."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.embed.batching import MAX_TEXTS, BatchingEncoder
from rag.types import Vectors
from tests.fakes import HashedEncoder


class SlowEncoder(HashedEncoder):
    """Waits in its first run until it is told to go on, and counts its runs."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on, self.started = threading.Event(), threading.Event()
        self.sizes: list[int] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.sizes.append(len(texts))
        self.started.set()
        assert self.go_on.wait(10)
        if "bad" in texts:
            raise ValueError("a bad text")
        return super().encode(texts)


def wait_for(batching: BatchingEncoder, count: int) -> None:
    """Return when so many calls wait behind the run under way."""
    while len(batching._waiting) < count:
        threading.Event().wait(0.001)


def test_calls_during_a_run_are_merged_into_the_next() -> None:
    slow = SlowEncoder()
    batching = BatchingEncoder(slow)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(batching.encode, ["first"])
        assert slow.started.wait(10)
        others = [pool.submit(batching.encode, [f"text {n}", f"more {n}"]) for n in range(5)]
        wait_for(batching, 5)
        slow.go_on.set()
        found = [first.result(10), *(other.result(10) for other in others)]

    assert slow.sizes == [1, 10]
    for n, vectors in enumerate(found[1:]):
        np.testing.assert_array_equal(vectors, HashedEncoder().encode([f"text {n}", f"more {n}"]))


def test_run_has_a_largest_size_and_everyone_is_served() -> None:
    slow = SlowEncoder()
    batching = BatchingEncoder(slow)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(batching.encode, ["first"])
        assert slow.started.wait(10)
        others = [pool.submit(batching.encode, ["text"] * (MAX_TEXTS // 2)) for _ in range(5)]
        wait_for(batching, 5)
        slow.go_on.set()
        assert [len(one.result(10)) for one in (first, *others)] == [1, *[MAX_TEXTS // 2] * 5]

    assert slow.sizes == [1, MAX_TEXTS, MAX_TEXTS, MAX_TEXTS // 2]


def test_failure_reaches_whoever_waited_and_nobody_after() -> None:
    slow = SlowEncoder()
    slow.go_on.set()
    batching = BatchingEncoder(slow)

    with pytest.raises(ValueError, match="a bad text"):
        batching.encode(["bad"])
    assert batching.encode(["good"]).shape == (1, 64)


def test_it_is_named_as_its_encoder() -> None:
    inner = HashedEncoder()
    inner.encode([])
    batching = BatchingEncoder(inner)

    assert (batching.name, batching.dimension, batching.max_tokens) == (inner.name, 64, 256)
    assert batching.count_tokens(["two words"]) == inner.count_tokens(["two words"])
    assert batching.encode([]).shape == (0, 64)
