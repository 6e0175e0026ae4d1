"""Rules on wording: doses, contact details, and runs of words taken from elsewhere."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from rag.ingest.parse import known_suffixes
from rag.lint.findings import Flaw
from rag.lint.page import TEXT_SUFFIXES, Page, load_page
from rag.lint.rule_set import RuleSet

_NUMBER = r"(?:\d+(?:[.,]\d+)*|[¼½¾])"
_SPELLED = (
    r"(?:half an?|a quarter|a couple of|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"fifteen|sixteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)"
)
_WEIGHT = (
    r"(?:mg|mcg|µg|μg|mls?|cl|iu|milligram(?:me)?s?|microgram(?:me)?s?|gram(?:me)?s?|"
    r"millilit(?:re|er)s?|international units?)"
)
_PILL = r"(?:tablets?|pills?|capsules?|caplets?|lozenges?|sachets?|suppositor(?:y|ies))"
_MEASURE = r"(?:(?:tea|table)spoon(?:ful)?s?|tsp|tbsp|puffs?|doses?|units?|drops?(?! (?:in|of|to|out|from)\b))"
_OTHER_WORD = r"(?!took|take|takes|taking|taken|in|of|or|to|and|who|on|per|by|with|got|had|have|used|use)\w+"
DOSE = re.compile(
    rf"\b(?:{_NUMBER}\s?-?\s?{_WEIGHT}|{_NUMBER}(?-i: ?g)|{_SPELLED}[ -]{_WEIGHT}"
    rf"|(?:{_NUMBER}|{_SPELLED})(?:[ -]{_MEASURE}|[ -]{_PILL}| {_OTHER_WORD} {_PILL}))\b"
    rf"|\b{_NUMBER}\s?%\s?(?:gel|cream|ointment|solution|patch)\b",
    re.IGNORECASE,
)
"""An amount with a unit of medicine; one word may stand between: "two paracetamol tablets"."""

EMAIL = re.compile(r"[\w.+-]+(?:@|\s?[(\[]at[)\]]\s?)[\w-]+(?:\.[\w-]+)+|\bmailto:", re.IGNORECASE)
HANDLE = re.compile(r"(?<![\w/@.])@[A-Za-z]\w{2,}")
PHONE = re.compile(
    r"(?<![\w.,/-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,5}\)[ .-]?)?\d{2,5}(?:[ .-]\d{2,5}){1,4}(?![\w/%]|[,.]\d)"
    r"|(?<![\w.,/-])\+?\d{7,15}(?![\w/])|\btel:"
)
DATE = re.compile(r"\d{4}-\d\d-\d\d|\d\d\.\d\d\.\d{4}")
CALLED = re.compile(r"\b(?:call|phone|ring|dial|text|tel|telephone|fax)\.?:?\s+(?:on\s+)?\+?\d{4,}\b", re.IGNORECASE)
STREET = re.compile(
    r"\b\d{1,5}[A-Za-z]?,? (?:[A-Z][\w'\u2019]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Boulevard|"
    r"Blvd|Close|Court|Square|Way|Terrace|Place|Crescent|Highway)\b|\bP\.? ?O\.? Box \d+|"
    r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
)
URL = re.compile(r"https?://[^\s)>\]]+")
MIN_PHONE_DIGITS = 6
"""Emergency numbers have two or three digits, the shortest local ones six."""


def dose(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """no-dose: no amount of a medicine."""
    mend = "leave the amount out; the pharmacist, the doctor or the pack says it"
    title = page.article.title if page.article else ""
    if match := DOSE.search(title):
        yield Flaw(page.header_line("title:"), f"the title reads as a dose: '{match.group()}'", mend)
    for line, text in page.body_lines():
        for match in DOSE.finditer(text):
            yield Flaw(line, f"reads as a dose: '{match.group()}'", mend)


def contact(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """no-contact: no e-mail address, phone number or street; emergency numbers of 2 or 3 digits may stay."""
    for line, text in page.body_lines():
        plain = URL.sub(" ", text)
        for kind, found in (
            ("an e-mail address", EMAIL.findall(plain)),
            ("a user name", HANDLE.findall(plain)),
            ("a phone number", [*_phones(plain), *CALLED.findall(plain)]),
            ("an address", STREET.findall(plain)),
        ):
            for detail in dict.fromkeys(found):
                yield Flaw(line, f"reads as {kind}: '{detail.strip()}'", "leave contact details out")


def shared_words(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """shared-words: no run of words longer than the limit equals a text given with `against`."""
    limit = rules.limits.max_shared_words
    runs = [_runs_of(path, stamp, limit + 1) for path, stamp in _texts(rules.against, besides=page.path)]
    for number, line in enumerate(page.block_lines if runs else ()):
        words = _words(page.block_text(number))
        shared = [any(tuple(words[at : at + limit + 1]) in known for known in runs) for at in range(len(words) - limit)]
        for start, end in _stretches(shared):
            run = words[start : end + limit]
            yield Flaw(
                line,
                f"{len(run)} words in a row as elsewhere: '{' '.join(run)}'",
                f"say it in your own words; at most {limit} may coincide",
            )


def _stretches(marks: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield start and end (exclusive) of each stretch of true marks."""
    start = None
    for place, mark in enumerate([*marks, False]):
        if mark and start is None:
            start = place
        elif not mark and start is not None:
            yield start, place
            start = None


def _phones(text: str) -> Iterator[str]:
    for match in PHONE.finditer(text):
        number = match.group()
        digits = sum(letter.isdigit() for letter in number)
        if number == "tel:" or (digits >= MIN_PHONE_DIGITS and not _is_figure(number)):
            yield number


def _is_figure(number: str) -> bool:
    """Tell dates and ranges ("2016-2020", "1000-2000") from phone numbers."""
    low, _, high = number.partition("-")
    is_range = len(low) == len(high) and low.isdigit() and high.isdigit() and low < high
    return is_range or DATE.fullmatch(number) is not None


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower().replace("\u2019", "'"))


def _texts(places: Sequence[Path], *, besides: Path) -> Iterator[tuple[Path, int]]:
    """Yield the readable files under the places, each with the time of its last change."""
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            is_text = path.suffix.lower() in TEXT_SUFFIXES or path.suffix.lower() in known_suffixes()
            if is_text and path.is_file() and path.resolve() != besides.resolve():
                yield path, path.stat().st_mtime_ns


@lru_cache(maxsize=256)
def _runs_of(path: Path, stamp: int, length: int) -> frozenset[tuple[str, ...]]:
    """Return the runs of `length` words of a file; `stamp` is there so that a changed file is read again."""
    if path.suffix.lower() in TEXT_SUFFIXES:
        text = path.read_text(encoding="utf-8", errors="replace")
    else:
        article = load_page(path).article
        text = article.text if article else ""
    words = _words(text)
    return frozenset(tuple(words[at : at + length]) for at in range(len(words) - length + 1))
