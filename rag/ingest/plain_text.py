"""Read text without markup into blocks: recognise headings, lists and paragraphs, drop page furniture."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto

import regex

from rag.ingest import chrome
from rag.ingest.contacts import has_contact_details
from rag.ingest.removed import Reason, RemovedPieces
from rag.ingest.text_builder import TextBuilder, clean_line

MAX_HEADING_WORDS = 14
MAX_HEADING_CHARS = 100
MIN_PARAGRAPH_WORDS = 8
WRAP_WIDTH = 100
"""Lines up to this long that follow each other without a blank line are one hard-wrapped paragraph."""

_BULLET = regex.compile(r"^\s*[•·▪◦*‣–-]\s+(?=\S)")
_NUMBER = regex.compile(r"^\s*(\d{1,3})[.)]\s+(?=\S)")
_RULE = regex.compile(r"^\s*([=\-_*~#])\1{2,}\s*$")
_ABOUT = regex.compile(
    r"\bin this (?:article|post|guide|page|blog(?: post)?),? (?:we|i)(?:['’]ll| will| are going to|['’]re going to)? "
    r"(?:tell you (?:about|how to)|discuss|explore|cover|explain|look at|talk about|share|learn(?: about)?)\s+"
    r"([^.,;:]{8,80})",
    regex.IGNORECASE,
)


class Kind(Enum):
    """What a line looks like."""

    HEADING = auto()
    PARAGRAPH = auto()
    BULLET = auto()
    NUMBERED = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """One block of the file on a single line."""

    text: str
    kind: Kind
    mark: str = "-"


@dataclass(frozen=True, slots=True)
class PlainText:
    """What was read besides the blocks: a title where the text shows one."""

    title: str | None


def plain_text_blocks(raw: str, into: TextBuilder) -> PlainText:
    """Add the blocks of a text file to `into`.

    Args:
        raw: the decoded file.
        into: receives headings (level 2), list items and paragraphs, and what was taken out.
    """
    lines = _with_headings(_without_furniture(_lines(raw), into.removed))
    title = None
    headings = next((at for at, line in enumerate(lines) if line.kind is not Kind.HEADING), len(lines))
    if headings == 2:  # the title of the page and the heading of its first part
        title, lines = lines[0].text, lines[1:]
    lines = _without_empty_headings(lines, into.removed)
    if (
        title is None
        and lines
        and lines[0].kind is Kind.HEADING
        and len(lines) > 1
        and lines[1].kind is not Kind.BULLET
    ):
        opening = [line for line in lines if line.kind is Kind.HEADING]
        if len(opening) > 1:
            title, lines = lines[0].text, lines[1:]
    for line in lines:
        _add(line, into)
    return PlainText(title=title or _title_from_words(lines))


def _add(line: Line, into: TextBuilder) -> None:
    if line.kind is Kind.HEADING:
        into.heading(line.text, 2)
    elif line.kind is Kind.PARAGRAPH:
        into.paragraph(line.text)
    else:
        into.list_item(line.text, mark=line.mark)


def _lines(raw: str) -> list[Line]:
    """Cut the file into blocks: blank lines part them, so do list marks and very long lines."""
    found: list[Line] = []
    group: list[str] = []

    def flush() -> None:
        if group:
            found.append(Line(clean_line(" ".join(group)), Kind.PARAGRAPH))
            group.clear()

    for raw_line in raw.split("\n"):
        text = raw_line.strip()
        if not text or _RULE.match(raw_line):
            flush()
            continue
        numbered = _NUMBER.match(raw_line)
        bullet = _BULLET.match(raw_line)
        if numbered or bullet:
            flush()
            match = numbered or bullet
            body = clean_line(raw_line[match.end() :] if match else raw_line)
            kind, mark = (Kind.NUMBERED, f"{numbered[1]}.") if numbered else (Kind.BULLET, "-")
            found.append(Line(body, kind, mark))
        elif len(text) > WRAP_WIDTH:
            flush()
            found.append(Line(clean_line(text), Kind.PARAGRAPH))
        else:
            if group and _looks_like_heading(text) and group[-1][-1:] in ".!?":
                flush()
            group.append(text)
    flush()
    return [line for line in found if line.text]


def _without_furniture(lines: list[Line], removed: RemovedPieces) -> list[Line]:
    texts = [line.text for line in lines]
    tail: list[str] = []
    for place, text in enumerate(texts):
        if chrome.is_comment_form(text):
            tail, lines, texts = texts[place:], lines[:place], texts[:place]
            break
    furniture = [chrome.is_furniture(text) for text in texts]
    bylines = chrome.byline_places(texts, furniture)
    kept = []
    for place, line in enumerate(lines):
        if furniture[place]:
            removed.add(line.text, Reason.CONTACT if has_contact_details(line.text) else Reason.FURNITURE)
        elif place in bylines:
            removed.add(line.text, Reason.BYLINE)
        elif line.kind is Kind.PARAGRAPH and chrome.is_caption(line.text):
            removed.add(line.text, Reason.CAPTION)
        else:
            kept.append(line)
    for text in tail:
        removed.add(text, Reason.COMMENTS)
    return kept


def _looks_like_heading(text: str) -> bool:
    """Return whether a line could be a heading by its own looks."""
    words = text.split()
    if not words or len(words) > MAX_HEADING_WORDS or len(text) > MAX_HEADING_CHARS:
        return False
    if text[-1] in ".!;,…" or not (text[0].isupper() or text[0].isdigit()):
        return False
    if text[-1] in "?:" or text.isupper() or len(words) <= 6:
        return True
    long_words = [word for word in words if len(word) > 3]
    capitals = sum(word[0].isupper() for word in long_words)
    return bool(long_words) and capitals >= 0.6 * len(long_words)


def _with_headings(lines: list[Line]) -> list[Line]:
    """Turn lines that look like headings and stand before text into headings."""
    found = []
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else None
        heading = (
            line.kind in (Kind.PARAGRAPH, Kind.NUMBERED)
            and following is not None
            and not (line.kind is following.kind is Kind.NUMBERED)
            and _looks_like_heading(line.text)
            and not (line.text.endswith(":") and following.kind in (Kind.BULLET, Kind.NUMBERED))
        )
        found.append(Line(line.text.rstrip(":"), Kind.HEADING) if heading else line)
    return found


def _without_empty_headings(lines: list[Line], removed: RemovedPieces) -> list[Line]:
    """Drop headings with nothing under them: on saved pages they are links to other pages.

    A fragment that ends a section without being a sentence is a link as well. Read from the end, so that a heading
    goes when all that stood under it went.
    """
    kept: list[Line] = []
    gone: list[str] = []
    for line in reversed(lines):
        ends_section = not kept or kept[-1].kind is Kind.HEADING
        fragment = line.kind is Kind.PARAGRAPH and line.text[-1:] not in '.!?:;"”’)…'
        short = len(line.text.split()) < MIN_PARAGRAPH_WORDS
        if ends_section and (line.kind is Kind.HEADING or (fragment and short)):
            gone.append(line.text)
        else:
            kept.append(line)
    for text in reversed(gone):
        removed.add(text, Reason.EMPTY_HEADING)
    return kept[::-1]


def _title_from_words(lines: list[Line]) -> str | None:
    """Return a title from "in this article we will …", else the words that most headings share."""
    for line in lines[:6]:
        match = _ABOUT.search(line.text)
        if match:
            words = match[1].strip()
            return words[0].upper() + words[1:]
    headings = [line.text for line in lines if line.kind is Kind.HEADING]
    counts = Counter(word for heading in headings for word in {w.lower() for w in regex.findall(r"\p{L}{5,}", heading)})
    shared = [word for word, count in counts.most_common(3) if count >= 2 and count * 4 >= len(headings)]
    return " and ".join(shared).capitalize() or None
