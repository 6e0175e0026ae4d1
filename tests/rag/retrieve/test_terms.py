"""Stems as keyword search sees them, and how telling they are."""

import math

import pytest

from rag.index.store import IndexReader
from rag.retrieve.terms import TermWeights, coverage, stems


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Walking walks", ["walk", "walk"]),
        ("What is the heat?", ["heat"]),
        ("can't don’t", []),
        ("", []),
    ],
)
def test_common_words_go_and_endings_too(text: str, found: list[str]) -> None:
    assert stems(text) == found


def test_stems_are_those_of_the_keyword_index(tiny_reader: IndexReader) -> None:
    for stem in stems("Petrissage is kneading of the muscles; walking, gliding, sessions, afterwards, sciatica"):
        assert tiny_reader.passages.passages_with(stem) > 0, stem


def test_rare_stem_weighs_more_than_a_frequent_one(tiny_reader: IndexReader) -> None:
    weights = TermWeights(tiny_reader)
    n, chunks = tiny_reader.passages.passages_with("petrissag"), tiny_reader.manifest.chunks

    assert weights.weight("petrissag") == pytest.approx(math.log(1 + chunks / (1 + n)))
    assert weights.weight("unheardof") > weights.weight("petrissag") > weights.weight("back")


def test_coverage_is_the_share_by_weight() -> None:
    wanted = {"heat": 3.0, "back": 1.0}

    assert coverage(wanted, ["heat", "ice"]) == 0.75
    assert coverage(wanted, wanted) == 1.0
    assert coverage(wanted, []) == 0.0
    assert coverage({}, ["heat"]) == 0.0
