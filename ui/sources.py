"""Sentences with their citations, and the passages that the citations open, as app-written HTML.

Each `[n]` is a button of the browser's own popover, and so is each line of the list of sources: opening a passage needs
no round trip, works from the keyboard, and closes with Escape. All texts pass through `as_html`.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from urllib.parse import urlencode

from rag.chain.further import further_passages, quoted_passages
from rag.types import Answer, AnswerSentence, Article, Chunk, Evidence, Passage, Reference, Span
from ui.shown_text import as_html, safe_link

SECTION_SEPARATOR = " › "

FURTHER = "More from the articles, not quoted here"
"""Heads the passages beside an answer that it does not quote, in every form of the page."""

FindArticle = Callable[[str], Article | None]


def answer_html(answer: Answer, *, number: int) -> str:
    """Return the sentences of an answer, each with its [n] buttons.

    Args:
        answer: complete or still growing.
        number: of the exchange; keeps the names of page elements apart.
    """
    runs: list[tuple[bool, list[str]]] = []
    for is_item, group in groupby(answer.sentences, key=lambda sentence: _is_list_item(sentence, answer.passages)):
        shown = [_sentence(one, answer.passages, number) for one in group]
        as_list = is_item and len(shown) > 1  # a list of one item reads better as a sentence
        if runs and not as_list and not runs[-1][0]:
            runs[-1][1].extend(shown)
        else:
            runs.append((as_list, shown))
    blocks = [
        "<ul><li>" + "</li><li>".join(run) + "</li></ul>" if as_list else f"<p>{' '.join(run)}</p>"
        for as_list, run in runs
    ]
    return f'<div class="cw-answer">{"".join(blocks)}</div>'


def passages_html(answer: Answer, *, number: int, find_article: FindArticle) -> str:
    """Return the list of sources of an answer and the passages behind it, closed until asked for.

    Passages that are not quoted stand apart, folded away.
    """
    if not answer.passages:
        return ""
    quoted, further = quoted_passages(answer), further_passages(answer)
    panels = "".join(_panel(passage, number, find_article(passage.chunk.article_id)) for passage in answer.passages)
    parts = []
    if quoted:
        parts.append(
            f'<p class="cw-kicker" id="cw-sources-{number}">Sources: open one to see the quoted words in their '
            "place</p>"
            f'<ol aria-labelledby="cw-sources-{number}">{_rows(quoted, number)}</ol>'
        )
    if further:
        parts.append(
            f'<details class="cw-further"><summary>{FURTHER} ({len(further)})</summary>'
            f'<ol aria-label="{FURTHER}">{_rows(further, number)}</ol></details>'
        )
    return f'<div class="cw-sources">{"".join(parts)}</div>{panels}'


def marked_html(text: str, offset: int, quotes: Sequence[Span]) -> str:
    """Return a text with the quoted stretches marked.

    Args:
        text: a stretch of an article.
        offset: where it begins in the article, in characters.
        quotes: stretches of the article; what lies outside the text is left out.
    """
    parts: list[str] = []
    at = 0
    for quote in sorted(quotes):
        start, end = max(quote.start - offset, at), min(quote.end - offset, len(text))
        if end <= start:
            continue
        parts.append(as_html(text[at:start]))
        parts.append(f"<mark>{as_html(text[start:end])}</mark>")
        at = end
    parts.append(as_html(text[at:]))
    return "".join(parts)


def standing(reviewed: str | None, clinician_reviewed: bool, evidence: Evidence | None = None) -> str:
    """Return in words how far a text can be relied on: evidence label, review date, who reviewed."""
    parts = [f"Evidence: {evidence}"] if evidence else []
    parts.append(f"Reviewed {reviewed}" if reviewed else "No review date")
    parts.append("Reviewed by a clinician" if clinician_reviewed else "Not reviewed by a clinician")
    return " · ".join(parts)


def references_html(references: Sequence[Reference]) -> str:
    """Return the documents behind an article as a list, with links where they are web addresses."""
    rows = []
    for one in references:
        name = as_html(f"{one.who}: {one.document} ({one.year})")
        link = safe_link(one.url)
        rows.append(
            f'<li><a href="{link}" target="_blank" rel="noopener noreferrer">{name}</a></li>'
            if link
            else f"<li>{name}</li>"
        )
    return "<ul>" + "".join(rows) + "</ul>" if rows else ""


def article_link(chunk: Chunk, quotes: Sequence[Span]) -> str:
    """Return the address, relative to the chat page, of an article with quoted stretches marked."""
    marks = ",".join(f"{quote.start}-{quote.end}" for quote in quotes)
    return "library?" + urlencode({"article": chunk.article_id, "quotes": marks})


def _is_list_item(sentence: AnswerSentence, passages: Sequence[Passage]) -> bool:
    """Whether the sentence opens a list item of the passage that it is quoted from."""
    for passage in passages:
        if passage.number not in sentence.citations:
            continue
        chunk = passage.chunk
        for quote in passage.quotes:
            start, end = quote.start - chunk.span.start, quote.end - chunk.span.start
            if chunk.text[start:end] == sentence.text:
                line = chunk.text[:start].rpartition("\n")[2].strip()
                return line == "-" or (line[:-1].isdigit() and line.endswith("."))
    return False


def _sentence(sentence: AnswerSentence, passages: Sequence[Passage], number: int) -> str:
    """A sentence with its marks, which stay on one line with its last word."""
    head, space, last = sentence.text.rpartition(" ")
    tail = f'<span class="cw-tail">{as_html(last)}{_marks(sentence, passages, number)}</span>'
    return f"<span>{as_html(head)}{space}{tail}</span>"


def _marks(sentence: AnswerSentence, passages: Sequence[Passage], number: int) -> str:
    titles = {passage.number: passage.chunk.title for passage in passages}
    return "".join(
        f'<button type="button" class="cw-cite" popovertarget="{_panel_id(number, cited)}" '
        f'aria-label="Open source {cited}: {as_html(titles[cited])}">[{cited}]</button>'
        for cited in sentence.citations
        if cited in titles
    )


def _rows(passages: Sequence[Passage], number: int) -> str:
    return "".join(_row(passage, number) for passage in passages)


def _row(passage: Passage, number: int) -> str:
    chunk = passage.chunk
    return (
        f'<li><button type="button" class="cw-row" popovertarget="{_panel_id(number, passage.number)}">'
        f'<span class="cw-number" aria-hidden="true">{passage.number}</span><span>{_place(chunk)} '
        f'<span class="cw-standing">{as_html(_standing(chunk))}</span></span></button></li>'
    )


def _panel(passage: Passage, number: int, article: Article | None) -> str:
    chunk, name = passage.chunk, _panel_id(number, passage.number)
    text = marked_html(chunk.text, chunk.span.start, passage.quotes)
    unquoted = "" if passage.quotes else " cw-unquoted"
    label = "The passage; quoted words are marked" if passage.quotes else "The passage; nothing is quoted from it"
    note = "" if passage.quotes else " · Not quoted in this answer"
    shown = passage.quotes or (chunk.span,)
    references = references_html(article.references) if article else ""
    original = safe_link(chunk.url)
    links = f'<a href="{as_html(article_link(chunk, shown))}" target="_blank">Read it in the article</a>'
    if original:
        links += f' <a href="{original}" target="_blank" rel="noopener noreferrer">Original</a>'
    return (
        f'<div popover id="{name}" class="cw-passage{unquoted}" role="dialog" aria-labelledby="{name}-title">'
        f'<div class="cw-passage-head"><p class="cw-passage-title" id="{name}-title">'
        f'<span class="cw-number">{passage.number}</span><span>{_place(chunk)}</span></p>'
        f'<button type="button" class="cw-close" popovertarget="{name}" popovertargetaction="hide" '
        f'aria-label="Close">✕</button></div>'
        f'<p class="cw-standing">{as_html(_standing(chunk))}{note}</p>'
        f'<div class="cw-quoted" tabindex="0" role="group" aria-label="{label}">'
        f"{text}</div>"
        f'<p class="cw-links">{links}</p>'
        + (f"<details><summary>What this article rests on</summary>{references}</details>" if references else "")
        + "</div>"
    )


def _place(chunk: Chunk) -> str:
    path = as_html(SECTION_SEPARATOR.join(chunk.headings))
    return f"<b>{as_html(chunk.title)}</b>" + (f" {SECTION_SEPARATOR.strip()} {path}" if path else "")


def _standing(chunk: Chunk) -> str:
    return standing(chunk.reviewed, chunk.clinician_reviewed, chunk.evidence)


def _panel_id(number: int, passage: int) -> str:
    return f"cw-passage-{number}-{passage}"
