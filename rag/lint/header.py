"""Rules on the header: its fields, their types, the id."""

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rag.lint.findings import Flaw
from rag.lint.page import TEXT_SUFFIXES, Page
from rag.lint.rule_set import RuleSet

ID_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")

VERDICTS = ("agrees", "partly", "unproven", "disagrees", "practical")


def readable(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """file-readable: the file can be read as an article."""
    if page.problem:
        yield Flaw(1, page.problem, "mend the file so that it can be indexed")
    elif page.article is not None and not page.article.text.strip():
        yield Flaw(1, "the file holds no text", "write the article or remove the file")


def required_fields(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """header-fields: every required field is there and not empty."""
    if not _has_header(page):
        return
    for name in rules.limits.required_fields:
        if name not in page.header:
            yield Flaw(1, f"the header has no '{name}'", f"add '{name}: …' to the header")
        elif page.header[name] in (None, ""):
            yield Flaw(page.header_line(f"{name}:"), f"'{name}' is empty", "give it a value")


def field_types(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """header-types: fields that are there hold the right type of value."""
    for name, value in page.header.items():
        if name in FIELDS and value is not None and not FIELDS[name].holds(value):
            line = page.header_line(f"{name}:")
            yield Flaw(line, f"'{name}' is {_shown(value)}", f"write {FIELDS[name].expected}")


def unknown_fields(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """header-unknown: no field but the documented ones, so that a misspelt name is noticed."""
    for name in page.header:
        if name not in FIELDS:
            yield Flaw(
                page.header_line(f"{name}:"),
                f"unknown field '{name}'",
                f"use one of {', '.join(FIELDS)}",
            )


def title_length(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """title-length: the title fits in a list."""
    title = page.article.title if page.article else ""
    if len(title) > rules.limits.max_title_chars:
        yield Flaw(
            page.header_line("title:"),
            f"the title has {len(title)} characters",
            f"shorten it to {rules.limits.max_title_chars} or fewer",
        )


def id_matches_file(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """id-matches-file: the id equals the file's name without its suffix."""
    article_id = page.header.get("id")
    if article_id is not None and str(article_id) != page.path.stem:
        yield Flaw(
            page.header_line("id:"),
            f"id '{article_id}' differs from the file name '{page.path.stem}'",
            f"write 'id: {page.path.stem}' or rename the file",
        )


def unique_ids(pages: Sequence[Page], rules: RuleSet) -> Iterator[tuple[Page, Flaw]]:
    """id-unique: no two files have the same id."""
    first: dict[str, Page] = {}
    for page in pages:
        article_id = page.article.article_id if page.article else str(page.header.get("id") or page.path.stem)
        earlier = first.setdefault(article_id, page)
        if earlier is not page:
            for one, other in ((page, earlier), (earlier, page)):
                message = f"id '{article_id}' is also that of {other.path.name}"
                yield one, Flaw(one.header_line("id:"), message, "give one of them another id")


def entries(page: Page, name: str) -> list[Mapping[str, object]]:
    """Return the mappings of a list field; anything else in it is left to header-types."""
    value = page.header.get(name)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def names(page: Page, name: str) -> list[str]:
    """Return the ids of a field that holds one id or a list of them."""
    value = page.header.get(name)
    listed = value if isinstance(value, list) else [value]
    return [entry for entry in listed if isinstance(entry, str) and entry]


def _has_header(page: Page) -> bool:
    return page.path.suffix.lower() in TEXT_SUFFIXES and page.problem is None


def _shown(value: object) -> str:
    text = " ".join(str(value).split())
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'" if text else "empty"


class _Type(NamedTuple):
    holds: Callable[[object], bool]
    expected: str


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(entry) for entry in value)


def _is_date(value: object) -> bool:
    if isinstance(value, str) and ISO_DATE.fullmatch(value):
        try:
            datetime.date.fromisoformat(value)
        except ValueError:
            return False
        return True
    return isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)


def _is_claims(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(entry, dict) and _is_text(entry.get("id")) and entry.get("verdict") in VERDICTS for entry in value
    )


def _is_sources(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(entry, dict)
        and all(_is_text(entry.get(name)) for name in ("key", "who", "document"))
        and isinstance(entry.get("year"), str | int)
        and (entry.get("url") is None or str(entry["url"]).startswith(("https://", "http://")))
        for entry in value
    )


def _is_sections(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(entry, dict)
        and _is_text(entry.get("heading"))
        and (entry.get("questions") is None or _is_texts(entry["questions"]))
        for entry in value
    )


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(ID_FORM.fullmatch(value))


FIELDS: dict[str, _Type] = {
    "id": _Type(_is_id, "lower-case letters, digits and single hyphens"),
    "title": _Type(_is_text, "a line of text"),
    "topic": _Type(lambda value: _is_text(value) or _is_texts(value), "one id or a list of ids"),
    "facts": _Type(_is_texts, "a list of fact ids, for instance [S1.1, S1.2]"),
    "seed_claims": _Type(_is_claims, f"entries of id and verdict ({', '.join(VERDICTS)})"),
    "sources": _Type(_is_sources, "entries of key, who, document, year and, where there is one, url"),
    "safety": _Type(_is_texts, "a list of group ids, for instance [RF1, RF2]"),
    "audience": _Type(_is_text, "a line of text"),
    "reviewed": _Type(_is_date, "a date such as 2026-01-31"),
    "reviewer": _Type(_is_text, "a name or a role"),
    "clinician_reviewed": _Type(lambda value: isinstance(value, bool), "true or false"),
    "sections": _Type(_is_sections, "entries of heading, evidence and questions"),
    "url": _Type(lambda value: str(value).startswith(("https://", "http://")), "a web address"),
}
"""The documented fields, what each may hold, and how to say it."""
