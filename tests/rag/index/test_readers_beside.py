"""An indexer beside readers, and beside another indexer."""

import itertools
import json
import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.errors import IndexLockedError
from rag.index.build import build_index
from rag.index.lock import HOLDER_FILE, building_lock
from rag.index.roll_back import roll_back
from tests.fakes import HashedEncoder
from tests.rag.index.runs import runs_of
from tests.rag.index.states import AFTER, BEFORE, answers, write_collection

READERS = 10


def in_threads(work: list[Callable[[], None]]) -> None:
    """Run side by side; the first error of any comes out."""
    errors: list[BaseException] = []

    def guarded(part: Callable[[], None]) -> None:
        try:
            part()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(part,)) for part in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_ten_readers_answer_as_before_or_after_while_generations_come_and_go(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    states: list[list[Any]] = []
    for articles in (BEFORE, AFTER):
        build_index([write_collection(corpus, articles)], index, encoder=HashedEncoder())
        states.append(answers(index))
    done = threading.Event()
    asked = itertools.count()

    def read() -> None:
        while not done.is_set():
            assert answers(index) in states
            next(asked)

    def write() -> None:
        try:
            for articles in (BEFORE, AFTER) * 4:
                build_index([write_collection(corpus, articles)], index, encoder=HashedEncoder())
            roll_back(index, model=HashedEncoder().name)
        finally:
            done.set()

    in_threads([write, *[read] * READERS])

    assert next(asked) > READERS
    assert answers(index) == states[0]


def test_who_waits_in_vain_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    corpus, index = write_collection(tmp_path / "corpus", BEFORE), tmp_path / "index"
    with runs_of() as runs, building_lock(index):
        error = runs.run(corpus, index, wait=0.3).error

    assert error.startswith(f"IndexLockedError: {index} is being built by another process (process {os.getpid()} on ")
    assert socket.gethostname() in error
    assert f"since {time.strftime('%Y', time.gmtime())}-" in error
    assert "waited 0.3 s" in error


def test_second_indexer_waits_for_the_first(tmp_path: Path) -> None:
    corpus, index = write_collection(tmp_path / "corpus", BEFORE), tmp_path / "index"
    taken = threading.Event()

    def first() -> None:
        with building_lock(index):
            taken.set()
            time.sleep(0.3)

    def second() -> None:
        taken.wait()
        build_index([corpus], index, encoder=HashedEncoder(), lock_timeout_s=20)

    in_threads([first, second])

    assert len(answers(index)) > 3
    assert not (index / HOLDER_FILE).exists()


@pytest.mark.parametrize("said", ["", "[]", '{"pid": "x"}', "[" * 100_000])
def test_lock_whose_holder_did_not_say_so_is_still_held(tmp_path: Path, said: str) -> None:
    with building_lock(tmp_path):
        (tmp_path / HOLDER_FILE).write_text(said)
        with pytest.raises(IndexLockedError, match="it has not said which"), building_lock(tmp_path):
            pass


def test_holder_that_died_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / HOLDER_FILE).write_text(json.dumps({"pid": 1, "host": "gone", "since": "2020"}))

    with building_lock(tmp_path):
        assert json.loads((tmp_path / HOLDER_FILE).read_text())["pid"] == os.getpid()
