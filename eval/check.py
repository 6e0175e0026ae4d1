"""Hold the question files against the articles and against each other."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.collection import label_problem
from eval.dataset import LabeledQuestion, QuestionSet, question_from
from eval.json_rows import Row, parse_row, read_lines, shown
from eval.label_moves import Move, find_move
from eval.messages import SafetyMessage, message_from
from rag.errors import EvaluationDataError
from rag.types import Article, Behavior, Question

HALVES = ("train", "test")


@dataclass
class Findings:
    """What a check found.

    Attributes:
        rows: rows by file.
        problems: one line each, `file:line: what; expected what`.
        moves: labels whose text stands elsewhere in its article; each is also a problem.
        notes: what could not be checked.
    """

    rows: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check_files(folder: Path, articles: Mapping[str, Article], first_article: Mapping[str, Article]) -> Findings:
    """Return what is wrong with the question files of a folder.

    Args:
        folder: where the files are.
        articles: the collection by article id.
        first_article: the raw web article by its id; empty when it is not at hand.
    """
    findings = Findings()
    for which in QuestionSet:
        collection = articles if which is QuestionSet.QUESTIONS else first_article
        headers = _header_questions(list(collection.values()))
        questions = [question for half in HALVES for question in _questions(folder, which, half, findings)]
        _check_disjoint([(one.place, one.query_id, whole(one.question)) for one in questions], findings)
        for question in questions:
            _check_header(question, headers, findings)
            if collection:
                _check_labels(question, collection, findings)
        if not collection:
            findings.notes.append(f"{which}: labels not checked, the article is not at hand; name it with --articles")
    for name in ("red_flags", "ordinary"):
        messages = [message for half in HALVES for message in _messages(folder, name, half, findings)]
        _check_disjoint([(place, one.message_id, whole(one.question)) for place, one in messages], findings)
    return findings


def normalized(text: str) -> str:
    """Return a text's words in lower case, without signs and accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return " ".join(re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


def whole(question: Question) -> str:
    """Return a question with what was said before it."""
    return " | ".join([*(turn.content for turn in question.history), question.text])


def _questions(folder: Path, which: str, half: str, findings: Findings) -> Iterator[LabeledQuestion]:
    for row in _rows(folder / f"{which}.{half}.jsonl", findings):
        try:
            yield question_from(row, half)
        except EvaluationDataError as error:
            findings.problems.append(str(error))


def _messages(folder: Path, name: str, half: str, findings: Findings) -> Iterator[tuple[str, SafetyMessage]]:
    for row in _rows(folder / f"{name}.{half}.jsonl", findings):
        try:
            yield row.place, message_from(row, half)
        except EvaluationDataError as error:
            findings.problems.append(str(error))


def _rows(path: Path, findings: Findings) -> Iterator[Row]:
    findings.rows[path.name] = 0
    try:
        for place, line in read_lines(path):
            try:
                row = parse_row(place, line)
            except EvaluationDataError as error:
                findings.problems.append(str(error))
                continue
            findings.rows[path.name] += 1
            yield row
    except EvaluationDataError as error:
        findings.problems.append(str(error))


def _check_disjoint(items: Sequence[tuple[str, str, str]], findings: Findings) -> None:
    """Ids are unique; no text stands in both halves, nor twice in one."""
    ids: dict[str, str] = {}
    texts: dict[str, str] = {}
    for place, item_id, _ in items:
        if item_id in ids:
            findings.problems.append(f"{place}: id {shown(item_id)} stands also at {ids[item_id]}; expected a new id")
        ids.setdefault(item_id, place)
    for place, _, text in items:
        plain = normalized(text)
        if plain and plain in texts:
            findings.problems.append(f"{place}: the same words stand at {texts[plain]}; expected each text once")
        texts.setdefault(plain, place)


def _header_questions(articles: Sequence[Article]) -> dict[str, str]:
    """Article ids by normalised header question."""
    return {
        normalized(question): article.article_id
        for article in articles
        for note in article.notes
        for question in note.questions
    }


def _check_header(question: LabeledQuestion, headers: Mapping[str, str], findings: Findings) -> None:
    article_id = headers.get(normalized(question.question.text))
    if article_id is not None:
        findings.problems.append(
            f"{question.place}: the question stands in the header of '{article_id}'; expected words of its own"
        )


def _check_labels(question: LabeledQuestion, articles: Mapping[str, Article], findings: Findings) -> None:
    texts = []
    for label in question.labels:
        article = articles.get(label.article_id)
        problem = label_problem(label, article)
        if article is not None and problem:
            move = find_move(label, article)
            if move:
                findings.moves.append(move)
                problem += f" (it stands at {move.start} to {move.end} now; run: citewell eval check --fix)"
        if problem:
            findings.problems.append(f"{label.place}: {problem}")
        elif article is not None:
            texts.append(article.text[label.span.start : label.span.end])
    if question.behavior is not Behavior.ANSWER or len(texts) < len(question.labels):
        return
    for fact in question.facts:
        if not fact.stands_in("\n".join(texts)):
            findings.problems.append(
                f"{question.place}: no pattern of fact {shown(fact.name)} matches the labels; expected at least one"
            )
