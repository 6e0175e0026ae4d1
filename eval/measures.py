"""Retrieval measures by ir_measures, per question; a question without a result scores zero."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import fmean

import ir_measures
from ir_measures import RR, R, Success, nDCG

from eval.qrels import Qrels

Run = dict[str, list[str]]
"""Ranked ids by query id, best first."""

PerQuestion = dict[str, dict[str, float]]
"""Values by measure name and query id."""

MEASURES = (nDCG @ 10, R @ 5, R @ 10, R @ 100, RR @ 10, Success @ 1)
NAMES = tuple(str(measure) for measure in MEASURES)
MAIN = "nDCG@10"


def score(qrels: Qrels, run: Mapping[str, Sequence[str]]) -> PerQuestion:
    """Return each measure for each judged question, in the order of the qrels.

    Args:
        qrels: grades by query and document.
        run: ranked ids by query; a query that is not there scores 0, queries that are not judged are passed over.
    """
    values: PerQuestion = {name: dict.fromkeys(qrels, 0.0) for name in NAMES}
    # The measures see ranks only: systems score on scales of their own, some with ties or in single precision.
    ranks = {
        query_id: {document: float(len(ids) - place) for place, document in enumerate(ids)}
        for query_id, ids in run.items()
        if query_id in qrels
    }
    if qrels and ranks:
        for result in ir_measures.iter_calc(MEASURES, qrels, ranks):
            values[str(result.measure)][result.query_id] = float(result.value)
    return values


def means(values: PerQuestion) -> dict[str, float]:
    """Return the mean of each measure; 0 when there is no question."""
    return {name: mean(by_question.values()) for name, by_question in values.items()}


def mean(values: Iterable[float]) -> float:
    """Return the mean, 0.0 of nothing."""
    listed = list(values)
    return fmean(listed) if listed else 0.0


def write_run(path: Path, run: Run, tag: str) -> None:
    """Write a run in TREC form: query, Q0, document, rank, score, tag; scores fall by one a rank."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for query_id, ids in run.items():
            for rank, document in enumerate(ids, start=1):
                file.write(f"{query_id} Q0 {document} {rank} {len(ids) + 1 - rank} {tag}\n")
