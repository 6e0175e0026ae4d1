"""Pack the sentences of a section into chunks that fit the encoder."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.chunk.headings import Section, split_sections
from rag.errors import CorpusError
from rag.ingest.sentences import sentence_spans
from rag.types import Article, BlockKind, Chunk, ChunkId, Span

CHUNKER_VERSION = "1"
"""Part of every chunk id: raise it when the same article would be cut differently."""

MAX_HEAD_BYTES = 300
"""The title and heading path in front of a chunk are cut to this in UTF-8: about 70 word pieces of English, and 100
of a script whose every character is a word piece."""

TokenCounter = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class ChunkSettings:
    """How articles are cut.

    Attributes:
        max_tokens: the encoder's window in word pieces, heading path and special tokens included.
        target_tokens: where a chunk is closed at the next paragraph or list item.
    """

    max_tokens: int = 256
    target_tokens: int = 160


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence or list item, or a part of one that alone is longer than the window.

    Attributes:
        span: its place in the article.
        tokens: its length in word pieces.
        opens_block: it is the first of its paragraph or list item.
        leads_in: it ends in a colon, so what follows belongs to it.
    """

    span: Span
    tokens: int
    opens_block: bool
    leads_in: bool
    in_list: bool


def embedding_text(title: str, headings: Sequence[str], text: str) -> str:
    """Return what is embedded for a chunk: title and heading path, then its text."""
    head = " › ".join((title, *headings))
    return f"{head.encode()[:MAX_HEAD_BYTES].decode(errors='ignore')}\n{text}"


def sentence_texts(chunk: Chunk) -> list[str]:
    """Return the text of each of a chunk's sentences, in order."""
    return [chunk.text[span.start - chunk.span.start : span.end - chunk.span.start] for span in chunk.sentences]


def split_article(article: Article, *, count_tokens: TokenCounter, settings: ChunkSettings) -> list[Chunk]:
    """Return the chunks of an article, in order.

    Sentences and list items stay whole; only a single one that is longer than the window is cut, between
    words where it has any. Chunks do not cross headings. `Chunk.text` is the article's text at its span.

    Args:
        article: what to cut.
        count_tokens: length of texts in word pieces, special tokens included.
        settings: window and target.

    Raises:
        CorpusError: the title and headings leave no room for text in the window.
    """
    chunks: list[Chunk] = []
    for section in split_sections(article):
        head_tokens = count_tokens([embedding_text(article.title, section.headings, "")])[0]
        room = settings.max_tokens - head_tokens
        if room < 8:
            raise CorpusError(
                f"its title and headings take {head_tokens} of {settings.max_tokens} word pieces; shorten them"
            )
        pieces = _pieces(article.text, section, count_tokens, room)
        for group in _groups(pieces, room, max(8, settings.target_tokens - head_tokens)):
            chunks.extend(_fitting(article, section, group, count_tokens, settings.max_tokens))
    return chunks


def _pieces(text: str, section: Section, count_tokens: TokenCounter, room: int) -> list[_Piece]:
    found: list[tuple[Span, bool, bool]] = []
    for block in section.blocks:
        in_list = block.kind is BlockKind.LIST_ITEM
        for place, span in enumerate(sentence_spans(text, block.span)):
            found.append((span, place == 0, in_list))
    counts = count_tokens([text[span.start : span.end] for span, _, _ in found])
    pieces: list[_Piece] = []
    for (span, opens, in_list), tokens in zip(found, counts, strict=True):
        if tokens <= room:
            pieces.append(_Piece(span, tokens, opens, text[span.end - 1] == ":", in_list))
            continue
        for place, part in enumerate(_cut_words(text, span, count_tokens, room)):
            pieces.append(_Piece(part, room, opens and place == 0, False, in_list))
    return pieces


def _cut_words(text: str, span: Span, count_tokens: TokenCounter, room: int) -> list[Span]:
    """Cut one over-long sentence into the longest parts that fit, between words where possible."""
    parts: list[Span] = []
    start = span.start
    while start < span.end:
        # A word piece is at least one character, so this many always bound a fitting part.
        low, high = start + 1, min(span.end, start + room * 24)
        while low < high:
            middle = (low + high + 1) // 2
            if count_tokens([text[start:middle]])[0] <= room:
                low = middle
            else:
                high = middle - 1
        end = low
        if end < span.end:
            space = text.rfind(" ", start + 1, end)
            end = space if space > start else end
        if text[start:end].strip():
            parts.append(Span(start, end))
        start = end
        while start < span.end and text[start] == " ":
            start += 1
    return parts


def _groups(pieces: Sequence[_Piece], room: int, target: int) -> list[list[_Piece]]:
    """Pack pieces into groups: at most `room`, closed at a block's start once past `target`.

    A section that fits whole stays whole; a line ending in a colon stays with the list it opens.
    """
    if sum(piece.tokens for piece in pieces) <= room:
        return [list(pieces)] if pieces else []
    groups: list[list[_Piece]] = []
    for block in _units(pieces):
        size = sum(piece.tokens for piece in block)
        used = sum(piece.tokens for piece in groups[-1]) if groups else 0
        if groups and used + size <= room and used < target:
            groups[-1].extend(block)
            continue
        if size <= room:
            groups.append(list(block))
            continue
        groups.append([])
        for piece in block:
            if sum(other.tokens for other in groups[-1]) + piece.tokens > room:
                groups.append([])
            groups[-1].append(piece)
    return [group for group in groups if group]


def _units(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Blocks that should stay together: a paragraph, a list item, or a lead-in with its first item."""
    units: list[list[_Piece]] = []
    for piece in pieces:
        if units and (not piece.opens_block or units[-1][-1].leads_in):
            units[-1].append(piece)
        else:
            units.append([piece])
    return units


def _fitting(
    article: Article, section: Section, group: Sequence[_Piece], count_tokens: TokenCounter, max_tokens: int
) -> list[Chunk]:
    """Make a chunk of a group; halve the group while the tokenizer counts the whole above the window."""
    chunk = _chunk(article, section, group)
    counted = count_tokens([embedding_text(article.title, section.headings, chunk.text)])[0]
    if counted <= max_tokens or len(group) == 1:
        return [chunk]
    middle = len(group) // 2
    return [
        *_fitting(article, section, group[:middle], count_tokens, max_tokens),
        *_fitting(article, section, group[middle:], count_tokens, max_tokens),
    ]


def _chunk(article: Article, section: Section, group: Sequence[_Piece]) -> Chunk:
    span = Span(group[0].span.start, group[-1].span.end)
    text = article.text[span.start : span.end]
    identity = "\x00".join(
        (CHUNKER_VERSION, article.article_id, str(span.start), article.title, *section.headings, text)
    )
    return Chunk(
        chunk_id=ChunkId(hashlib.sha256(identity.encode()).hexdigest()[:32]),
        article_id=article.article_id,
        title=article.title,
        headings=section.headings,
        text=text,
        span=span,
        sentences=tuple(piece.span for piece in group),
        questions=section.note.questions if section.note else (),
        url=article.url,
        evidence=section.note.evidence if section.note else None,
        reviewed=article.reviewed,
        clinician_reviewed=article.clinician_reviewed,
    )
