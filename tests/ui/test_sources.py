"""Citations open the passage with the quoted words marked."""

from dataclasses import replace

from rag.types import ArticleId, ChunkId, Passage, Reference, Span
from tests.ui.made import FIRST, TEXT, made_answer, made_article, made_chunk
from ui.sources import answer_html, article_link, marked_html, passages_html, references_html, standing


def test_each_sentence_has_a_button_that_opens_its_passage() -> None:
    answer = made_answer(quotes=(FIRST, Span(133, 148)))
    html = answer_html(answer, number=3) + passages_html(answer, number=3, find_article=lambda _: made_article())
    assert html.count('class="cw-cite" popovertarget="cw-passage-3-1"') == 2
    assert html.count('popover id="cw-passage-3-1"') == 1
    assert "<mark>Warm packs may ease a sore back.</mark> <mark>They are cheap.</mark> Never" in html


def test_further_passages_are_folded_away_and_said_to_be_unquoted() -> None:
    answer = made_answer()
    further = Passage(2, replace(made_chunk(title="Cold packs", start=400), chunk_id=ChunkId("warm#2")), (), 0.4)

    html = passages_html(
        replace(answer, passages=(*answer.passages, further)), number=3, find_article=lambda _: made_article()
    )

    sources, _, rest = html.partition('<details class="cw-further">')
    assert 'popovertarget="cw-passage-3-1"' in sources
    assert 'popovertarget="cw-passage-3-2"' not in sources
    assert "<summary>More from the articles, not quoted here (1)</summary>" in rest
    assert "Not quoted in this answer" in rest.partition('id="cw-passage-3-2"')[2]
    assert "Not quoted in this answer" not in passages_html(answer, number=3, find_article=lambda _: made_article())


def test_a_passage_says_how_far_it_can_be_relied_on() -> None:
    html = passages_html(made_answer(), number=1, find_article=lambda _: made_article())
    for said in (
        "Warm packs",
        "Do warm packs help?",
        "Evidence: review",
        "Reviewed 2026-01-15",
        "Not reviewed by a clinician",
    ):
        assert said in html
    assert 'href="https://example.org/trial"' in html
    assert 'href="https://example.org/warm"' in html


def test_standing_of_an_article_without_a_date() -> None:
    assert standing(None, True) == "No review date · Reviewed by a clinician"


def test_list_items_stay_a_list_and_a_single_one_a_sentence() -> None:
    text = "Warm packs:\n- are cheap\n- are easy"
    chunk = made_chunk(text, start=0)
    both = made_answer(chunk=chunk, quotes=(Span(14, 23), Span(26, 34)))
    one = made_answer(chunk=chunk, quotes=(Span(0, 11), Span(14, 23)))
    assert answer_html(both, number=1).count("<li>") == 2
    assert "<li>" not in answer_html(one, number=1)
    assert answer_html(one, number=1).count("<p>") == 1


def test_quotes_outside_the_text_or_overlapping_mark_what_is_there() -> None:
    assert marked_html("abcdef", 10, [Span(0, 11), Span(12, 14), Span(13, 15), Span(40, 50)]) == (
        "<mark>a</mark>b<mark>cd</mark><mark>e</mark>f"
    )


def test_hostile_texts_stay_words() -> None:
    text = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    chunk = replace(
        made_chunk(text, title='"><b>T</b>', heading="<i>H</i>", start=0),
        url="javascript:alert(1)",
        article_id=ArticleId('"><x>'),
        reviewed="<u>",
    )
    answer = made_answer(chunk=chunk, quotes=(Span(0, 25),))
    html = answer_html(answer, number=1) + passages_html(answer, number=1, find_article=lambda _: None)
    assert "javascript:" not in html
    for tag in ("<script", "<img", "<i>", "<u>", "<x>", "<b>T"):
        assert tag not in html


def test_references_are_links_only_where_they_are_web_addresses() -> None:
    html = references_html(
        [Reference("A", "Who", "What", "2001", "javascript:x"), Reference("B", "<b>", "D", "2002", None)]
    )
    assert "href" not in html
    assert "&lt;b&gt;" in html


def test_the_link_to_the_article_names_the_quotes() -> None:
    assert article_link(made_chunk(), [Span(100, 132)]) == "library?article=warm-packs&quotes=100-132"
    assert len(TEXT) > 32
