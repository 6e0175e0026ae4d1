"""Tell personal contact details: e-mail and postal addresses and telephone numbers of people.

Numbers of helplines and emergency services are what a reader may need, so sentences that name one stay.
"""

from collections.abc import Sequence

import regex

from rag.ingest.sentences import sentence_spans
from rag.types import Span

# Without VERSION1, whose full case folding takes exponential time on runs of "f".
_FLAGS = regex.IGNORECASE

EMAIL = regex.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:(?:\.|\s?(?:\(dot\)|\[dot\])\s?)[\w-]{1,63}){1,8}",
    _FLAGS,
)
"""An e-mail address, also with the sign written out; lengths are those of RFC 5321, so that a search stays linear."""

_NUMBER = regex.compile(r"(?<![\w.,/-])[+(]?\d(?:[\s().-]{0,2}\d){6,14}(?![\w/]|\.\d)")
_DIALLED = regex.compile(
    r"(?:\b(?:tel|telephone|phone|mobile|cell|call|ring|fax|whatsapp|text|dial)\b\W{0,12}(?:\w+\W{1,3}){0,4})$", _FLAGS
)
_NORTH_AMERICAN = regex.compile(r"\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}")
_DATE = regex.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?:1[89]|20)\d\d\s?[–-]\s?(?:1[89]|20)\d\d")
_FREE_CALL = regex.compile(
    r"(?:\+?1[\s.-]?)?\(?8(?:00|33|44|55|66|77|88)\)?[\s.-]|0800|0808|0300|111\b|116[\s.-]?\d{3}"
)
_PUBLIC_LINE = regex.compile(
    r"\b(?:help\s?-?lines?|hot\s?-?lines?|life\s?-?lines?|crisis|emergenc(?:y|ies)|ambulance|poisons?|samaritans|nhs|toll[\s-]free|"
    r"freephone|support\s+lines?|advice\s+lines?|nurse\s+lines?)\b",
    _FLAGS,
)
_STREET = regex.compile(
    r"\b\d{1,5}[A-Za-z]?,?\s+(?:\p{Lu}[\p{L}'’.-]{0,30}\s+){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|"
    r"Blvd|Way|Court|Ct|Square|Sq|Place|Pl|Terrace|Close|Crescent|Highway|Hwy|Parkway|Row|Gardens|Mews)\b",
)
_POSTCODE = regex.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b|\b[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b")
_POST_BOX = regex.compile(r"\bP\.?\s?O\.?\s?Box\s+\d+", _FLAGS)

_PERHAPS = regex.compile(r"\d|@|[(\[]at[)\]]", _FLAGS)
"""Without any of these a line holds no contact details; most lines are told by this alone."""

_SENTENCE_END = regex.compile(r"(?<=[.!?])\s+(?=\p{Lu})")

MAX_ADDRESS_WORDS = 12
"""A street with its number makes a line this short an address even without a postcode."""


def has_contact_details(line: str) -> bool:
    """Return whether a sentence or line gives a person's e-mail address, telephone number or postal address."""
    if EMAIL.search(line) or _POST_BOX.search(line):
        return True
    if _STREET.search(line) and (_POSTCODE.search(line) or len(line.split()) <= MAX_ADDRESS_WORDS):
        return True
    return has_personal_number(line)


def has_personal_number(line: str) -> bool:
    """Return whether a line gives a telephone number that is not a public helpline's."""
    for match in _NUMBER.finditer(line):
        number = match[0]
        digits = sum(sign.isdigit() for sign in number)
        if digits < 7 or _DATE.fullmatch(number.strip()) or _FREE_CALL.match(number):
            continue
        dialled = bool(_DIALLED.search(line[max(0, match.start() - 80) : match.start()]))
        formed = digits >= 9 and (number[0] in "+(0" or bool(_NORTH_AMERICAN.fullmatch(number)))
        if (dialled or formed) and not _PUBLIC_LINE.search(line):
            return True
    return False


def without_contact_details(line: str) -> tuple[str, Sequence[str]]:
    """Return a paragraph without the sentences that give contact details, and those sentences."""
    if not _PERHAPS.search(line) or not has_contact_details(line):
        return line, ()
    kept: list[str] = []
    gone: list[str] = []
    for span in sentence_spans(line, Span(0, len(line))):
        sentence = line[span.start : span.end]
        if not has_contact_details(sentence):
            kept.append(sentence)
            continue
        # An address ends in what looks like an abbreviation, so the splitter may have missed the end after it.
        parts = _SENTENCE_END.split(sentence)
        with_details = [part for part in parts if has_contact_details(part)] or parts
        gone += with_details
        kept += [part for part in parts if part not in with_details]
    if not gone:  # the details run over the end of a sentence, as in "12 High St. London"
        return "", [line]
    return " ".join(kept), gone
