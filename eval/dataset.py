"""The question set: typed questions with labels and facts, read by split."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from eval.json_rows import Row, read_rows, shown
from rag.errors import EvaluationDataError
from rag.types import ArticleId, Behavior, QueryId, Question, Role, Span, Turn

DATA = Path(__file__).parent / "data"
"""The set that comes with the project; `README.md` there is its data card."""

QUESTION_KINDS = (
    "direct", "lay", "typo", "two_articles", "follow_up", "yes_no", "false_premise", "near_topic", "off_topic",
    "injection", "red_flag",
)  # fmt: skip


class Split(StrEnum):
    """Which half of the set to read."""

    TRAIN = "train"
    TEST = "test"
    ALL = "all"

    @property
    def halves(self) -> tuple[str, ...]:
        """The names of the files' halves."""
        return ("train", "test") if self is Split.ALL else (self.value,)


class QuestionSet(StrEnum):
    """Which questions to ask."""

    QUESTIONS = "questions"
    FIRST_ARTICLE = "first_article"


@dataclass(frozen=True, slots=True)
class Label:
    """A stretch of an article that answers a question.

    Attributes:
        place: `file:line` it was read from.
        article_id: the article.
        span: the stretch, as offsets into the article's text.
        grade: 3 answers it, 2 answers a part, 1 helps.
        text: the stretch itself, or None where only its digest is known.
        sha256: hex digest of the stretch, or None where the text is given.
    """

    place: str
    article_id: ArticleId
    span: Span
    grade: int
    text: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that a full answer holds: one of the patterns matches it, upper and lower case alike."""

    name: str
    patterns: tuple[re.Pattern[str], ...]

    def stands_in(self, text: str) -> bool:
        """Return whether the text states the fact."""
        return any(pattern.search(text) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class LabeledQuestion:
    """A question with what a right reply is.

    Attributes:
        query_id: unique in the set.
        kind: one of `QUESTION_KINDS`.
        question: what is asked, with its conversation.
        behavior: what a right reply is.
        labels: where the answer stands; empty when it is not covered.
        facts: what a full answer holds.
        place: `file:line` it was read from.
        half: "train" or "test".
    """

    query_id: QueryId
    kind: str
    question: Question
    behavior: Behavior
    labels: tuple[Label, ...]
    facts: tuple[Fact, ...]
    place: str
    half: str

    def places(self) -> list[str]:
        """Return where the answer stands, best label first, as `article start–end`."""
        ranked = sorted(self.labels, key=lambda label: -label.grade)
        return [f"{label.article_id} {label.span.start}–{label.span.end}" for label in ranked]


def load_questions(
    split: Split,
    *,
    for_tuning: bool = False,
    which: QuestionSet = QuestionSet.QUESTIONS,
    folder: Path = DATA,
) -> list[LabeledQuestion]:
    """Return the questions of a split.

    Args:
        split: which half.
        for_tuning: the caller sets thresholds or weights by them.
        which: the set.
        folder: where the files are.

    Raises:
        EvaluationDataError: a file is malformed, two questions share an id, or tuning asks for the test half.
    """
    refuse_tuning_on_test(split, for_tuning)
    found: dict[str, LabeledQuestion] = {}
    for half in split.halves:
        for row in read_rows(folder / f"{which}.{half}.jsonl"):
            question = question_from(row, half)
            if question.query_id in found:
                row.fail(f"id {shown(question.query_id)} stands also at {found[question.query_id].place}", "a new id")
            found[question.query_id] = question
    return list(found.values())


def refuse_tuning_on_test(split: Split, for_tuning: bool) -> None:
    """Keep the test half out of thresholds and weights.

    Raises:
        EvaluationDataError: tuning asks for another split than the training half.
    """
    if for_tuning and split is not Split.TRAIN:
        raise EvaluationDataError(f"tuning asked for the split '{split}'; expected 'train': the test half only reports")


def question_from(row: Row, half: str) -> LabeledQuestion:
    """Return the question of a row.

    Raises:
        EvaluationDataError: a field is missing or malformed.
    """
    kind = one_of(row, "kind", QUESTION_KINDS)
    behavior = Behavior(one_of(row, "behavior", tuple(Behavior)))
    labels = tuple(_label(part) for part in row.parts("labels"))
    if (behavior is Behavior.ANSWER) != bool(labels):
        row.fail(f"behavior '{behavior}' with {len(labels)} labels", "labels for 'answer' and for nothing else")
    return LabeledQuestion(
        query_id=QueryId(row.text("id")),
        kind=kind,
        question=Question(row.text("question"), history_of(row)),
        behavior=behavior,
        labels=labels,
        facts=tuple(_fact(part) for part in row.parts("facts")),
        place=row.place,
        half=half,
    )


def history_of(row: Row) -> tuple[Turn, ...]:
    """Return the conversation before a question, oldest turn first.

    Raises:
        EvaluationDataError: a turn has no role or content.
    """
    return tuple(
        Turn(Role(one_of(part, "role", tuple(Role))), part.text("content", empty=True)) for part in row.parts("history")
    )


def _label(row: Row) -> Label:
    start = row.number("start", low=0)
    end = row.number("end", low=start + 1)
    text = row.text("text") if "text" in row.fields else None
    sha256 = row.text("sha256") if text is None else None
    if text is not None and len(text) != end - start:
        row.fail(f"a label of {end - start} characters holds a text of {len(text)}", "equal lengths")
    return Label(
        row.place, ArticleId(row.text("article_id")), Span(start, end), row.number("grade", low=1, high=3), text, sha256
    )


def _fact(row: Row) -> Fact:
    name, patterns = row.text("name"), row.texts("any")
    if not patterns:
        row.fail(f"fact {shown(name)} has no pattern", "at least one under 'any'")
    compiled = []
    for pattern in patterns:
        try:
            compiled.append(re.compile(pattern, re.IGNORECASE))
        except re.error as error:
            row.fail(f"fact {shown(name)}: pattern {shown(pattern)} does not compile ({error.msg})", "a pattern")
    return Fact(name, tuple(compiled))


def one_of(row: Row, name: str, known: tuple[Any, ...]) -> str:
    """Return a field that holds one of the known values.

    Raises:
        EvaluationDataError: it is missing or something else.
    """
    value = row.fields.get(name)
    if value not in known:
        row.fail(f"'{name}' is {shown(value)}", "one of " + ", ".join(known))
    return str(value)
