"""Lists of words beside an index."""

import pytest

from rag.index.word_list import is_listed, is_whole, listing

WORDS = ["zebra", "a", "ab", "abc", "naïve", "back", "éclair"]


def test_every_word_of_a_list_is_found_and_no_other() -> None:
    content = listing("some 1.0", WORDS)

    assert all(is_listed(content, word) for word in WORDS)
    assert not any(is_listed(content, word) for word in ("", "b", "abcd", "zebras", "some", "naive", "#"))


@pytest.mark.parametrize("words", [[], ["one"], ["one", "two"]])
def test_short_lists_hold_their_words_alone(words: list[str]) -> None:
    content = listing("some 1.0", words)

    assert [word for word in ("one", "three", "two") if is_listed(content, word)] == words


def test_order_and_repetition_make_no_difference() -> None:
    assert listing("some 1.0", ["b", "a", "b"]) == listing("some 1.0", ["a", "b"])
    assert is_whole(listing("some 1.0", ["b", "a"]), "some 1.0")
