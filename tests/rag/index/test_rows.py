"""Chunks and articles as stored rows, and back; rows of sentences."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chunk.windows import ChunkSettings, split_article
from rag.index.chunk_rows import article_from, article_json, chunk_from, chunk_metadata
from rag.index.sentence_rows import PLACES, passage_and_place, sentence_row, sentence_rows
from rag.ingest.read import read_article
from tests.conftest import TINY_CORPUS
from tests.fakes import HashedEncoder


def test_article_comes_back_as_it_was_stored() -> None:
    article = read_article(TINY_CORPUS / "warm-packs.md")

    assert article_from(article_json(article)) == replace(article, extra={})


def test_chunk_comes_back_as_it_was_stored() -> None:
    article = read_article(TINY_CORPUS / "warm-packs.md")
    for chunk in split_article(article, count_tokens=HashedEncoder().count_tokens, settings=ChunkSettings()):
        assert chunk_from(chunk.chunk_id, chunk.text, chunk_metadata(chunk)) == chunk


@given(st.integers(0, 1 << 40), st.integers(0, PLACES - 1))
def test_sentence_row_tells_its_passage_and_place(passage: int, place: int) -> None:
    assert passage_and_place(sentence_row(passage, place)) == (passage, place)


@pytest.mark.parametrize("place", [-1, PLACES])
def test_place_out_of_range_is_refused(place: int) -> None:
    with pytest.raises(ValueError, match="expected 0 to 1023"):
        sentence_row(1, place)


def test_sentences_of_a_passage_are_neighbours() -> None:
    assert list(sentence_rows(2, 3)) == [2048, 2049, 2050]
