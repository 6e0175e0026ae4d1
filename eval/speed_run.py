"""One run of the speed measurement, from the settings to the report."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch

import rag
from eval.quick_start import is_installed
from eval.speed import Work, child_environment, measure
from eval.speed_agreement import agreement
from eval.speed_articles import copy_articles, divided
from eval.speed_limit import layers_of, passages_per_second
from eval.speed_process import measured
from eval.speed_report import MISSING, machine, speed_report
from eval.speed_systems import Citewell, Plain, QuickStart, System
from eval.speed_values import OURS
from rag.assemble import make_answerer, make_encoder
from rag.assemble_index import prepare_answers
from rag.chain.answerer import Answerer
from rag.chunk.windows import ChunkSettings
from rag.embed.encoder import PreparedEncoder
from rag.embed.weights import find_model
from rag.index.store import open_index
from rag.index.vector_cache import Progress
from rag.settings import Settings
from rag.types import Answer, Encoder


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
        plain = encoder.plain if isinstance(encoder, PreparedEncoder) else encoder
        answering = partial(_exported, settings)
        systems: list[System] = [Citewell(plain, chunking, answering=answering), Plain.load(model)]
        systems += [QuickStart(model)] if with_quick_start else []
        systems += [Citewell(plain, chunking, answering=answering, control=True)]
        layers = layers_of(model)
        lengths = encoder.count_tokens(articles.passages)
        environment = child_environment(count, Path(rag.__file__).parent.parent)
        usage = folder / "usage"
        usage.mkdir()
        work = Work(
            articles,
            divided(articles, folder / "divided"),
            questions,
            folder,
            answer=ours.answer,
            ready=ours.open,
            run=lambda command: measured(command, environment, usage),
            limit=None if layers is None else partial(passages_per_second, layers, lengths),
        )
        values = measure(systems, work, repeats=repeats, progress=progress)
        kept = folder / f"{OURS}-kept"
        exported = make_encoder(settings, index=kept)
        agreed = agreement(exported, kept, questions) if isinstance(exported, PreparedEncoder) else {}
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
        agreement=agreed,
        notes=() if with_quick_start else (MISSING,),
    )


def _exported(settings: Settings, index: Path) -> Encoder:
    """What embeds questions to an index, as the product has it."""
    return make_encoder(settings, index=index)


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
        prepare_answers(make_encoder(self._settings, index=index), index, open_index(index))
        self._answerer = make_answerer(self._settings, index=index)

    def answer(self, question: str) -> Answer:
        """Return the whole quoted answer."""
        if self._answerer is None:
            raise RuntimeError("open an index first")
        return self._answerer.invoke(question)
