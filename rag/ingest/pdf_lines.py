"""Put the words of a PDF page into lines and the lines into reading order, column by column."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page; the origin is the upper left corner, units are points."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a column.

    Attributes:
        text: its words.
        left: where it starts.
        right: where it ends.
        top: its upper edge.
        bottom: its lower edge.
        size: the usual size of its letters.
        bold: all its words are bold.
        page: number of its page, from 0.
        column: left and right edge of its column.
        is_row: it is a row of a table, already in words.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    page: int
    column: tuple[float, float]
    is_row: bool = False


MIN_COLUMN_ROWS = 4
"""Rows that each side of a gutter needs; two lines side by side are a table or a signature."""

MAX_CROSSING_SHARE = 0.35
"""Rows that may run across a gutter, such as the title, an abstract or a wide table."""

MIN_COLUMN_WORDS = 3.0
"""Words in the usual line of a column of prose; cells of a table have fewer."""

MIN_GAP = 0.8
"""Width of a gutter in letter sizes, at its narrowest: spaces between words of justified text stay below it."""

MIN_GAP_AT_EDGE = 0.4
"""Width of a gutter before a word that starts where the lines of the right column start."""

MAX_PLACES = 60
"""Places at which a gutter is looked for: those where most rows have a gap."""


def reading_order(words: Sequence[Word], page: int) -> list[TextLine]:
    """Return the lines of a page in the order in which they are read.

    Columns are told by a gutter: a vertical stripe that most rows leave free. Lines that run across it part the page
    into bands, each of which is read column by column.
    """
    rows = _rows(words)
    return _in_columns(rows, page, depth=0) if rows else []


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words that stand on one baseline, from top to bottom."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda one: (one.bottom, one.left)):
        # Superscripts sit a little higher: a row is what overlaps by half its height.
        if rows and word.top < rows[-1][0].bottom - 0.5 * min(
            word.bottom - word.top, rows[-1][0].bottom - rows[-1][0].top
        ):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _in_columns(rows: list[list[Word]], page: int, depth: int) -> list[TextLine]:
    gutter = _gutter(rows) if depth < 2 else None
    if gutter is None:
        edges = (min(row[0].left for row in rows), max(row[-1].right for row in rows))
        return [_line(row, page, edges) for row in rows]
    lines: list[TextLine] = []
    left: list[list[Word]] = []
    right: list[list[Word]] = []

    def close() -> None:
        for side in (left, right):
            if side:
                lines.extend(_in_columns(list(side), page, depth + 1))
                side.clear()

    for row in rows:
        if _crosses(row, gutter):
            close()
            edges = (rows[0][0].left, max(one[-1].right for one in rows))
            lines.append(_line(row, page, edges))
            continue
        for word in row:
            side = left if (word.left + word.right) / 2 < gutter else right
            if side and side[-1][-1] in row:
                side[-1].append(word)
            else:
                side.append([word])
    close()
    return lines


def _gutter(rows: list[list[Word]]) -> float | None:
    """Where the page parts into two sides of prose, None when it does not."""
    low, high = min(row[0].left for row in rows), max(row[-1].right for row in rows)
    best: tuple[float, float] | None = None
    for place in _gaps(rows, low + 0.2 * (high - low), low + 0.8 * (high - low)):
        open_rows = [row for row in rows if not _crosses(row, place)]
        if len(rows) - len(open_rows) > MAX_CROSSING_SHARE * len(rows):
            continue
        left = [sum(word.right <= place for word in row) for row in open_rows if row[0].right <= place]
        right = [sum(word.left >= place for word in row) for row in open_rows if row[-1].left >= place]
        if min(len(left), len(right)) < MIN_COLUMN_ROWS or min(median(left), median(right)) < MIN_COLUMN_WORDS:
            continue
        score = len(open_rows) - abs(place - (low + high) / 2) / (high - low)
        if best is None or score > best[0]:
            best = (score, place)
    if best is None:
        return None
    starts = Counter(
        round(word.left) for row in rows for word in row if word.left >= best[1] and not _crosses(row, best[1])
    )
    # Full lines of the left column come close to the right one, whose own lines all start at one place.
    return starts.most_common(1)[0][0] - 1.0


def _gaps(rows: list[list[Word]], low: float, high: float) -> list[float]:
    """The middles of gaps between words that are wide enough for a gutter, the commonest first."""
    counts = Counter[int]()
    for row in rows:
        for before, after in pairwise(row):
            middle = (before.right + after.left) / 2
            if after.left - before.right >= MIN_GAP * before.size and low <= middle <= high:
                counts[round(middle / 2) * 2] += 1
    return [float(place) for place, _ in counts.most_common(MAX_PLACES)]


def _crosses(row: list[Word], place: float) -> bool:
    """Whether a row runs over a place: a word covers it, or only the space between two words is there."""
    before = [word for word in row if word.left < place]
    after = [word for word in row if word.right > place]
    if not before or not after:
        return False
    if before[-1].right > place:
        return True
    if abs(after[0].left - place - 1.0) <= 1.5:  # at the edge of the right column
        return after[0].left - before[-1].right < MIN_GAP_AT_EDGE * before[-1].size
    return after[0].left - before[-1].right < MIN_GAP * before[-1].size


def _line(row: list[Word], page: int, column: tuple[float, float]) -> TextLine:
    text = row[0].text
    for before, word in pairwise(row):
        text += ("" if word.left - before.right < 0.08 * word.size else " ") + word.text
    sizes = Counter(round(word.size, 1) for word in row for _ in word.text)
    return TextLine(
        text=text,
        left=row[0].left,
        right=row[-1].right,
        top=min(word.top for word in row),
        bottom=max(word.bottom for word in row),
        size=sizes.most_common(1)[0][0],
        bold=all(word.bold for word in row),
        page=page,
        column=column,
    )
