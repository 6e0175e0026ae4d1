"""A whole article as app-written HTML, with quoted stretches marked."""

import regex

from rag.types import Article, BlockKind, Span
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
    for block in article.blocks:
        text = article.text[block.span.start : block.span.end]
        inner = marked_html(text, block.span.start, quotes)
        if block.kind is BlockKind.LIST_ITEM:
            level = min(max(1, block.level), depth + 1)
            parts.append("<ul>" if level > depth else "</li></ul>" * (depth - level) + "</li>")
            parts.append(f"<li>{inner}")
            depth = level
            continue
        parts.append("</li></ul>" * depth)
        depth = 0
        if block.kind is not BlockKind.HEADING:
            kind = ' class="cw-table-row"' if block.kind is BlockKind.TABLE_ROW else ""
            parts.append(f"<p{kind}>{inner}</p>")
        elif block.level > 1 or text != article.title:
            tag = f"h{min(max(block.level, 2), 4)}"
            parts.append(f"<{tag}>{inner}</{tag}>")
            if text in labels:
                parts.append(f'<p class="cw-standing">Evidence: {as_html(str(labels[text]))}</p>')
    parts.append("</li></ul>" * depth)
    return "".join(parts)
