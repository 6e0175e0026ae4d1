"""Tables of a page: rows of data in words; tables that only lay out the page are left to the walk."""

from collections.abc import Callable

from lxml import etree

from rag.ingest.tables import MAX_SPAN, rows_in_words

MAX_COLUMNS = 50
_LAYOUT = frozenset(("table", "h1", "h2", "h3", "h4", "h5", "h6", "article", "section", "ul", "ol"))


def is_data_table(table: etree._Element) -> bool:
    """Return whether a table holds data: two rows and columns at least, no headings or tables in its cells."""
    if (table.get("role") or "").lower() == "presentation":
        return False
    rows = _rows(table)
    if max((len(_cells(row)) for row in rows), default=0) < 2:
        return False
    return not any(_tag(part) in _LAYOUT for part in table.iter() if part is not table)


def table_rows(table: etree._Element, text_of: Callable[[etree._Element], str]) -> list[str]:
    """Return the rows of a table in words."""
    grid: list[list[str]] = []
    header_rows = 0
    above: dict[int, tuple[int, str]] = {}
    for row in _rows(table):
        cells = _cells(row)
        line: list[str] = []
        for cell in cells:
            _fill_from_above(line, above)
            text = text_of(cell)
            for _ in range(_span(cell, "colspan")):
                if len(line) < MAX_COLUMNS:
                    if _span(cell, "rowspan") > 1:
                        above[len(line)] = (_span(cell, "rowspan"), text)
                    line.append(text)
        _fill_from_above(line, above)
        above = {place: (left - 1, text) for place, (left, text) in above.items() if left > 1}
        named = _tag(row.getparent()) == "thead" or (bool(cells) and all(_tag(cell) == "th" for cell in cells))
        if named and header_rows == len(grid):
            header_rows += 1
        grid.append(line)
    return rows_in_words(grid, header_rows=header_rows)


def _fill_from_above(line: list[str], above: dict[int, tuple[int, str]]) -> None:
    """Repeat cells that reach down from earlier rows."""
    while len(line) in above and len(line) < MAX_COLUMNS:
        line.append(above[len(line)][1])


def _rows(table: etree._Element) -> list[etree._Element]:
    return [part for part in table.iter() if _tag(part) == "tr"]


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row if _tag(cell) in ("td", "th")]


def _span(cell: etree._Element, name: str) -> int:
    stated = cell.get(name) or "1"
    return max(1, min(MAX_SPAN, int(stated))) if stated.isascii() and stated.isdigit() and len(stated) < 7 else 1


def _tag(element: etree._Element | None) -> str:
    if element is None or not isinstance(element.tag, str):
        return ""
    return element.tag.rsplit("}", 1)[-1].lower()
