"""The indexed articles that questions are put to: brought up to date first, labels held against them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.dataset import Label, LabeledQuestion
from rag.assemble import make_encoder
from rag.assemble_index import make_index
from rag.assemble_store import make_source
from rag.errors import EvaluationDataError, IndexMismatchError
from rag.index.store import IndexReader
from rag.index.vector_cache import Progress
from rag.settings import Settings
from rag.types import Article, Encoder

CACHE = Path("~/.cache/citewell")
"""Where indexes are kept that only the evaluation needs."""


@dataclass(frozen=True, slots=True)
class Collection:
    """An index that is up to date, with the encoder that built it.

    Attributes:
        index: its folder.
        reader: its content.
        encoder: embeds questions.
    """

    index: Path
    reader: IndexReader
    encoder: Encoder


def open_collection(
    settings: Settings,
    *,
    index: Path | None = None,
    articles: Path | None = None,
    progress: Progress | None = None,
) -> Collection:
    """Return the collection; it is indexed first when the index is missing or older than the articles.

    Args:
        settings: all settings.
        index: the index folder; None takes that of the settings, or one in the cache for other articles.
        articles: a file or folder in place of the settings' collection.
        progress: told how many texts are embedded.

    Raises:
        CitewellError: there are no articles, or the index cannot be built or read.
    """
    place = bring_up_to_date(settings, index=index, articles=articles, progress=progress)
    encoder = make_encoder(settings)
    given = index if articles is None else place
    return Collection(place, make_source(settings, index=given).open(model=encoder.name), encoder)


def bring_up_to_date(
    settings: Settings,
    *,
    index: Path | None = None,
    articles: Path | None = None,
    progress: Progress | None = None,
) -> Path:
    """Index what is new in the collection, or in the given file or folder, and return the index folder.

    Raises:
        CitewellError: there are no articles, or the index cannot be built.
    """
    if articles is None or index is not None:
        make_index(settings, [articles] if articles else [], index=index, progress=progress)
        return index or settings.index.path
    place = CACHE.expanduser() / "articles" / hashlib.sha256(str(articles.absolute()).encode()).hexdigest()[:16]
    try:
        make_index(settings, [articles], index=place, progress=progress)
    except IndexMismatchError:
        make_index(settings, [articles], index=place, rebuild=True, progress=progress)
    return place


def check_labels(questions: Sequence[LabeledQuestion], reader: IndexReader) -> None:
    """Make sure that every label stands in its article at its offsets.

    Raises:
        EvaluationDataError: an article is missing, or its text at a label's offsets is another.
    """
    articles = {article.article_id: article for article in reader.articles()}
    for question in questions:
        for label in question.labels:
            problem = label_problem(label, articles.get(label.article_id))
            if problem:
                raise EvaluationDataError(f"{label.place}: {problem}; run: citewell eval check")


def label_problem(label: Label, article: Article | None) -> str | None:
    """Return what is wrong with a label, and what was expected, or None."""
    if article is None:
        return f"there is no article '{label.article_id}'; expected the id of an article in the collection"
    found = article.text[label.span.start : label.span.end]
    if label.text is not None:
        same = found == label.text
    else:
        same = hashlib.sha256(found.encode()).hexdigest() == label.sha256
    if same:
        return None
    return (
        f"characters {label.span.start} to {label.span.end} of '{label.article_id}' differ; expected the label's text"
    )
