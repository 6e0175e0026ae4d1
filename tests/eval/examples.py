"""Small questions, articles and replies that the evaluation's tests share."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from eval.dataset import LabeledQuestion, question_from
from eval.json_rows import Row
from rag.ingest.text_builder import TextBuilder
from rag.types import Answer, AnswerSentence, Article, ArticleId, Behavior, Chunk, ChunkId, Mode, Passage, Span, Triage

TEXT = "Warm packs may ease a sore back. Keep each session under twenty minutes."


def article(text: str = TEXT, article_id: str = "warm-packs") -> Article:
    """An article of one paragraph."""
    builder = TextBuilder()
    builder.paragraph(text)
    return Article(
        ArticleId(article_id), "Warm packs", builder.text(), tuple(builder.blocks), "0" * 64, "warm-packs.md"
    )


def row(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """A sound question, as its file holds it, with the given fields changed."""
    return {
        "id": "q1",
        "kind": "direct",
        "topic": "S1",
        "question": "Do warm packs help?",
        "history": [],
        "behavior": "answer",
        "labels": [{"article_id": "warm-packs", "start": 0, "end": 32, "text": TEXT[:32], "grade": 3}],
        "facts": [{"name": "eases", "any": ["ease", "help"]}],
        **fields,
    }


def uncovered(query_id: str = "q2", text: str = "How much does a massage cost?") -> dict[str, Any]:
    """A question that the articles do not cover."""
    return row(id=query_id, kind="near_topic", question=text, behavior="abstain", labels=[], facts=[])


def question(half: str = "train", **fields: Any) -> LabeledQuestion:  # noqa: ANN401 - any JSON value
    """A question as the evaluation reads it."""
    return question_from(Row("questions.jsonl:1", row(**fields)), half)


def message(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    """A sound message for the safety check, as its file holds it."""
    return {
        "id": "rf1-1",
        "kind": "trigger",
        "group": "RF1",
        "groups": ["RF1"],
        "level": "emergency",
        "person": "first",
        "style": ["plain"],
        "history": [],
        "text": "emergency please",
        **fields,
    }


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(item) + "\n" for item in rows), encoding="utf-8")
    return path


def write_set(folder: Path) -> Path:
    """Write a sound set of every file and return its folder."""
    second = row(id="t1", question="For how long should a warm pack stay on?")
    write_lines(folder / "questions.train.jsonl", [row(), uncovered()])
    write_lines(folder / "questions.test.jsonl", [second, uncovered("t2", "Which tablets should I buy?")])
    write_lines(folder / "first_article.train.jsonl", [uncovered("f1", "What is the weather?")])
    write_lines(folder / "first_article.test.jsonl", [uncovered("f2", "Who won the match?")])
    calm = message(id="o1", kind="ordinary", group="none", groups=[], level="none", text="hello")
    write_lines(folder / "red_flags.train.jsonl", [message()])
    write_lines(folder / "red_flags.test.jsonl", [message(id="rf1-2", text="emergency again")])
    write_lines(folder / "ordinary.train.jsonl", [calm])
    write_lines(folder / "ordinary.test.jsonl", [calm | {"id": "o2", "text": "good morning"}])
    return folder


def chunk(start: int = 0, end: int = 32, chunk_id: str = "c1", source: Article | None = None) -> Chunk:
    """A stretch of the article as a chunk of one sentence."""
    source = source or article()
    span = Span(start, end)
    return Chunk(
        ChunkId(chunk_id), source.article_id, source.title, ("Use",), source.text[start:end], span, (span,)
    )  # fmt: skip


def reply(
    behavior: Behavior = Behavior.ANSWER,
    text: str = TEXT[:32],
    *,
    quote: Span | None = None,
    disclaimer: str = "Not a diagnosis.",
) -> Answer:
    """A reply that quotes the first sentence of the article."""
    answers = behavior is Behavior.ANSWER
    passage = Passage(1, chunk(), (quote or Span(0, 32),), 0.8)
    return Answer(
        question="Do warm packs help?",
        behavior=behavior,
        text=text,
        sentences=(AnswerSentence(text, (1,) if answers else ()),),
        passages=(passage,) if answers else (),
        triage=Triage(),
        disclaimer=disclaimer,
        mode=Mode.QUOTING,
        index_id="i1",
        timing_ms={"total": 12.0},
    )
