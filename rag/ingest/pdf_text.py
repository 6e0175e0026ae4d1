"""Lines of a PDF into headings, paragraphs and lists: running lines go, paragraphs and broken words are joined."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import regex

from rag.ingest.pdf_lines import TextLine
from rag.ingest.raw_blocks import RawBlock
from rag.ingest.removed import Reason, RemovedPieces
from rag.types import BlockKind

EDGE = 0.12
"""Share of a page's height at the top and at the bottom where running headers and footers stand."""

HEADING_SIZE = 1.12
"""Letters this much larger than the text's make a heading."""

MAX_HEADING_WORDS = 16
MAX_RUNNING_WORDS = 18

_PAGE_NUMBER = regex.compile(
    r"^\W*(?:page|p\.?|seite)?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*(?:(?:of|/|von)\s*\d{1,4})?\W*$", regex.IGNORECASE
)
_BULLET = regex.compile(r"^\s*[•·▪◦‣●○■–*\uf0b7\uf0a7-]\s+(?=\S)")
_NUMBER = regex.compile(r"^\s*(\d{1,2})[.)]\s+(?=\S)")
_BROKEN = regex.compile(r"(?<=\p{L})[-\u00ad\u2010]$")
_HYPHENATED = regex.compile(r"\p{L}+(?:[-\u2010]\p{L}+)+")
_KEEPS_HYPHEN = frozenset(
    "self well non low high long short half full part co anti post pre semi mid cross evidence follow".split()
)


@dataclass(frozen=True, slots=True)
class PageSize:
    """Height of a page in points."""

    height: float


def blocks_of_lines(lines: Sequence[TextLine], pages: Sequence[PageSize], removed: RemovedPieces) -> list[RawBlock]:
    """Return the blocks of a document.

    Args:
        lines: all lines in reading order.
        pages: the pages that they stand on.
        removed: receives headers, footers and page numbers.
    """
    body = _without_running_lines(lines, pages, removed)
    if not body:
        return []
    sizes = Counter[float]()
    for line in body:
        sizes[line.size] += len(line.text)
    usual = sizes.most_common(1)[0][0]
    ranks = sorted({line.size for line in body if line.size >= HEADING_SIZE * usual}, reverse=True)
    pitch = _pitch(body)
    vocabulary = _vocabulary(body)
    found: list[RawBlock] = []
    before: TextLine | None = None
    for line in body:
        level = _heading_level(line, usual, ranks)
        if line.is_row:
            found.append(RawBlock(BlockKind.TABLE_ROW, line.text))
        elif level:
            _add_heading(found, line, level, before, pitch)
        elif mark := _BULLET.match(line.text) or _NUMBER.match(line.text):
            number = _NUMBER.match(line.text)
            found.append(RawBlock(BlockKind.LIST_ITEM, line.text[mark.end() :], 1, f"{number[1]}." if number else "-"))
        elif found and before is not None and _goes_on(found[-1], before, line, pitch):
            last = found[-1]
            found[-1] = RawBlock(last.kind, _joined(last.text, line.text, vocabulary), last.level, last.mark)
        else:
            found.append(RawBlock(BlockKind.PARAGRAPH, line.text))
        before = line
    return found


def _without_running_lines(
    lines: Sequence[TextLine], pages: Sequence[PageSize], removed: RemovedPieces
) -> list[TextLine]:
    def at_edge(line: TextLine) -> bool:
        height = pages[line.page].height
        return line.bottom < EDGE * height or line.top > (1 - EDGE) * height

    pages_of: dict[str, set[int]] = {}
    for line in lines:
        if at_edge(line) and len(line.text.split()) <= MAX_RUNNING_WORDS:
            pages_of.setdefault(_shape(line.text), set()).add(line.page)
    kept = []
    for line in lines:
        if at_edge(line) and not line.is_row:
            if _PAGE_NUMBER.match(line.text):
                removed.add(line.text, Reason.PAGE_NUMBER)
                continue
            if len(pages_of.get(_shape(line.text), ())) > 1:
                removed.add(line.text, Reason.RUNNING_LINE)
                continue
        kept.append(line)
    return kept


def _shape(text: str) -> str:
    """A line with its figures blanked, so that "Page 3" and "Page 4" are one."""
    return regex.sub(r"\d+", "#", text.casefold()).strip()


def _heading_level(line: TextLine, usual: float, ranks: Sequence[float]) -> int:
    words = line.text.split()
    if line.is_row or len(words) > MAX_HEADING_WORDS or not any(sign.isalpha() for sign in line.text):
        return 0
    if line.size >= HEADING_SIZE * usual:
        return min(6, 1 + ranks.index(line.size))
    ends = line.text.rstrip()[-1]
    if line.bold and ends not in ".,;:" and line.size >= 0.98 * usual and not _BULLET.match(line.text):
        return min(6, 2 + len(ranks))
    return 0


def _add_heading(found: list[RawBlock], line: TextLine, level: int, before: TextLine | None, pitch: float) -> None:
    """Add a heading, or its second line to the first."""
    last = found[-1] if found else None
    beside = before is not None and before.page == line.page and line.top - before.bottom < 0.6 * max(pitch, line.size)
    if last is not None and last.kind is BlockKind.HEADING and last.level == level and beside and before is not None:
        if before.size == line.size and before.bold == line.bold and not _NUMBER.match(line.text):
            found[-1] = RawBlock(BlockKind.HEADING, f"{last.text} {line.text}", level)
            return
    found.append(RawBlock(BlockKind.HEADING, line.text, level))


def _goes_on(last: RawBlock, before: TextLine, line: TextLine, pitch: float) -> bool:
    """Return whether a line belongs to the block before it."""
    if last.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
        return False
    ended = before.text.rstrip()[-1:] in '.!?:”"' or not before.text
    jumped = line.page != before.page or line.top < before.top - 1
    if jumped:  # to the next column or page: a sentence that has not ended goes on there
        return not ended or bool(_BROKEN.search(before.text))
    if line.top - before.bottom > max(0.5 * line.size, 1.35 * pitch - (line.bottom - line.top)):
        return False
    if abs(line.size - before.size) > 0.15 * line.size:
        return False
    width = line.column[1] - line.column[0]
    short = before.right < before.column[1] - 0.15 * width
    indented = line.left > before.left + 0.8 * line.size and last.kind is BlockKind.PARAGRAPH
    return not (ended and (short or indented))


def _pitch(lines: Sequence[TextLine]) -> float:
    """The usual distance from line to line."""
    steps = [
        after.top - line.top
        for line, after in pairwise(lines)
        if line.page == after.page and 0 < after.top - line.top < 4 * line.size
    ]
    return median(steps) if steps else 14.0


def _vocabulary(lines: Sequence[TextLine]) -> frozenset[str]:
    """Words as the document writes them inside lines, where no line end broke them."""
    words: set[str] = set()
    for line in lines:
        inner = _BROKEN.sub("", line.text)
        words.update(word.casefold() for word in regex.findall(r"\p{L}+", inner))
        words.update(word.casefold().replace("\u2010", "-") for word in _HYPHENATED.findall(inner))
    return frozenset(words)


def _joined(text: str, following: str, vocabulary: frozenset[str]) -> str:
    """Two lines of a paragraph; a word that was broken between them is whole again."""
    broken = _BROKEN.search(text)
    rest = regex.match(r"\p{Ll}+", following)
    if broken is None or rest is None:
        return f"{text} {following}"
    head = text[: broken.start()]
    first = regex.search(r"\p{L}+$", head)
    start = first[0].casefold() if first else ""
    if broken[0] == "\u00ad":
        return head + following
    with_hyphen, without = f"{start}-{rest[0]}", start + rest[0]
    hyphenated = with_hyphen in vocabulary or (without not in vocabulary and start in _KEEPS_HYPHEN)
    return f"{head}-{following}" if hyphenated else head + following
