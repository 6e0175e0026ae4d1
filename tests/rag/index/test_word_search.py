"""Keyword search of collections so large that not every match is scored."""

import threading

import pytest

from rag.index.passage_store import PassageStore
from rag.index.word_search import WordIndex

TEXTS = ["rare common usual"] + ["common usual"] * 3 + ["common"] * 4 + ["usual", "usual usual"] + ["other"] * 6


@pytest.fixture
def store() -> PassageStore:
    made = PassageStore()
    made.add((f"p{place}", text, {"title": "", "headings": []}) for place, text in enumerate(TEXTS))
    return made


def index(store: PassageStore, most: int) -> WordIndex:
    return WordIndex(store._rows, threading.RLock(), most_matches=most)


def test_all_matches_are_scored_up_to_the_limit(store: PassageStore) -> None:
    assert index(store, len(TEXTS)).search("rare common usual", k=50) == store.search_words("rare common usual", k=50)
    assert len(store.search_words("rare common usual", k=50)) == 10


def test_beyond_it_the_rarest_words_find_and_all_words_score(store: PassageStore) -> None:
    found = index(store, 3).search("rare common usual", k=50)
    assert found == [pytest.approx(store.search_words("rare common usual", k=1)[0])]


def test_where_no_word_is_rare_the_two_rarest_must_both_be_held(store: PassageStore) -> None:
    assert {row for row, _ in index(store, 4).search("common usual", k=50)} == {1, 2, 3, 4}


def test_words_held_nowhere_find_nothing(store: PassageStore) -> None:
    assert index(store, 3).search("zyzzyva", k=50) == []


def test_stored_counts_are_those_of_the_index_and_are_dropped_by_a_change(store: PassageStore) -> None:
    counted = {stem: store.passages_with(stem) for stem in store.word_stems()}
    store.count_words()
    assert {stem: store.passages_with(stem) for stem in store.word_stems()} == counted
    store.remove([1])
    assert store.passages_with("rare") == 0


def test_counts_that_were_asked_for_follow_a_change(store: PassageStore) -> None:
    before = store.passages_with("rare")
    store.add([("further", "rare", {"title": "", "headings": []})])
    assert (before, store.passages_with("rare")) == (1, 2)
