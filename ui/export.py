"""An answer to copy and a conversation to keep, as text."""

from collections.abc import Sequence
from urllib.parse import urlencode

from rag.chain.further import further_passages, quoted_passages
from rag.types import Answer, Behavior, Passage
from ui.session import Exchange, Stage
from ui.shown_text import as_label, visible
from ui.sources import FURTHER, SECTION_SEPARATOR, standing


def answer_text(answer: Answer) -> str:
    """Return an answer with its citations, sources and disclaimer as plain text."""
    return visible("\n\n".join(part for part in (_reply(answer), *_source_lines(answer), answer.disclaimer) if part))


def question_link(page: str | None, question: str) -> str | None:
    """Return an address that asks a question when it is opened, or None where the page's own address is not known."""
    if not page:
        return None
    return f"{page.split('?')[0].split('#')[0]}?{urlencode({'q': question})}"


def conversation_markdown(exchanges: Sequence[Exchange]) -> str:
    """Return a conversation as Markdown; words of readers and articles stay words."""
    parts = ["# Conversation with Citewell"]
    for exchange in exchanges:
        parts.append(f"## {as_label(exchange.question)}")
        if exchange.within:
            parts.append(f"(Asked of one article only: {as_label(exchange.within)})")
        if exchange.answer is None:
            parts.append(as_label(exchange.note or "No answer."))
            continue
        answer = exchange.answer
        parts += ["\n".join(_markdown_lines(line)) for line in _reply(answer).split("\n\n")]
        if exchange.stage is Stage.STOPPED:
            parts.append("(Stopped before it was complete.)")
        parts += [as_label(line) for block in _source_lines(answer) for line in block.split("\n")]
        parts.append(f"*{as_label(answer.disclaimer)}*")
    return "\n\n".join(parts) + "\n"


def _reply(answer: Answer) -> str:
    if answer.behavior is Behavior.URGENT:
        return "\n".join(answer.triage.action or tuple(sentence.text for sentence in answer.sentences))
    lines = [sentence.text + "".join(f" [{number}]" for number in sentence.citations) for sentence in answer.sentences]
    return "\n\n".join(("\n".join(lines), *answer.advice))


def _source_lines(answer: Answer) -> list[str]:
    blocks = []
    if quoted := quoted_passages(answer):
        blocks.append("\n".join(_source(passage) for passage in quoted))
    if further := further_passages(answer):
        blocks.append("\n".join((f"{FURTHER}:", *(_source(passage) for passage in further))))
    return blocks


def _source(passage: Passage) -> str:
    chunk = passage.chunk
    place = SECTION_SEPARATOR.join((chunk.title, *chunk.headings))
    address = f" {chunk.url}" if chunk.url else ""
    return f"[{passage.number}] {place} ({standing(chunk.reviewed, chunk.clinician_reviewed, chunk.evidence)}){address}"


def _markdown_lines(block: str) -> list[str]:
    lines = block.split("\n")
    return [as_label(line) + ("  " if at < len(lines) - 1 else "") for at, line in enumerate(lines)]
