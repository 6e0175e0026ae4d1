"""Split a Markdown file into its YAML header and its body, and read the header's fields."""

import datetime
from collections.abc import Mapping
from typing import Any

import yaml

from rag.errors import FrontMatterError
from rag.types import Evidence, Reference, SectionNote

FENCE = "---"
MAX_HEADER_CHARS = 100_000
"""A header longer than this is refused before it reaches the YAML parser."""

MAX_HEADER_NODES = 20_000
"""Nodes that a header may expand to; aliases that multiply ("billion laughs") pass it quickly."""

MAX_HEADER_DEPTH = 20
"""Lists within lists; the YAML parser's time grows with the square of the depth (5000 took 12 s, 2026-11-22)."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Compiled where there is a compiler for it: reading 42 headers takes a tenth of the time."""


MAX_NUMBER = 10**18
"""Longer numbers are identifiers; printing one of many thousand digits takes quadratic time."""


def split_front_matter(raw: str) -> tuple[dict[str, object], str, int]:
    """Return the header, the body, and how many lines stand before the body.

    Args:
        raw: the whole file. Without a first line of `---` there is no header.

    Raises:
        FrontMatterError: the header has no end, is too large, is not valid YAML, or is not a mapping.
    """
    lines = raw.split("\n")
    if not lines or lines[0].rstrip() != FENCE:
        return {}, raw, 0
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in (FENCE, "..."):
            header = _parse("\n".join(lines[1:number]))
            return header, "\n".join(lines[number + 1 :]), number + 1
    if ":" not in (lines[1] if len(lines) > 1 else ""):
        return {}, raw, 0  # a thematic break at the top of plain Markdown, not a header
    raise FrontMatterError("header starts with '---' but never ends; expected a second line of '---'")


def _parse(text: str) -> dict[str, object]:
    if len(text) > MAX_HEADER_CHARS:
        raise FrontMatterError(f"header holds {len(text)} characters; expected at most {MAX_HEADER_CHARS}")
    try:
        _refuse_explosions(text)
        value = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as error:
        reason = " ".join(str(error).split())[:200]
        if "integer string conversion" in reason:
            reason = "a number has too many digits; put it in quotes"
        raise FrontMatterError(f"header is not valid YAML: {reason}") from error
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise FrontMatterError("header is not a list of 'field: value' lines")
    _refuse_odd_values(value)
    return value


def _refuse_odd_values(value: object) -> None:
    """Admit what a header has a use for: texts, numbers, dates, lists and mappings of them."""
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise FrontMatterError("header holds a field whose name is not text; put it in quotes")
        for inner in value.values():
            _refuse_odd_values(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_odd_values(inner)
    elif isinstance(value, int) and abs(value) >= MAX_NUMBER:
        raise FrontMatterError("header holds a number with more than 18 digits; put it in quotes")
    elif value is not None and not isinstance(value, str | int | float | datetime.date):
        raise FrontMatterError(f"header holds a value of kind {type(value).__name__}; expected text")


def _refuse_explosions(text: str) -> None:
    """Refuse aliases altogether: an article header has no use for them and they can multiply."""
    depth = 0
    for events, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_HEADER_DEPTH:
            raise ValueError(f"nested more than {MAX_HEADER_DEPTH} deep")
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("aliases (*name) are not allowed in a header")
        if events > MAX_HEADER_NODES:
            raise ValueError(f"more than {MAX_HEADER_NODES} values")


def text_field(header: Mapping[str, object], name: str) -> str | None:
    """Return a text field, None when absent or empty; dates and numbers come back as text.

    Raises:
        FrontMatterError: the field holds a list or a mapping.
    """
    value = header.get(name)
    if value is None:
        return None
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, str | int | float):
        return " ".join(str(value).split()) or None
    raise FrontMatterError(f"header field '{name}' is a {type(value).__name__}; expected text")


def flag_field(header: Mapping[str, object], name: str) -> bool:
    """Return a true/false field, False when absent.

    Raises:
        FrontMatterError: the field holds anything else.
    """
    value = header.get(name, False)
    if not isinstance(value, bool):
        raise FrontMatterError(f"header field '{name}' is {value!r}; expected true or false")
    return value


def references(header: Mapping[str, object]) -> tuple[Reference, ...]:
    """Return the documents listed under `sources`.

    Raises:
        FrontMatterError: `sources` is not a list of mappings with key, who, document and year.
    """
    found = []
    for entry in _entries(header, "sources"):
        values = {name: text_field(entry, name) for name in ("key", "who", "document", "year", "url")}
        missing = [name for name in ("who", "document") if not values[name]]
        if missing:
            raise FrontMatterError(f"an entry of 'sources' lacks {' and '.join(missing)}")
        found.append(
            Reference(
                key=values["key"] or values["who"] or "",
                who=values["who"] or "",
                document=values["document"] or "",
                year=values["year"] or "n.d.",
                url=values["url"],
            )
        )
    return tuple(found)


def section_notes(header: Mapping[str, object]) -> tuple[SectionNote, ...]:
    """Return the entries of `sections`: heading, evidence label, readers' questions.

    Raises:
        FrontMatterError: an entry has no heading, an unknown label, or questions that are not a list of texts.
    """
    found = []
    for entry in _entries(header, "sections"):
        heading = text_field(entry, "heading")
        if not heading:
            raise FrontMatterError("an entry of 'sections' lacks a heading")
        label = text_field(entry, "evidence")
        if label is not None and label not in set(Evidence):
            raise FrontMatterError(f"section '{heading}' has evidence '{label}'; expected one of {', '.join(Evidence)}")
        questions = entry.get("questions") or []
        if not isinstance(questions, list) or not all(isinstance(item, str) for item in questions):
            raise FrontMatterError(f"section '{heading}' has questions that are not a list of texts")
        evidence = Evidence(label) if label else None
        found.append(SectionNote(heading=heading, evidence=evidence, questions=tuple(questions)))
    return tuple(found)


def _entries(header: Mapping[str, object], name: str) -> list[dict[str, object]]:
    value = header.get(name) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise FrontMatterError(f"header field '{name}' is not a list of mappings")
    return value
