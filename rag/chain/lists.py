"""Answer questions that ask for a list with the whole list."""

from collections.abc import Sequence

import regex

from rag.chain.evidence import Candidate
from rag.types import ArticleId

MAX_ITEMS = 12
"""Longer lists are quoted sentence by sentence like any text."""

MIN_ITEMS = 2


_ASKS_FOR_LIST = regex.compile(
    r"\b(?:list|name|enumerate)\b|"
    r"\b(?:which|what|how)\b.{0,40}\b(?:two|three|four|five|six|seven|eight|\d|areas|types|kinds|signs|steps|ways|strokes|"
    r"techniques|symptoms|causes|tips|things|reasons|exercises|stretches|benefits|risks|examples|options|questions|"
    r"precautions|parts|regions|places|conditions|moves|methods|factors|habits|changes)\b|"
    r"\b(?:what are|which are|tell me|give me) (?:all |the |some )",
    regex.IGNORECASE,
)


def asks_for_list(question: str) -> bool:
    """Return whether a question asks for several things of a kind."""
    return bool(_ASKS_FOR_LIST.search(question))


def opens_list_item(one: Candidate) -> bool:
    """Return whether a sentence opens a list item of its passage."""
    start = one.span.start - one.chunk.span.start
    line = one.chunk.text[:start].rpartition("\n")[2].strip()
    return line == "-" or (line[:-1].isdigit() and line.endswith(".")) or (not line and _numbered_before(one))


def _numbered_before(one: Candidate) -> bool:
    """A passage that starts with a list item shows no mark of it: the mark stands before the passage.

    The next item follows on the next line; between a paragraph and a list there is a blank one.
    """
    return one.place == 0 and bool(regex.match(r"[^\n]*\n *(?:-|\d+\.) ", one.chunk.text))


def list_for(question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the lead-in and the first sentence of each item of the list that a question asks for, else nothing.

    Only a list in the section of the best sentence counts: a question that merely has the form of one that asks for a
    list loses more by a list beside the point than it wins.

    Args:
        question: what is asked.
        candidates: sentences, best first.
    """
    if not (candidates and asks_for_list(question)):
        return []
    best = candidates[0]
    members = sorted((one for one in candidates if _section(one) == _section(best)), key=lambda one: one.span.start)
    items = [one for one in members if opens_list_item(one)]
    if not (MIN_ITEMS <= len(items) <= MAX_ITEMS and any(one.chunk.chunk_id == best.chunk.chunk_id for one in items)):
        return []
    lead = [one for one in members if one.span.end < items[0].span.start][-1:]
    return [*(one for one in lead if one.text.endswith(":")), *items]


def _section(one: Candidate) -> tuple[ArticleId, tuple[str, ...]]:
    return one.chunk.article_id, one.chunk.headings
