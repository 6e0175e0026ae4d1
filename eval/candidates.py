"""Candidate cases from readers' feedback: read them, make questions of the set of them, take them off the list.

Nothing else reads the file of candidates: what readers vote changes no ranking and no answer.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.check import normalized, whole
from eval.collection import label_problem
from eval.dataset import LabeledQuestion, QuestionSet, Split, history_of, load_questions, one_of, question_from
from eval.json_rows import Row, read_rows, shown
from eval.whole_files import write_whole
from rag.feedback.records import Reason, ShownPassage
from rag.types import Article, Behavior, Question

CANDIDATES = Path(".citewell/candidates.jsonl")
"""Where `citewell feedback export` writes."""

TOPIC = "readers"
"""The topic of questions that came as feedback."""

_LABEL = re.compile(r"(?P<article>[^:\s]+):(?P<start>\d{1,9})-(?P<end>\d{1,9})(?::(?P<grade>[123]))?", re.ASCII)
_OWN_ID = re.compile(r"r-(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reply that a reader found wanting.

    Attributes:
        row: its line in the file.
        candidate_id: unique in the file.
        question: what was asked, with its conversation.
        behavior: the reply that was shown.
        reason: the reader's reason, as `Reason` names it.
        note: the reader's own words, or "".
        passages: what was shown with the reply.
        created: when the feedback was given, as the file says it.
    """

    row: Row
    candidate_id: str
    question: Question
    behavior: Behavior
    reason: Reason
    note: str
    passages: tuple[ShownPassage, ...]
    created: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a maintainer says is right for a candidate.

    Attributes:
        labels: where the answer stands, as `ARTICLE:START-END[:GRADE]`; empty when it is not covered.
        facts: what a full answer holds, as `name=pattern|pattern`.
        kind: the kind of question, or None for the usual one.
    """

    labels: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    kind: str | None = None


def read_candidates(path: Path) -> list[Candidate]:
    """Return the open candidates in the order of the file.

    Raises:
        EvaluationDataError: the file is missing or malformed, or two candidates share an id.
    """
    found: dict[str, Candidate] = {}
    for row in read_rows(path):
        candidate = _candidate(row)
        known = found.setdefault(candidate.candidate_id, candidate)
        if known is not candidate:
            row.fail(f"id {shown(candidate.candidate_id)} stands also at {known.row.place}", "a new id")
    return list(found.values())


def question_fields(
    candidate: Candidate, ruling: Ruling, articles: Mapping[str, Article], folder: Path
) -> dict[str, Any]:
    """Return a candidate as a question of the training half, in the form of its file.

    Args:
        candidate: what came as feedback.
        ruling: what is right for it.
        articles: the collection by article id.
        folder: where the question files are; ids and wordings in them are not used again.

    Raises:
        EvaluationDataError: a label does not stand in its article, a pattern matches nothing, or the same words are
            in the set already.
    """
    row = candidate.row
    known = [question for which in QuestionSet for question in load_questions(Split.ALL, which=which, folder=folder)]
    words = normalized(whole(candidate.question))
    for question in known:
        if normalized(whole(question.question)) == words:
            row.fail(f"the same words stand at {question.place}", "each text once; drop this candidate")
    covered = bool(ruling.labels)
    usual = "near_topic" if not covered else "follow_up" if candidate.question.history else "direct"
    fields = {
        "id": _new_id(known),
        "kind": ruling.kind or usual,
        "topic": TOPIC,
        "question": candidate.question.text,
        "history": [{"role": str(turn.role), "content": turn.content} for turn in candidate.question.history],
        "behavior": str(Behavior.ANSWER if covered else Behavior.ABSTAIN),
        "labels": [_label_fields(row, text, articles) for text in ruling.labels],
        "facts": [_fact_fields(row, text) for text in ruling.facts],
    }
    if ruling.facts and not covered:
        row.fail("facts for a question that is not covered", "facts with labels only")
    _check(question_from(Row(row.place, fields), "train"), row, articles)
    return fields


def accept(candidate: Candidate, fields: Mapping[str, Any], folder: Path) -> Path:
    """Append a question to the training half, take its candidate off the list, and return the half's file.

    The question is written first: when the second step fails, accepting again finds it and writes nothing twice.

    Raises:
        EvaluationDataError: a file cannot be written.
    """
    target = folder / f"{QuestionSet.QUESTIONS}.train.jsonl"
    before = target.read_bytes()
    gap = b"\n" if before and not before.endswith(b"\n") else b""
    write_whole(target, before + gap + json.dumps(fields, ensure_ascii=False).encode() + b"\n")
    drop(candidate)
    return target


def drop(candidate: Candidate) -> None:
    """Take a candidate off the list; every other line stays as it is.

    Raises:
        EvaluationDataError: the file cannot be written.
    """
    file, _, number = candidate.row.place.rpartition(":")
    lines = Path(file).read_bytes().splitlines(keepends=True)
    del lines[int(number) - 1]
    write_whole(Path(file), b"".join(lines))


def _candidate(row: Row) -> Candidate:
    passages = []
    for part in row.parts("passages"):
        start = part.number("start", low=0)
        passages.append(ShownPassage(part.text("source"), start, part.number("end", low=start + 1)))
    return Candidate(
        row=row,
        candidate_id=row.text("id"),
        question=Question(row.text("question"), history_of(row)),
        behavior=Behavior(one_of(row, "behavior", tuple(Behavior))),
        reason=Reason(one_of(row, "reason", tuple(Reason))),
        note=row.text("note", empty=True) if row.fields.get("note") is not None else "",
        passages=tuple(passages),
        created=row.text("created"),
    )


def _new_id(known: Sequence[LabeledQuestion]) -> str:
    taken = [int(match[1]) for question in known if (match := _OWN_ID.fullmatch(question.query_id))]
    return f"r-{max(taken, default=0) + 1:03}"


def _label_fields(row: Row, text: str, articles: Mapping[str, Article]) -> dict[str, Any]:
    match = _LABEL.fullmatch(text)
    if match is None:
        row.fail(f"label {shown(text)}", "ARTICLE:START-END or ARTICLE:START-END:GRADE with a grade from 1 to 3")
    article_id, start, end = match["article"], int(match["start"]), int(match["end"])
    article = articles.get(article_id)
    if article is None:
        row.fail(f"there is no article {shown(article_id)}", "the id of an article in the index")
    if not start < end <= len(article.text) or not article.text[start:end].strip():
        row.fail(
            f"label {shown(text)} holds no text; {shown(article_id)} has {len(article.text)} characters",
            "offsets of a stretch in it",
        )
    grade = int(match["grade"] or 3)
    return {"article_id": article_id, "start": start, "end": end, "text": article.text[start:end], "grade": grade}


def _fact_fields(row: Row, text: str) -> dict[str, Any]:
    name, found, patterns = text.partition("=")
    if not found or not name.strip():
        row.fail(f"fact {shown(text)}", "name=pattern or name=pattern|pattern")
    return {"name": name.strip(), "any": [part for part in split_patterns(patterns) if part]}


def split_patterns(text: str) -> list[str]:
    r"""Return patterns that bars divide; a bar in brackets or behind a backslash belongs to its pattern."""
    parts, depth = [""], 0
    for sign in re.findall(r"\\.|.", text, re.DOTALL):
        depth += (sign in ("(", "[")) - (sign in (")", "]"))
        if sign == "|" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _check(question: LabeledQuestion, row: Row, articles: Mapping[str, Article]) -> None:
    """The same checks that `citewell eval check` makes of the file."""
    texts = []
    for label in question.labels:
        article = articles[label.article_id]
        problem = label_problem(label, article)
        if problem:  # pragma: no cover - the text was taken from there
            row.fail(problem, "the text of the article")
        texts.append(article.text[label.span.start : label.span.end])
    for fact in question.facts:
        if not fact.stands_in("\n".join(texts)):
            row.fail(f"no pattern of fact {shown(fact.name)} matches the labels", "at least one")
