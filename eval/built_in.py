"""The built-in set against the collection: retrieval measured with every system in one run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval import quick_start
from eval.collection import Collection, check_labels
from eval.dataset import LabeledQuestion
from eval.measures import PerQuestion, Run, write_run
from eval.ranking import OURS, own_systems
from eval.retrieval import by_article, by_kind, run_systems, score_pieces, search_texts, summary
from rag.errors import EvaluationDataError
from rag.index.vector_cache import Progress


def retrieval_report(
    collection: Collection,
    questions: Sequence[LabeledQuestion],
    *,
    dataset: str,
    model: str,
    k: int = 100,
    with_quick_start: bool = True,
    run_out: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return the measures of every system over the questions that have labels.

    Args:
        collection: what is searched.
        questions: with or without labels; those without have nothing to find and are left out.
        dataset: what the questions are, for the report.
        model: the encoder's name in the settings, for the yardstick.
        k: pieces retrieved for each query.
        with_quick_start: also measure the LangChain quick start, where it is installed.
        run_out: file for our run in TREC form.
        progress: told how many queries are done.

    Raises:
        EvaluationDataError: a label does not stand in its article, or no question has one.
        ModelError: the encoder's weights are missing or altered.
    """
    check_labels(questions, collection.reader)
    texts = search_texts(questions)
    if not texts:
        raise EvaluationDataError(f"{dataset}: no question has labels; expected at least one that is answered")
    systems = own_systems(collection, k=k)
    notes = []
    if with_quick_start and quick_start.is_installed():
        systems += quick_start.quick_start_systems(collection, model, k=k)
    elif with_quick_start:
        notes.append(quick_start.MISSING)
    runs = run_systems(systems, texts, progress)
    values = score_pieces(systems, runs, questions)
    if run_out:
        write_run(run_out, runs[OURS], "citewell")
    return {
        "command": "retrieval",
        "dataset": dataset,
        "queries": len(texts),
        "k": k,
        "index_id": collection.reader.index_id,
        **summary(values, {system.name: system.title for system in systems}),
        "by_kind": by_kind(questions, values[OURS]),
        "by_article": by_article(questions, values[OURS]),
        "notes": notes,
        "failures": failures(questions, values[OURS], runs[OURS], collection),
    }


def failures(
    questions: Sequence[LabeledQuestion], values: PerQuestion, run: Run, collection: Collection
) -> list[dict[str, Any]]:
    """Return the questions of whose answers nothing is among the first ten, with what was found instead.

    The words of a question are given for the training half only.
    """
    chunks = collection.reader.chunks(collection.reader.passages.all_rows()).values()
    places = {str(chunk.chunk_id): " › ".join((chunk.article_id, *chunk.headings)) for chunk in chunks}
    return [
        {
            "query_id": question.query_id,
            "kind": question.kind,
            "wanted": question.places(),
            "found": [places[chunk_id] for chunk_id in run.get(question.query_id, [])[:5]],
            "text": question.question.text if question.half == "train" else None,
        }
        for question in questions
        if values["RR@10"].get(question.query_id) == 0.0
    ]
