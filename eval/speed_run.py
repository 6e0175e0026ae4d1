"""One run of the speed measurement, from the settings to the report."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

import rag
from eval.quick_start import is_installed
from eval.speed import Work, child_environment, measure
from eval.speed_articles import copy_articles
from eval.speed_process import measured
from eval.speed_report import MISSING, machine, speed_report
from eval.speed_systems import Citewell, Plain, QuickStart, System
from rag.assemble import make_answerer, make_encoder
from rag.chain.answerer import Answerer
from rag.chain.other_subjects import OtherSubjects
from rag.chunk.windows import ChunkSettings
from rag.embed.weights import find_model
from rag.index.generations import EXAMPLES_FILE
from rag.index.remembering_encoder import RememberingEncoder
from rag.index.vector_cache import Progress
from rag.settings import Settings
from rag.types import Answer


def run_speed(
    settings: Settings,
    path: Path,
    questions: Sequence[str],
    folder: Path,
    *,
    passages: int | None = None,
    repeats: int = 5,
    threads: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Measure and return the report.

    Args:
        settings: model, chunking and answers; the same weights go to every system.
        path: file or folder with articles.
        questions: texts to search for, at least one.
        folder: an empty folder for everything that is written.
        passages: whole articles up to about this many passages; None takes all.
        repeats: runs of everything, at least 1.
        threads: torch threads of every system; None as many as torch takes.
        progress: told how many repeats are done.

    Raises:
        CitewellError: there are no articles, the model cannot be loaded, or a cold start failed.
    """
    here = machine()
    encoder = make_encoder(settings)
    chunking = ChunkSettings(max_tokens=encoder.max_tokens, target_tokens=settings.chunk.target_tokens)
    articles = copy_articles(path, folder / "articles", encoder=encoder, chunking=chunking, limit=passages)
    model = find_model(settings.encoder.model).reference
    with_quick_start = is_installed()
    ours = _Answers(settings)
    with torch_threads(threads) as count:
        systems: list[System] = [Citewell(encoder, chunking), Plain.load(model)]
        systems += [QuickStart(model)] if with_quick_start else []
        environment = child_environment(count, Path(rag.__file__).parent.parent)
        usage = folder / "usage"
        usage.mkdir()
        work = Work(
            articles,
            questions,
            folder,
            answer=ours.answer,
            ready=ours.open,
            run=lambda command: measured(command, environment, usage),
        )
        values = measure(systems, work, repeats=repeats, progress=progress)
    return speed_report(
        values,
        systems,
        conditions={
            "repeats": repeats,
            "articles": articles.count,
            "passages": len(articles.passages),
            "questions": len(questions),
            "threads": count,
            "model": encoder.name,
        },
        machine=here,
        notes=() if with_quick_start else (MISSING,),
    )


@contextmanager
def torch_threads(count: int | None) -> Iterator[int]:
    """Let torch use so many threads for a while, and give the number."""
    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield count or before
    finally:
        torch.set_num_threads(before)


class _Answers:
    """Whole answers from an index that is known only later."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._answerer: Answerer | None = None

    def open(self, index: Path) -> None:
        """Prepare the index as `citewell index` does, and open it."""
        encoder = make_encoder(self._settings)
        OtherSubjects.embedded_by(RememberingEncoder(encoder, index / EXAMPLES_FILE))
        self._answerer = make_answerer(self._settings, index=index)

    def answer(self, question: str) -> Answer:
        """Return the whole quoted answer."""
        if self._answerer is None:
            raise RuntimeError("open an index first")
        return self._answerer.invoke(question)
