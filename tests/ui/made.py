"""Answers made by hand, and an engine that gives them: what the page shows is tested apart from how it was found."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from rag.index.store import IndexReader
from rag.settings import IndexSettings, Settings
from rag.types import (
    Answer,
    AnswerSentence,
    Article,
    ArticleId,
    Behavior,
    Block,
    BlockKind,
    Chunk,
    ChunkId,
    Evidence,
    Mode,
    Passage,
    Question,
    Reference,
    SectionNote,
    Span,
    Triage,
    TriageLevel,
)
from ui.resources import Engine

DISCLAIMER = "General information, not a diagnosis."
HEADING = "Do warm packs help?"
TEXT = "Warm packs may ease a sore back. They are cheap. Never sleep on one."
FIRST = Span(100, 132)


def made_chunk(text: str = TEXT, *, title: str = "Warm packs", heading: str = HEADING, start: int = 100) -> Chunk:
    """A chunk that begins at character `start` of its article."""
    return Chunk(
        chunk_id=ChunkId("warm#1"),
        article_id=ArticleId("warm-packs"),
        title=title,
        headings=(heading,),
        text=text,
        span=Span(start, start + len(text)),
        sentences=(),
        url="https://example.org/warm",
        evidence=Evidence.REVIEW,
        reviewed="2026-01-15",
    )


def made_answer(
    behavior: Behavior = Behavior.ANSWER,
    *,
    chunk: Chunk | None = None,
    quotes: tuple[Span, ...] = (FIRST,),
    triage: Triage | None = None,
    advice: tuple[str, ...] = (),
    topics: tuple[str, ...] = (),
) -> Answer:
    """An answer whose sentences quote the given stretches of one chunk."""
    chunk = chunk or made_chunk()
    texts = [chunk.text[quote.start - chunk.span.start : quote.end - chunk.span.start] for quote in quotes]
    quoting = behavior is Behavior.ANSWER
    sentences = tuple(AnswerSentence(text, (1,) if quoting else ()) for text in texts)
    return Answer(
        question="Do warm packs help?",
        behavior=behavior,
        text=" ".join(f"{text} [1]" if quoting else text for text in texts),
        sentences=sentences,
        passages=(Passage(1, chunk, quotes, 0.7),) if quoting else (),
        triage=triage or Triage(),
        disclaimer=DISCLAIMER,
        mode=Mode.QUOTING,
        index_id="made",
        advice=advice,
        topics=topics,
    )


def urgent_answer(level: TriageLevel = TriageLevel.EMERGENCY) -> Answer:
    """An urgent answer with two sentences of action."""
    action = ("Call 999 now or go to an emergency department.", "Do not wait.")
    return made_answer(Behavior.URGENT, triage=Triage(level=level, groups=("RF1",), action=action))


def made_article(text: str = TEXT, **fields: object) -> Article:
    """An article with one heading at level 2 and one paragraph."""
    whole = f"## {HEADING}\n\n{text}"
    start = len(whole) - len(text)
    blocks = (
        Block(BlockKind.HEADING, Span(3, 3 + len(HEADING)), 2),
        Block(BlockKind.PARAGRAPH, Span(start, len(whole))),
    )
    notes = (
        SectionNote(HEADING, Evidence.REVIEW, ("are warm packs any good",)),
        SectionNote("How to use warm packs", None, ("how long do warm packs stay on", "can i burn myself")),
    )
    values: dict[str, object] = {
        "article_id": ArticleId("warm-packs"),
        "title": "Warm packs",
        "text": whole,
        "blocks": blocks,
        "digest": "0",
        "path": "warm-packs.md",
        "references": (Reference("ONE", "Example Trialists", "Warmth", "2006", "https://example.org/trial"),),
        "notes": notes,
        "reviewed": "2026-01-15",
    }
    return Article(**(values | fields))  # type: ignore[arg-type]  # fields by name


class MadeReader:
    """An index of made articles, as far as the page asks."""

    index_id = "made"

    def __init__(self, articles: tuple[Article, ...]) -> None:
        self._articles = articles
        self.folder = Path("made")

    def articles(self) -> list[Article]:
        """Every article."""
        return list(self._articles)

    def article(self, article_id: str) -> Article | None:
        """One article."""
        return next((one for one in self._articles if one.article_id == article_id), None)

    def search_words(self, query: str, *, k: int) -> list[tuple[int, float]]:
        """Nothing is found."""
        return []

    def chunks(self, rows: list[int]) -> dict[int, Chunk]:
        """No chunks."""
        return {}


class MadeEngine(Engine):
    """An engine that gives the same parts to every question."""

    def __init__(self, parts: list[Answer], articles: tuple[Article, ...] | None = None) -> None:
        super().__init__(Settings(index=IndexSettings(path=Path("made"))))
        self.parts = parts
        self.asked: list[Question] = []
        self.within: list[ArticleId | None] = []
        self._made = MadeReader(articles if articles is not None else (made_article(),))

    def reader(self) -> IndexReader:
        """The made index."""
        return cast(IndexReader, self._made)

    def start(self) -> None:
        """Nothing to load."""

    @property
    def is_ready(self) -> bool:
        """Always."""
        return True

    def stream(
        self, question: Question, *, region: str | None = None, within: ArticleId | None = None
    ) -> Iterator[Answer]:
        """Yield the parts."""
        self.asked.append(question)
        self.within.append(within)
        yield from self.parts
