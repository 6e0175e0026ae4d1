"""A whole article as app-written HTML, with quoted stretches marked."""

from itertools import pairwise

import regex

from rag.types import Article, Block, BlockKind, Span
from ui.shown_text import as_html
from ui.sources import marked_html

_QUOTE = regex.compile(r"(\d{1,9})-(\d{1,9})")
MAX_QUOTES = 50


def quotes_in(article: Article, value: str) -> list[Span]:
    """Return the stretches that an address names ("120-180,200-230"), as far as the article holds them."""
    found = [Span(int(match[1]), int(match[2])) for match in _QUOTE.finditer(value[:1000])]
    return sorted(span for span in found[:MAX_QUOTES] if span.start < span.end <= len(article.text))


def article_html(article: Article, quotes: list[Span]) -> str:
    """Return the article's blocks as HTML: headings from level 2, with the evidence label of their section."""
    labels = {note.heading: note.evidence for note in article.notes if note.evidence}
    parts: list[str] = []
    depth = 0
    for block, following in pairwise((*article.blocks, None)):
        if block is None:  # pragma: no cover - only the last of a pair is None
            break
        text = _text(article, block)
        inner = marked_html(text, block.span.start, quotes)
        if block.kind is BlockKind.LIST_ITEM:
            level = max(1, block.level)
            parts.append("<ul>" * max(0, level - depth) + f"<li>{inner}</li>")
            deeper = following.level if following is not None and following.kind is BlockKind.LIST_ITEM else 0
            parts.append("</ul>" * max(0, level - deeper))
            depth = min(level, deeper)
            continue
        if block.kind is BlockKind.HEADING:
            if block.level <= 1 and text == article.title:
                continue
            tag = f"h{min(max(block.level, 2), 4)}"
            parts.append(f"<{tag}>{inner}</{tag}>")
            if text in labels:
                parts.append(f'<p class="cw-standing">Evidence: {as_html(str(labels[text]))}</p>')
        elif block.kind is BlockKind.TABLE_ROW:
            parts.append(f'<p class="cw-table-row">{inner}</p>')
        else:
            parts.append(f"<p>{inner}</p>")
    return "".join(parts)


def _text(article: Article, block: Block) -> str:
    return article.text[block.span.start : block.span.end]
