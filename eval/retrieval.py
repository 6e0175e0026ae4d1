"""Score rankings: a system's run against judged pieces, per question, with differences to ours."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from eval.dataset import LabeledQuestion
from eval.measures import MAIN, NAMES, PerQuestion, Run, mean, means, score
from eval.qrels import Qrels, judge
from eval.ranking import OURS, System
from eval.significance import holm, mean_interval, paired_difference
from rag.chain.follow_up import search_text
from rag.index.vector_cache import Progress
from rag.types import Behavior


def search_texts(questions: Sequence[LabeledQuestion]) -> dict[str, str]:
    """Return what is searched for each question that the articles answer, by id.

    Questions that they do not cover have nothing to find and are left to `eval answers`.
    """
    return {
        question.query_id: search_text(question.question)
        for question in questions
        if question.behavior is Behavior.ANSWER
    }


def run_systems(
    systems: Sequence[System], queries: Mapping[str, str], progress: Progress | None = None
) -> dict[str, Run]:
    """Return the run of every system by name."""
    return {system.name: system.run(queries, progress) for system in systems}


def score_pieces(
    systems: Sequence[System], runs: Mapping[str, Run], questions: Sequence[LabeledQuestion]
) -> dict[str, PerQuestion]:
    """Return each system's values; each is judged on the pieces that it cuts itself."""
    judged: dict[int, Qrels] = {}
    values: dict[str, PerQuestion] = {}
    for system in systems:
        qrels = judged.setdefault(id(system.pieces), {}) or judge(questions, system.pieces)
        judged[id(system.pieces)] = qrels
        values[system.name] = score(qrels, runs[system.name])
    return values


def summary(values: Mapping[str, PerQuestion], titles: Mapping[str, str], *, ours: str = OURS) -> dict[str, Any]:
    """Return means with intervals of every system and the differences of ours to each other one.

    Args:
        values: per-question values by system name.
        titles: what each system is.
        ours: the name of the system that the others are compared with.
    """
    others = [name for name in values if name != ours]
    differences: dict[str, dict[str, dict[str, float]]] = {name: {} for name in others}
    for measure in NAMES:
        found = [paired_difference(values[ours][measure], values[name][measure]) for name in others]
        adjusted = holm([difference.p for difference in found])
        for name, difference, p_holm in zip(others, found, adjusted, strict=True):
            differences[name][measure] = {**asdict(difference), "p_holm": p_holm}
    return {
        "ours": ours,
        "systems": {
            name: {
                "title": titles[name],
                "measures": means(by_measure),
                "intervals": {
                    measure: [interval.low, interval.high]
                    for measure, interval in (
                        (measure, mean_interval(list(by_question.values())))
                        for measure, by_question in by_measure.items()
                    )
                },
            }
            for name, by_measure in values.items()
        },
        "differences": differences,
        "per_question": values[ours],
    }


def by_kind(questions: Sequence[LabeledQuestion], values: PerQuestion) -> dict[str, dict[str, Any]]:
    """Return the means of the questions of each kind, with their number and the interval of the main measure."""
    return _grouped({question.query_id: question.kind for question in questions}, values)


def by_article(questions: Sequence[LabeledQuestion], values: PerQuestion) -> dict[str, dict[str, Any]]:
    """Return the same of the questions that each article answers best."""
    best: dict[str, str] = {
        question.query_id: max(question.labels, key=lambda label: label.grade).article_id
        for question in questions
        if question.labels
    }
    return _grouped(best, values)


def _grouped(group_of: Mapping[str, str], values: PerQuestion) -> dict[str, dict[str, Any]]:
    members: dict[str, list[str]] = defaultdict(list)
    for query_id in next(iter(values.values()), {}):
        members[group_of[query_id]].append(query_id)
    found: dict[str, dict[str, Any]] = {}
    for group, ids in sorted(members.items()):
        interval = mean_interval([values[MAIN][query_id] for query_id in ids])
        found[group] = {"n": len(ids), "interval": [interval.low, interval.high]}
        found[group] |= {name: mean(values[name][query_id] for query_id in ids) for name in values}
    return found
