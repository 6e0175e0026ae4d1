"""The things Citewell passes from part to part: frozen records, enumerations and Protocols; no logic.

Read this page first. An `Article` is one source text; `Chunk`s are its indexed pieces; a `Question`
is what a reader asked; `Hit`s are ranked chunks; an `Answer` is what the reader gets back. All
offsets are characters into `Article.text`, start inclusive, end exclusive.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType, Protocol

import numpy as np
from numpy.typing import NDArray

ArticleId = NewType("ArticleId", str)
ChunkId = NewType("ChunkId", str)
QueryId = NewType("QueryId", str)

Vectors = NDArray[np.float32]
"""Rows are embeddings: shape (n, d), float32, each of length 1."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of an article's text: characters `start` to `end`, end exclusive."""

    start: int
    end: int


class BlockKind(StrEnum):
    """What a block of an article is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row, as a stretch of `Article.text`.

    Attributes:
        kind: what it is.
        span: its characters, without the heading or list mark that the text shows before it.
        level: 1 to 6 for a heading, the nesting depth from 1 for a list item, else 0.
    """

    kind: BlockKind
    span: Span
    level: int = 0


class Evidence(StrEnum):
    """How strong the support of a section is; the label a reader sees beside a passage."""

    GUIDELINE = "guideline"
    REVIEW = "review"
    TRIAL = "trial"
    EXPERT_OPINION = "expert opinion"
    TRADITIONAL = "traditional"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Reference:
    """A document that an article rests on.

    Attributes:
        key: short name of the document within the collection.
        who: the body or authors.
        document: its title.
        year: as printed by the article, for instance "2016, updated 2020".
        url: where a reader can open it.
    """

    key: str
    who: str
    document: str
    year: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class SectionNote:
    """What an article's header says about one of its sections.

    Attributes:
        heading: the section's heading, exactly as in the body.
        evidence: its label, or None when the header gives none.
        questions: what readers ask that this section answers, in their words.
    """

    heading: str
    evidence: Evidence | None = None
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One source text, cleaned, with everything its file says about it.

    Attributes:
        article_id: unique within a collection.
        title: shown to readers.
        text: the cleaned text; every offset counts into it.
        blocks: its headings, paragraphs, list items and table rows in order.
        digest: SHA-256 (hex) of the file's content and of the reader's version.
        path: the file it came from, relative to the collection where there is one.
        url: where the original stands, or None.
        references: the documents that it rests on.
        notes: per section: evidence label and readers' questions.
        reviewed: ISO date of the last check, or None.
        reviewer: who checked it, or None.
        clinician_reviewed: True only when a clinician has.
        extra: further header fields as the file gives them, for checks (topic, facts, safety …).
    """

    article_id: ArticleId
    title: str
    text: str
    blocks: tuple[Block, ...]
    digest: str
    path: str
    url: str | None = None
    references: tuple[Reference, ...] = ()
    notes: tuple[SectionNote, ...] = ()
    reviewed: str | None = None
    reviewer: str | None = None
    clinician_reviewed: bool = False
    extra: dict[str, object] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Chunk:
    """An indexed piece of an article: whole sentences and list items under one heading.

    Attributes:
        chunk_id: deterministic, from article id, offsets and text.
        article_id: the article it belongs to.
        title: that article's title.
        headings: the heading path, outermost first, without the title.
        text: exactly `Article.text[span.start:span.end]`.
        span: its place in the article.
        sentences: its sentences and list items, as stretches of the article, in order.
        questions: what readers ask that its section answers, as the article's header says.
        url: where the original article stands, or None.
        evidence: label of its section, or None.
        reviewed: ISO date of the article's last check, or None.
        clinician_reviewed: True only when a clinician has checked the article.
    """

    chunk_id: ChunkId
    article_id: ArticleId
    title: str
    headings: tuple[str, ...]
    text: str
    span: Span
    sentences: tuple[Span, ...]
    questions: tuple[str, ...] = ()
    url: str | None = None
    evidence: Evidence | None = None
    reviewed: str | None = None
    clinician_reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk found for a query.

    Attributes:
        chunk: what was found.
        score: higher is better; the scale is the stage's own.
        rank: from 1.
        stage: which step ranked it: "dense", "lexical" or "fused".
        cosine: similarity of query and chunk in [-1, 1] where it was computed, else None.
    """

    chunk: Chunk
    score: float
    rank: int
    stage: str
    cosine: float | None = None


class Role(StrEnum):
    """Who said a turn of the conversation."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of the conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader asked, with the conversation before it, oldest turn first."""

    text: str
    history: tuple[Turn, ...] = ()


class TriageLevel(StrEnum):
    """How soon a person should be seen, from most to least urgent."""

    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    SOON = "soon"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Triage:
    """What the safety check made of a question and its conversation.

    Attributes:
        level: the highest level that any group reached.
        groups: ids of the red-flag groups, most urgent first, for instance ("RF1", "RF2").
        reasons: the rule or example that fired, for reports; never shown to readers, never logged.
        action: what to do first, ready to show, one sentence an item; empty at level none.
        advice: lines to add after an ordinary answer (safety net, appointment), ready to show.
    """

    level: TriageLevel = TriageLevel.NONE
    groups: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    action: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


class Behavior(StrEnum):
    """What kind of reply an `Answer` is."""

    ANSWER = "answer"
    ABSTAIN = "abstain"
    URGENT = "urgent"


class Mode(StrEnum):
    """How the sentences of an answer were made."""

    QUOTING = "quoting"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence of an answer and the numbers of the passages that it rests on."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A numbered passage behind an answer, or beside it.

    Attributes:
        number: the n of its [n] mark, from 1; further passages come after the quoted ones and have no mark.
        chunk: the passage itself.
        quotes: the quoted stretches, as offsets into the article, in order; empty for a further passage, which is near
            the question and not quoted.
        score: how well it matched, in [0, 1].
    """

    number: int
    chunk: Chunk
    quotes: tuple[Span, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything a reader gets for one question.

    Attributes:
        question: what was asked.
        behavior: answer, abstain or urgent.
        text: the reply with [n] marks, without the disclaimer.
        sentences: the reply sentence by sentence.
        passages: what the marks point to, numbered from 1, then further passages to read on, which have no quotes.
        triage: what the safety check found.
        disclaimer: always present.
        mode: quoting or writing.
        index_id: which index generation answered.
        advice: lines shown after an answer: when to book an appointment, what else to watch for.
        topics: titles of the nearest articles, for an abstention.
        notice: one line about the run, for instance that writing fell back to quoting, or None.
        timing_ms: milliseconds by stage, "total" among them.
        dropped: sentences that were left out, counted by the check that they did not pass: "quote" where one does not
            equal its article, "review" by the safety layer, or what the check of written sentences found.
    """

    question: str
    behavior: Behavior
    text: str
    sentences: tuple[AnswerSentence, ...]
    passages: tuple[Passage, ...]
    triage: Triage
    disclaimer: str
    mode: Mode
    index_id: str
    advice: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    notice: str | None = None
    timing_ms: dict[str, float] = field(default_factory=dict, compare=False)
    dropped: dict[str, int] = field(default_factory=dict, compare=False)


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """Identity of the weights: model name and digest; equal names give equal vectors."""

    @property
    def dimension(self) -> int:
        """Width d of the vectors."""

    @property
    def max_tokens(self) -> int:
        """Longest input in word pieces, special tokens included; longer text would be cut."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in word pieces, special tokens included."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (n, d)."""


class Retriever(Protocol):
    """Finds chunks for a query."""

    def retrieve(self, query: str, *, k: int) -> list[Hit]:
        """Return up to k hits, best first, ranks from 1."""


class TriageChecker(Protocol):
    """Looks for warning signs before anything is retrieved."""

    def assess(self, question: Question, *, vector: Vectors | None = None) -> Triage:
        """Return the triage of a question; `vector`, shape (1, d), saves embedding it again."""
