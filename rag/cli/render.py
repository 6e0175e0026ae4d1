"""Show an `Answer` in a terminal: the reply, then its passages with the quotations marked, then the disclaimer."""

import shutil
import sys
import textwrap

from rag.chain.answer_json import SECTION_SEPARATOR
from rag.chain.further import further_passages, quoted_passages
from rag.types import Answer, Passage

MAX_WIDTH = 100
FURTHER = "More from the articles, not quoted here:"
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def answer_text(answer: Answer) -> str:
    """Return the answer as text for a terminal or a pipe."""
    width = min(MAX_WIDTH, shutil.get_terminal_size().columns)
    marks = (_BOLD, _PLAIN) if sys.stdout.isatty() else ("»", "«")
    blocks = [_wrap(answer.text, width)]
    if answer.notice:
        blocks.append(_wrap(answer.notice, width))
    blocks += [_passage_text(passage, width, marks) for passage in quoted_passages(answer)]
    if further := further_passages(answer):
        blocks.append("\n".join((FURTHER, *(_wrap(f"[{one.number}] {_place(one)}", width) for one in further))))
    blocks.append(_wrap(answer.disclaimer, width))
    return "\n\n".join(blocks)


def _passage_text(passage: Passage, width: int, marks: tuple[str, str]) -> str:
    chunk = passage.chunk
    reviewed = f"reviewed {chunk.reviewed}" if chunk.reviewed else "no review date"
    if not chunk.clinician_reviewed:
        reviewed += ", not by a clinician"
    evidence = f"evidence: {chunk.evidence}; " if chunk.evidence else ""
    head = _wrap(f"[{passage.number}] {_place(passage)} ({evidence}{reviewed})", width)
    return head + "\n" + textwrap.indent(_wrap(_marked(passage, marks), width - 4), "    ")


def _place(passage: Passage) -> str:
    return SECTION_SEPARATOR.join((passage.chunk.title, *passage.chunk.headings))


def _marked(passage: Passage, marks: tuple[str, str]) -> str:
    """The passage with its quotations between marks."""
    text, offset = passage.chunk.text, passage.chunk.span.start
    for quote in sorted(passage.quotes, reverse=True):
        start, end = quote.start - offset, quote.end - offset
        text = text[:start] + marks[0] + text[start:end] + marks[1] + text[end:]
    return text


def _wrap(text: str, width: int) -> str:
    return "\n".join(
        textwrap.fill(line, max(width, 20), break_long_words=False, break_on_hyphens=False) for line in text.split("\n")
    )
