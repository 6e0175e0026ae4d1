"""An index whose builder was killed, at any moment, answers as before or as after, and the next run finishes."""

import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rag.index.mending import GENERATIONS
from rag.index.verify import require_sound, verify_index
from tests.rag.index.runs import Runs, runs_of
from tests.rag.index.states import AFTER, BEFORE, answers, write_collection

FILES = ["CURRENT", "LOCK", GENERATIONS, "vectors.sqlite3", "vectors.sqlite3.seal"]


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    with runs_of() as started:
        yield started


@dataclass(frozen=True)
class Change:
    """An index of the collection as it was, the collection as it is now, and what each answers."""

    index: Path
    corpus: Path
    before: list[Any]
    after: list[Any]

    def fresh(self) -> Path:
        """The index as it was."""
        place = self.index.with_name("tried")
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.index, place)
        return place

    def check(self, index: Path, runs: Runs) -> None:
        """What is served is whole, and the next run clears up and finishes."""
        served = answers(index)
        assert served in (self.before, self.after)
        require_sound(index, verify_index(index))

        assert runs.run(self.corpus, index).error == ""

        assert answers(index) == self.after
        assert sorted(path.name for path in index.iterdir()) == FILES
        assert len(list((index / GENERATIONS).iterdir())) == 2
        require_sound(index, verify_index(index))


@pytest.fixture(scope="module")
def change(tmp_path_factory: pytest.TempPathFactory, runs: Runs) -> Change:
    place = tmp_path_factory.mktemp("killed")
    corpus = write_collection(place / "corpus", BEFORE)
    index, other = place / "index", place / "other"
    assert runs.run(corpus, index).error == ""
    shutil.copytree(index, other)
    write_collection(corpus, AFTER)
    assert runs.run(corpus, other).error == ""
    before, after = answers(index), answers(other)
    assert before != after
    return Change(index, corpus, before, after)


def stops(change: Change, runs: Runs, **options: object) -> list[tuple[str, int]]:
    """Every step of a run by its name: the first time that it is reached and the last."""
    ended = runs.run(change.corpus, change.fresh(), watch=True, **options)
    assert (ended.status, ended.error) == (0, "")
    counted = Counter(ended.steps)
    return sorted({(name, time) for name, count in counted.items() for time in (1, count)})


def kill_at(change: Change, runs: Runs, chosen: list[tuple[str, int]], **options: object) -> None:
    for name, occurrence in chosen:
        index = change.fresh()
        ended = runs.run(change.corpus, index, stop=[name, occurrence], **options)
        assert ended.status == -signal.SIGKILL, name
        change.check(index, runs)


def kill_at_random(change: Change, runs: Runs, times: int) -> int:
    """Kill runs at moments spread over their length; return how many were still running."""
    started = time.perf_counter()
    assert runs.run(change.corpus, change.fresh()).error == ""
    length = time.perf_counter() - started
    moments = random.Random(8)  # noqa: S311 - which moments is of no consequence
    killed = 0
    for _ in range(times):
        index = change.fresh()
        ended = runs.run(change.corpus, index, kill_after_s=moments.uniform(0, length))
        killed += ended.status == -signal.SIGKILL
        change.check(index, runs)
    return killed


def test_a_run_that_is_watched_shows_the_steps_that_matter(change: Change, runs: Runs) -> None:
    names = {name for name, _ in stops(change, runs)}

    assert {
        "call generations.publish", "c_call rename in publish", "c_return replace in write_pointer",
        "return pointer.write_pointer", "c_call fsync in flush", "call vector_cache.VectorCache.close",
        "call generations.remove_leftovers", "c_call execute in PassageStore.add", "call draft.GenerationDraft.save",
    } <= names  # fmt: skip
    assert len(names) > 100


def test_killed_at_some_named_steps(change: Change, runs: Runs) -> None:
    found = stops(change, runs)

    kill_at(change, runs, found[:: len(found) // 12])


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("rebuild", [False, True])
def test_killed_at_every_named_step(change: Change, runs: Runs, rebuild: bool) -> None:
    kill_at(change, runs, stops(change, runs, rebuild=rebuild), rebuild=rebuild)


def test_killed_at_ten_random_moments(change: Change, runs: Runs) -> None:
    kill_at_random(change, runs, 10)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_at_a_hundred_random_moments(change: Change, runs: Runs) -> None:
    assert kill_at_random(change, runs, 100) > 50


def test_first_run_that_is_killed_leaves_no_index_or_a_whole_one(change: Change, runs: Runs, tmp_path: Path) -> None:
    for name in ("call pointer.write_pointer", "return pointer.write_pointer", "call draft.GenerationDraft.save"):
        index = tmp_path / name
        assert runs.run(change.corpus, index, stop=[name, 1]).status == -signal.SIGKILL
        assert (index / "CURRENT").exists() == name.startswith("return")

        assert runs.run(change.corpus, index).error == ""
        assert answers(index) == change.after
        assert len(list((index / GENERATIONS).iterdir())) == 1
