"""An article as its file has it and as readers get it, with the way from a sentence back to its line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import CorpusError
from rag.ingest.decode import decode
from rag.ingest.files import read_bytes
from rag.ingest.front_matter import split_front_matter
from rag.ingest.limits import ReadingLimits
from rag.ingest.read import read_article
from rag.ingest.sentences import sentence_spans
from rag.types import Article, BlockKind

TEXT_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
"""Files whose own lines an author sees; for others a line is one of the text that was read from them."""

NEAR = 2_000
"""How many letters ahead a shortened beginning is looked for, so that it does not match pages later."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the body.

    Attributes:
        text: its words.
        line: line in the file, from 1.
        kind: the kind of block it stands in.
        block: number of that block in the article, from 0.
    """

    text: str
    line: int
    kind: BlockKind
    block: int

    @property
    def is_lead_in(self) -> bool:
        """Whether it announces what follows with a colon."""
        return self.text.endswith(":")


@dataclass(frozen=True, slots=True)
class Page:
    """One file under check.

    Attributes:
        path: where it is.
        lines: its lines, or those of the text read from it.
        body_start: how many of them belong to the header.
        header: the header's fields, empty without one.
        article: what was read, or None with a `problem`.
        problem: why it could not be read.
        block_lines: line of each block of the article.
        sentences: sentences of paragraphs and list items, in order.
    """

    path: Path
    lines: tuple[str, ...]
    body_start: int = 0
    header: Mapping[str, object] = field(default_factory=dict)
    article: Article | None = None
    problem: str | None = None
    block_lines: tuple[int, ...] = ()
    sentences: tuple[Sentence, ...] = ()

    def header_line(self, *words: str) -> int:
        """Return the line of the header that holds the words, each looked for after the one before it."""
        found = 0
        for word in words:
            matches = (
                number for number, line in enumerate(self.lines[: self.body_start]) if number >= found and word in line
            )
            found = next(matches, found)
        return found + 1

    def headings(self) -> Iterator[tuple[str, int, int, int]]:
        """Yield each heading: its text, its level, its line, its number among the blocks."""
        for number, block in enumerate(self.article.blocks if self.article else ()):
            if block.kind is BlockKind.HEADING:
                yield self.block_text(number), block.level, self.block_lines[number], number

    def block_text(self, number: int) -> str:
        """Return the words of a block."""
        if self.article is None:
            return ""
        span = self.article.blocks[number].span
        return self.article.text[span.start : span.end]

    def body_lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines of the body with their numbers."""
        yield from enumerate(self.lines[self.body_start :], start=self.body_start + 1)


def load_page(path: Path, *, root: Path | None = None) -> Page:
    """Read a file for checking; what cannot be read comes back as a page with a `problem`."""
    header: Mapping[str, object] = {}
    lines: tuple[str, ...] = ()
    body_start = 0
    try:
        if path.suffix.lower() in TEXT_SUFFIXES:
            raw = decode(read_bytes(path, ReadingLimits()))
            lines = tuple(raw.split("\n"))
            header, _, body_start = split_front_matter(raw)
        article = read_article(path, root=root)
    except CorpusError as error:
        return Page(path, lines, body_start, header, problem=" ".join(str(error).split()))
    lines = lines or tuple(article.text.split("\n"))
    places = _Places(lines[body_start:], body_start)
    block_lines, sentences = _place(article, places)
    return Page(path, lines, body_start, header, article, None, block_lines, sentences)


def _place(article: Article, places: "_Places") -> tuple[tuple[int, ...], tuple[Sentence, ...]]:
    """Find the line of each block and of each sentence, in reading order."""
    block_lines: list[int] = []
    sentences: list[Sentence] = []
    for number, block in enumerate(article.blocks):
        block_lines.append(places.advance(article.text[block.span.start : block.span.end]))
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            continue
        for span in sentence_spans(article.text, block.span):
            text = article.text[span.start : span.end]
            line = places.advance(text) if sentences and sentences[-1].block == number else block_lines[-1]
            sentences.append(Sentence(text, line, block.kind, number))
    return tuple(block_lines), tuple(sentences)


class _Places:
    """The letters and digits of a body, each with its line; marks and line ends do not hide words."""

    def __init__(self, lines: Sequence[str], offset: int) -> None:
        letters: list[str] = []
        self.line_of: list[int] = []
        for number, line in enumerate(lines, start=offset + 1):
            bare = _letters(line)
            letters.append(bare)
            self.line_of += [number] * len(bare)
        self.text = "".join(letters)
        self.cursor = 0
        self.first_line = offset + 1

    def advance(self, text: str) -> int:
        """Return the line where the text stands, looking onwards from the place found before."""
        wanted = _letters(text)
        # A link's target stands between words in the file only, so shorter beginnings are tried too.
        for length in (len(wanted), 40, 20, 10):
            reach = len(self.text) if length == len(wanted) else self.cursor + NEAR
            place = self.text.find(wanted[:length], self.cursor, reach) if wanted else -1
            if place >= 0:
                self.cursor = place + 1
                return self.line_of[place]
        return self.line_of[min(self.cursor, len(self.line_of) - 1)] if self.line_of else self.first_line


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
