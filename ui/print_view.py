"""A conversation as one HTML file that needs nothing else: to read, to keep, to print, to save as PDF."""

from collections.abc import Sequence

from rag.chain.further import further_passages, quoted_passages
from rag.types import Answer, Behavior, Passage
from ui.session import Exchange, Stage
from ui.shown_text import as_html, safe_link
from ui.sources import FURTHER, SECTION_SEPARATOR, marked_html, standing

_STYLE = """
:root { color-scheme: light; }
body { font: 11pt/1.5 Georgia, 'Times New Roman', serif; color: #1e2a2b; }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, .small, .number { font-family: system-ui, sans-serif; }
h1 { font-size: 16pt; } h2 { font-size: 12.5pt; margin: 2rem 0 .5rem; break-after: avoid; white-space: pre-wrap; }
.small { font-size: 9pt; color: #4a5759; } .number { font-weight: 700; }
.passage { border-left: 2pt solid #d9d5ca; padding-left: .8rem; margin: .8rem 0; break-inside: avoid-page; }
.passage .text { white-space: pre-line; } mark { background: #ffe69c; color: inherit; print-color-adjust: exact; }
.urgent { border: 1.5pt solid #a61b1b; padding: .5rem .8rem; } p { overflow-wrap: anywhere; }
@page { margin: 18mm; } @media print { body { margin: 0; max-width: none; padding: 0; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""The file may load nothing and run nothing, whatever a text says."""


def conversation_html(exchanges: Sequence[Exchange]) -> str:
    """Return a conversation with every quoted passage, and the places of further ones, as a whole HTML page."""
    parts = "".join(_exchange(one) for one in exchanges)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Conversation with Citewell</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        '<body><h1>Conversation with Citewell</h1><p class="small">To keep it as PDF, print this page and choose '
        f"“Save as PDF”.</p>{parts}</body></html>\n"
    )


def _exchange(exchange: Exchange) -> str:
    parts = [f"<h2>{as_html(exchange.question)}</h2>"]
    if exchange.within:
        parts.append(f'<p class="small">Asked of one article only: {as_html(exchange.within)}</p>')
    if exchange.answer is None:
        parts.append(f"<p>{as_html(exchange.note or 'No answer.')}</p>")
        return "".join(parts)
    answer = exchange.answer
    parts.append(_reply(answer))
    if exchange.stage is Stage.STOPPED:
        parts.append('<p class="small">Stopped before it was complete.</p>')
    parts += [_passage(passage) for passage in quoted_passages(answer)]
    parts.append(_further(further_passages(answer)))
    parts.append(f'<p class="small">{as_html(answer.disclaimer)}</p>')
    return "".join(parts)


def _reply(answer: Answer) -> str:
    if answer.behavior is Behavior.URGENT:
        texts = answer.triage.action or tuple(sentence.text for sentence in answer.sentences)
        return '<div class="urgent">' + "".join(f"<p>{as_html(text)}</p>" for text in texts) + "</div>"
    sentences = "".join(
        f"<p>{as_html(one.text)}"
        + "".join(f' <span class="number">[{number}]</span>' for number in one.citations)
        + "</p>"
        for one in answer.sentences
    )
    return sentences + "".join(f"<p>{as_html(line)}</p>" for line in answer.advice)


def _further(passages: Sequence[Passage]) -> str:
    """Where further passages stand; their text would fill pages and was not quoted."""
    if not passages:
        return ""
    rows = "".join(
        f'<li><span class="number">[{one.number}]</span> '
        f"{as_html(SECTION_SEPARATOR.join((one.chunk.title, *one.chunk.headings)))}</li>"
        for one in passages
    )
    return f'<div class="small"><p>{FURTHER}:</p><ul>{rows}</ul></div>'


def _passage(passage: Passage) -> str:
    chunk = passage.chunk
    place = SECTION_SEPARATOR.join((chunk.title, *chunk.headings))
    address = safe_link(chunk.url)
    label = standing(chunk.reviewed, chunk.clinician_reviewed, chunk.evidence)
    return (
        f'<div class="passage"><p><span class="number">[{passage.number}]</span> {as_html(place)}<br>'
        f'<span class="small">{as_html(label)}{f"<br>{address}" if address else ""}</span></p>'
        f'<p class="text">{marked_html(chunk.text, chunk.span.start, passage.quotes)}</p></div>'
    )
