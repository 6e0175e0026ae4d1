"""Readers' words in the words of articles."""

from typing import cast

import pytest

from rag.index.store import IndexReader
from rag.retrieve.spelling import Speller
from rag.retrieve.wording import LayWords, load_lay_words, reword

LAY = LayWords.of(
    {"rub down": ("massage",), "bum": ("buttock",), "doc": ("doctor",)},
    {"u": "you", "dunno": "do not know", "b4": "before"},
)


@pytest.fixture(scope="module")
def speller(tiny_reader: IndexReader) -> Speller:
    return Speller(tiny_reader)


@pytest.mark.parametrize(
    ("question", "mended", "translated"),
    [
        ("can u help", "can you help", "can you help"),
        ("is a rub-down ok", "is a rub-down ok", "is a massage ok"),
        ("the docs say my bum", "the docs say my bum", "the doctor say my buttock"),
        ("Is petrisage rough?", "Is petrissage rough?", "Is petrissage rough?"),
        ("", "", ""),
        ("?!", "?!", "?!"),
    ],
)
def test_question_is_mended_and_translated(speller: Speller, question: str, mended: str, translated: str) -> None:
    wording = reword(question, speller, LAY)
    assert (wording.mended, wording.translated) == (mended, translated)


def test_word_of_the_collection_is_not_translated(speller: Speller) -> None:
    lay = LayWords.of({"pillow": ("cushion",)}, {})
    assert reword("which pillow", speller, lay).translated == "which pillow"


def test_rare_word_of_the_collection_is_kept_beside_its_translation() -> None:
    class Passages:
        def passages_with(self, stem: str) -> int:
            return int(stem == "swim")

    class Rare:
        """A speller over a collection that says "swim" once."""

        reader = type("Reader", (), {"passages": Passages()})()

        def mend(self, word: str) -> str:
            return word

        def is_common(self, stem: str) -> bool:
            return False

    lay = LayWords.of({"swim": ("water exercise",)}, {})
    assert reword("can i swim", cast("Speller", Rare()), lay).translated == "can i swim water exercise"


def test_shipped_words_are_lower_case_and_lead_elsewhere() -> None:
    lay = load_lay_words()
    assert len(lay.phrases) > 500
    for phrase, article in lay.phrases.items():
        assert phrase == phrase.lower()
        assert phrase not in article


@pytest.mark.parametrize(
    ("word", "meant"),
    [("effleurge", "effleurage"), ("gliding", "gliding"), ("tennis", "tennis"), ("wich", "with"), ("ab", "ab")],
)
def test_misspelt_word_becomes_the_collections_own_first(speller: Speller, word: str, meant: str) -> None:
    assert speller.mend(word) in (meant, word if meant == "with" else meant)


def test_mending_is_remembered(speller: Speller) -> None:
    assert speller.mend("petrisage") == "petrissage"
    assert speller.mended["petrisage"] == "petrissage"
