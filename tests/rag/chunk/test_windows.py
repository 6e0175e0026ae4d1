"""Sections into chunks: whole sentences within the window, exact offsets, nothing lost."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.chunk.windows import ChunkSettings, embedding_text, sentence_texts, split_article
from rag.errors import CorpusError
from rag.ingest.articles import find_files, read_articles
from rag.ingest.read import read_article
from rag.ingest.sentences import sentence_spans
from rag.ingest.text_builder import TextBuilder
from rag.types import Article, ArticleId, BlockKind, Chunk, Encoder, Evidence
from tests.conftest import PROJECT, TINY_CORPUS
from tests.fakes import HashedEncoder

COUNT = HashedEncoder().count_tokens
SMALL = ChunkSettings(max_tokens=40, target_tokens=24)

PROSE = st.one_of(
    st.text(max_size=120),
    st.text(alphabet="ab .?!:é\u3042\u0301\U0001f600", max_size=300),
    st.lists(
        st.sampled_from(["Rest.", "Move a little.", "Is it so?", "warm", "x" * 90, "Try:", "a b c d e f g h"])
    ).map(" ".join),
)
BLOCKS = st.lists(
    st.one_of(
        st.tuples(st.just(BlockKind.HEADING), st.sampled_from(["Heat", "Cold packs", "Heat"]), st.integers(1, 6)),
        st.tuples(st.sampled_from([kind for kind in BlockKind if kind is not BlockKind.HEADING]), PROSE, st.just(1)),
    ),
    max_size=12,
)


def article_from_blocks(blocks: list[tuple[BlockKind, str, int]]) -> Article:
    builder = TextBuilder()
    for kind, text, level in blocks:
        if kind is BlockKind.HEADING:
            builder.heading(text, level)
        elif kind is BlockKind.LIST_ITEM:
            builder.list_item(text, depth=level)
        elif kind is BlockKind.TABLE_ROW:
            builder.table_row(text)
        else:
            builder.paragraph(text)
    return Article(ArticleId("a"), "Title", builder.text(), tuple(builder.blocks), "digest", "a.md")


def cut(article: Article, chunking: ChunkSettings = SMALL) -> list[Chunk]:
    return split_article(article, count_tokens=COUNT, settings=chunking)


def paragraphs(*texts: str) -> Article:
    return article_from_blocks([(BlockKind.PARAGRAPH, text, 1) for text in texts])


@given(BLOCKS)
def test_text_of_a_chunk_is_the_articles_text_at_its_span(blocks: list[tuple[BlockKind, str, int]]) -> None:
    article = article_from_blocks(blocks)
    for chunk in cut(article):
        assert chunk.text == article.text[chunk.span.start : chunk.span.end]
        assert chunk.sentences[0].start == chunk.span.start
        assert chunk.sentences[-1].end == chunk.span.end


@given(BLOCKS)
def test_every_visible_character_is_in_exactly_one_sentence(blocks: list[tuple[BlockKind, str, int]]) -> None:
    article = article_from_blocks(blocks)
    places = [place for chunk in cut(article) for span in chunk.sentences for place in range(span.start, span.end)]
    visible = {
        place
        for block in article.blocks
        if block.kind is not BlockKind.HEADING
        for place in range(block.span.start, block.span.end)
        if not article.text[place].isspace()
    }

    assert len(places) == len(set(places))
    assert {place for place in places if not article.text[place].isspace()} == visible


@given(BLOCKS)
def test_no_chunk_is_longer_than_the_window(blocks: list[tuple[BlockKind, str, int]]) -> None:
    texts = [embedding_text(chunk.title, chunk.headings, chunk.text) for chunk in cut(article_from_blocks(blocks))]

    assert all(count <= SMALL.max_tokens for count in COUNT(texts))


@given(BLOCKS)
def test_only_a_sentence_longer_than_the_window_is_cut(blocks: list[tuple[BlockKind, str, int]]) -> None:
    article = article_from_blocks(blocks)
    chunks = cut(article)
    whole = {
        span
        for block in article.blocks
        if block.kind is not BlockKind.HEADING
        for span in sentence_spans(article.text, block.span)
    }
    for chunk in chunks:
        room = SMALL.max_tokens - COUNT([embedding_text(chunk.title, chunk.headings, "")])[0]
        for part in chunk.sentences:
            if part not in whole:
                around = next(span for span in whole if span.start <= part.start and part.end <= span.end)
                assert COUNT([article.text[around.start : around.end]])[0] > room


@settings(max_examples=30)
@given(st.text(max_size=2000))
def test_any_text_fits_the_window_of_the_real_tokenizer(encoder: Encoder, text: str) -> None:
    article = paragraphs(text)
    chunks = split_article(article, count_tokens=encoder.count_tokens, settings=ChunkSettings())
    texts = [embedding_text(chunk.title, chunk.headings, chunk.text) for chunk in chunks]

    assert all(count <= 256 for count in encoder.count_tokens(texts))
    kept = "".join(sentence for chunk in chunks for sentence in sentence_texts(chunk))
    assert "".join(kept.split()) == "".join(article.text.split())


def test_short_section_is_one_chunk() -> None:
    article = paragraphs("One here. Two here.", "Three here.")

    (chunk,) = cut(article)
    assert sentence_texts(chunk) == ["One here.", "Two here.", "Three here."]


def test_chunks_do_not_cross_headings() -> None:
    article = article_from_blocks(
        [
            (BlockKind.PARAGRAPH, "Before.", 1),
            (BlockKind.HEADING, "Heat", 2),
            (BlockKind.PARAGRAPH, "Warm.", 1),
            (BlockKind.HEADING, "Packs", 3),
            (BlockKind.PARAGRAPH, "Soft.", 1),
        ]
    )

    assert [(chunk.headings, chunk.text) for chunk in cut(article)] == [
        ((), "Before."),
        (("Heat",), "Warm."),
        (("Heat", "Packs"), "Soft."),
    ]


def test_line_ending_in_a_colon_stays_with_the_first_item_of_its_list() -> None:
    filler = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen."
    item = "alpha beta gamma delta epsilon zeta eta theta iota kappa"
    article = article_from_blocks(
        [
            (BlockKind.PARAGRAPH, filler, 1),
            (BlockKind.PARAGRAPH, "Keep these things in mind:", 1),
            *((BlockKind.LIST_ITEM, item, 1) for _ in range(4)),
        ]
    )
    chunks = cut(article)

    assert len(chunks) > 1
    (with_lead,) = [chunk for chunk in chunks if "Keep these things in mind:" in chunk.text]
    texts = sentence_texts(with_lead)
    assert texts[texts.index("Keep these things in mind:") + 1] == item


def test_overlong_sentence_is_cut_between_words() -> None:
    article = paragraphs("word " * 100)
    texts = [text for chunk in cut(article) for text in sentence_texts(chunk)]

    assert len(texts) > 1
    assert " ".join(texts) == article.text


def test_word_longer_than_the_window_is_cut_all_the_same(encoder: Encoder) -> None:
    article = paragraphs("\u3042" * 1000)
    chunks = split_article(article, count_tokens=encoder.count_tokens, settings=ChunkSettings())

    assert "".join(chunk.text for chunk in chunks) == article.text


def test_headings_that_fill_the_window_are_refused() -> None:
    article = article_from_blocks([(BlockKind.HEADING, "a " * 35, 2), (BlockKind.PARAGRAPH, "Words.", 1)])

    with pytest.raises(CorpusError, match="title and headings take 39 of 40 word pieces"):
        cut(article)


def test_evidence_label_comes_from_the_header() -> None:
    article = read_article(TINY_CORPUS / "warm-packs.md")

    labels = {chunk.headings[-1]: chunk.evidence for chunk in cut(article, ChunkSettings())}
    assert labels == {
        "Do warm packs help a sore back?": Evidence.REVIEW,
        "How to use a warm pack safely": Evidence.EXPERT_OPINION,
    }


def test_same_article_gives_the_same_ids() -> None:
    article = read_article(TINY_CORPUS / "warm-packs.md")

    assert [chunk.chunk_id for chunk in cut(article)] == [chunk.chunk_id for chunk in cut(article)]


def test_repeated_text_under_repeated_headings_gives_different_ids() -> None:
    section = [(BlockKind.HEADING, "Heat", 2), (BlockKind.PARAGRAPH, "Warm.", 1)]
    one, two = cut(article_from_blocks(section * 2))

    assert (one.text, one.headings) == (two.text, two.headings)
    assert one.chunk_id != two.chunk_id


def test_same_text_in_another_article_has_another_id() -> None:
    article = paragraphs("Warm.")
    (one,), (other,) = cut(article), cut(replace(article, article_id=ArticleId("b")))

    assert one.chunk_id != other.chunk_id


def test_long_headings_do_not_fill_the_window() -> None:
    assert embedding_text("t" * 400, ("h" * 400,), "Words.") == "t" * 300 + "\nWords."
    assert embedding_text("é" * 400, (), "Words.") == "é" * 150 + "\nWords."


@pytest.mark.parametrize("folder", [PROJECT / "corpus", TINY_CORPUS], ids=["collection", "tiny"])
def test_every_chunk_of_the_collection_is_read_whole_by_the_encoder(encoder: Encoder, folder: Path) -> None:
    articles = [one for one in read_articles(find_files([folder])[0]) if isinstance(one, Article)]
    assert articles
    for article in articles:
        chunks = split_article(article, count_tokens=encoder.count_tokens, settings=ChunkSettings())
        texts = [embedding_text(chunk.title, chunk.headings, chunk.text) for chunk in chunks]
        assert max(encoder.count_tokens(texts)) <= 256, article.article_id
