"""Tables as rows in words, "Column: cell; column: cell", so that each row can be quoted alone."""

from collections.abc import Sequence

MAX_HEADER_WORDS = 6
"""A cell with more words is content and not the name of a column."""

MAX_SPAN = 50
"""Columns or rows that one cell may stand for; pages state thousands to break readers."""


def row_in_words(header: Sequence[str], cells: Sequence[str]) -> str:
    """Return a table row as one line: "Column: cell; column: cell", or the bare cells without a header."""
    named = [
        f"{header[place]}: {cell}" if place < len(header) and header[place] else cell
        for place, cell in enumerate(cells)
        if cell.strip()
    ]
    return "; ".join(named)


def rows_in_words(rows: Sequence[Sequence[str]], *, header_rows: int = 0) -> list[str]:
    """Return the rows of a table below its header, in words.

    Args:
        rows: cells, with blanks where a table has none.
        header_rows: how many rows at the top name the columns; at 0 the first is one when it looks like it.
    """
    filled = [[" ".join(cell.split()) for cell in row] for row in rows]
    filled = [row for row in filled if any(row)]
    if not filled:
        return []
    if header_rows == 0 and names_columns(filled):
        header_rows = 1
    if header_rows >= len(filled):
        header_rows = 0
    header = _joined(filled[:header_rows])
    return [row_in_words(header, row) for row in filled[header_rows:]]


def names_columns(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row of a table looks like its header: short, distinct, without numbers."""
    first = rows[0]
    if len(rows) < 2 or len([cell for cell in first if cell]) < 2:
        return False
    cells = [cell for cell in first if cell]
    if len(set(cells)) < len(cells) or any(len(cell.split()) > MAX_HEADER_WORDS for cell in cells):
        return False
    # Only the corner over the row names may be blank, and names of columns neither hold figures nor end as sentences.
    return all(first[1:]) and not any(cell[-1] in ".!?" or any(sign.isdigit() for sign in cell) for cell in cells)


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name for each column out of several header rows."""
    width = max((len(row) for row in rows), default=0)
    names = []
    for place in range(width):
        parts = list(dict.fromkeys(row[place] for row in rows if place < len(row) and row[place]))
        names.append(" ".join(parts))
    return names
