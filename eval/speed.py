"""Measure ours and the baselines side by side: in one run, in turns, on the same passages."""

import os
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from eval.speed_articles import Articles
from eval.speed_askers import ASKERS, answers_per_second
from eval.speed_process import Usage
from eval.speed_systems import System
from eval.speed_values import CONTROL, OURS, Values, percentile
from rag.errors import CitewellError
from rag.index.vector_cache import Progress

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Work:
    """What every system is given.

    Attributes:
        articles: the copied articles and their passages.
        many: the same texts as a hundred articles, of which one is edited.
        questions: texts to search for, at least one.
        folder: an empty folder for indexes.
        answer: ours from a question to a whole answer.
        ready: called with our kept index before anything is asked.
        run: runs the command of a cold start.
        limit: passages a second that the machine's matrix products alone would allow; None where that is not known.
    """

    articles: Articles
    many: Articles
    questions: Sequence[str]
    folder: Path
    answer: Callable[[str], object]
    ready: Callable[[Path], None]
    run: Callable[[Sequence[str]], Usage]
    limit: Callable[[], float] | None = None


def turns(systems: Sequence[T], repeat: int) -> list[T]:
    """Return the systems in the order of a repeat: each repeat starts with the next one."""
    first = repeat % len(systems)
    return [*systems[first:], *systems[:first]]


def measure(systems: Sequence[System], work: Work, *, repeats: int, progress: Progress | None = None) -> Values:
    """Return one value per repeat of every measure and system.

    Each system, ours first, builds an index that is kept, asks it, and starts once: what is loaded only once is then
    loaded, and the files are in the system's memory. None of that is counted.

    Raises:
        CitewellError: nothing could be indexed, or a cold start failed.
    """
    values: Values = defaultdict(lambda: defaultdict(list))
    for system in systems:
        kept = _kept(system, work)
        if system.name != CONTROL:  # it asks the same index, or it would be no control
            system.build(work.articles.passages, work.articles.folder, kept)
        if system.name == OURS:
            work.ready(kept)
            work.answer(work.questions[0])
        system.open(kept)
        system.search(work.questions[0])
        _cold(system, work)
    indexing = [system for system in systems if system.name != CONTROL]
    for repeat in range(repeats):
        _index(turns(indexing, repeat), work, values)
        _ask(turns(systems, repeat), work, values)
        for system in turns(systems, repeat):
            usage = _cold(system, work)
            values["cold_wall"][system.name].append(usage.wall_s)
            values["cold_cpu"][system.name].append(usage.cpu_s)
            values["cold_memory"][system.name].append(usage.peak_mb)
        if progress:
            progress(repeat + 1, repeats)
    return {name: dict(by_system) for name, by_system in values.items()}


def _index(systems: Sequence[System], work: Work, values: Values) -> None:
    passages = work.articles.passages
    for system in systems:
        scratch = _empty(work.folder / "scratch")
        wall_s = _seconds(lambda: system.embed(passages, scratch))  # noqa: B023 - called before the next turn
        values["embed"][system.name].append(len(passages) / wall_s)
        if work.limit is not None:
            values["limit_share"][system.name].append(values["embed"][system.name][-1] / work.limit())
    for system in systems:
        index = _empty(work.folder / "scratch") / "index"
        build = lambda: system.build(passages, work.articles.folder, index)  # noqa: B023, E731 - as above
        first_s = _seconds(build)
        values["build"][system.name].append(first_s)
        again = (first_s, first_s) if system.name != OURS else (_seconds(build), _after_edit(work.articles, build))
        values["reindex_unchanged"][system.name].append(again[0])
        if again[1] is not None:
            values["reindex_edited"][system.name].append(again[1])
        if system.name == OURS:
            _index_many(system, work, values)
        else:
            values["reindex_many"][system.name].append(first_s)


def _index_many(system: System, work: Work, values: Values) -> None:
    index = _empty(work.folder / "scratch") / "index"
    build = lambda: system.build(work.many.passages, work.many.folder, index)  # noqa: E731 - timed twice
    values["build_many"][system.name].append(_seconds(build))
    again = _after_edit(work.many, build)
    if again is not None:
        values["reindex_many"][system.name].append(again)


def _after_edit(articles: Articles, build: Callable[[], object]) -> float | None:
    """Return the seconds of indexing after a paragraph was added to one article; the file is put back."""
    path = articles.editable()
    if path is None:
        return None
    before = path.read_bytes()
    try:
        path.write_bytes(before + b"\n\nThis paragraph was added to measure how long an update takes.\n")
        return _seconds(build)
    finally:
        path.write_bytes(before)


def _ask(systems: Sequence[System], work: Work, values: Values) -> None:
    for system in systems:
        wall, cpu = _each(work.questions, system.search)
        for percent in (50, 95):
            values[f"query_wall_p{percent}"][system.name].append(percentile(wall, percent))
            values[f"query_cpu_p{percent}"][system.name].append(percentile(cpu, percent))
    wall, cpu = _each(work.questions, work.answer)
    for percent in (50, 95):
        values[f"answer_wall_p{percent}"][OURS].append(percentile(wall, percent))
    values["answer_cpu_p50"][OURS].append(percentile(cpu, 50))
    for system in systems:
        if system.name not in (OURS, CONTROL):
            values["answer_cpu_p50"][system.name].append(values["query_cpu_p50"][system.name][-1])
    for count in ASKERS:
        values[f"askers_{count}"][OURS].append(answers_per_second(work.answer, work.questions, count))


def _each(texts: Sequence[str], ask: Callable[[str], object]) -> tuple[list[float], list[float]]:
    """Return the wall and processor milliseconds of each text."""
    wall, cpu = [], []
    for text in texts:
        started, used = time.perf_counter(), time.process_time()
        ask(text)
        wall.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    return wall, cpu


def _seconds(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def _cold(system: System, work: Work) -> Usage:
    usage = work.run(system.command(_kept(system, work), work.questions[0]))
    if usage.status != 0 or not usage.output.strip():
        words = " ".join(usage.error.split())
        raise CitewellError(f"cold start of {system.title} ended with {usage.status} and no answer: {words}")
    return usage


def _kept(system: System, work: Work) -> Path:
    return work.folder / f"{OURS if system.name == CONTROL else system.name}-kept"


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def child_environment(threads: int, project: Path) -> dict[str, str]:
    """Return the environment of cold starts: ours, as many threads for everyone, and our packages in reach."""
    paths = [str(project), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "OMP_NUM_THREADS": str(threads), "PYTHONPATH": os.pathsep.join(paths)}
