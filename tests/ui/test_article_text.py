"""A whole article with quotations marked."""

from dataclasses import replace

from rag.types import Block, BlockKind, Span
from tests.ui.made import HEADING, made_article
from ui.article_text import article_html, quotes_in


def test_headings_carry_their_evidence_and_quotes_are_marked() -> None:
    article = made_article()
    start = article.text.index("They are")
    html = article_html(article, [Span(start, start + 15)])
    assert html.startswith(f"<h2>{HEADING}</h2>")
    assert "Evidence: review" in html
    assert "<mark>They are cheap.</mark>" in html


def test_lists_nest_and_close() -> None:
    text = "a b c d"
    kinds = [(BlockKind.LIST_ITEM, 1), (BlockKind.LIST_ITEM, 2), (BlockKind.LIST_ITEM, 1), (BlockKind.TABLE_ROW, 0)]
    blocks = tuple(Block(kind, Span(2 * at, 2 * at + 1), level) for at, (kind, level) in enumerate(kinds))
    html = article_html(replace(made_article(), text=text, blocks=blocks), [])
    assert html == '<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><p class="cw-table-row">d</p>'


def test_only_stretches_that_the_article_holds_are_taken() -> None:
    article = made_article()
    assert quotes_in(article, "5-9,9-5,0-999999999,x,3-4") == [Span(3, 4), Span(5, 9)]
    assert quotes_in(article, "") == []


def test_hostile_blocks_stay_words() -> None:
    assert "<script" not in article_html(made_article("<script>alert(1)</script>"), [])
