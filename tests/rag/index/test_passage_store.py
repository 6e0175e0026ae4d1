"""Texts and keyword search in one SQLite file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import IndexDamagedError
from rag.index.passage_store import PassageStore
from rag.index.query_words import MAX_QUERY_WORDS, query_words

TEXTS = ["Heat eases the back.", "Ice numbs the skin.", "Walking and heat help."]


@pytest.fixture
def store() -> PassageStore:
    """Three passages of the article "a", rows 1 to 3."""
    made = PassageStore()
    metadata = {"article_id": "a", "title": "Comfort", "headings": ["Packs"]}
    assert made.add((f"id{place}", text, metadata) for place, text in enumerate(TEXTS)) == [1, 2, 3]
    return made


def found(store: PassageStore, query: str) -> list[int]:
    return [row for row, _ in store.search_words(query, k=10)]


def test_passages_are_found_by_stems_of_their_words(store: PassageStore) -> None:
    assert found(store, "icing numbness") == [2]
    assert found(store, "walks") == [3]
    assert found(store, "HEATED") == [1, 3]


def test_better_match_scores_higher(store: PassageStore) -> None:
    scores = store.search_words("walking heat", k=10)

    assert [row for row, _ in scores] == [3, 1]
    assert scores[0][1] > scores[1][1]


def test_title_and_headings_are_searched(store: PassageStore) -> None:
    assert found(store, "comfort") == found(store, "pack") == [1, 2, 3]


def test_removed_passage_is_not_found(store: PassageStore) -> None:
    store.remove([3, 99])

    assert found(store, "walking heat") == [1]
    assert store.all_rows() == [1, 2]


def test_passages_holding_a_stem_are_counted(store: PassageStore) -> None:
    assert [store.passages_with(stem) for stem in ("heat", "numb", "none")] == [2, 1, 0]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("What is the heat?", ["heat"]),
        ("what is it", ["what", "is", "it"]),
        ("Heat heat HEAT", ["heat"]),
        ("can’t don't heat", ["heat"]),
        ("nurse's note", ["nurse s", "note"]),
        ("?! …", []),
        ("", []),
    ],
)
def test_common_words_are_left_out_unless_they_are_all_there_is(query: str, words: list[str]) -> None:
    assert query_words(query) == words


def test_very_long_query_is_cut() -> None:
    assert len(query_words(" ".join(f"w{number}" for number in range(500)))) == MAX_QUERY_WORDS


@given(st.text())
def test_no_query_breaks_the_search(query: str) -> None:
    store = PassageStore()
    store.add([("id", "Heat eases the back.", {})])
    store.search_words(query, k=3)
    store.close()


@pytest.mark.parametrize("query", ['"heat" OR', "heat NEAR(back)", "text:heat", "heat*", "') DROP TABLE words; --"])
def test_search_syntax_in_a_query_is_only_words(store: PassageStore, query: str) -> None:
    assert 1 in found(store, query) or "DROP" in query
    assert store.all_rows() == [1, 2, 3]


def test_rows_and_ids_lead_to_the_same_passages(store: PassageStore) -> None:
    assert store.rows_by_ids(["id1", "none"]) == {"id1": 2}
    assert store.by_rows([2, 99])[2] == store.by_ids(["id1"])["id1"]
    assert store.rows_of("a") == [1, 2, 3]


def test_more_ids_than_one_statement_takes(store: PassageStore) -> None:
    assert set(store.by_ids([f"id{number}" for number in range(2000)])) == {"id0", "id1", "id2"}


def test_saved_copy_holds_the_same(store: PassageStore, tmp_path: Path) -> None:
    store.save_copy(tmp_path / "copy")
    copy = PassageStore(tmp_path / "copy", read_only=True)

    assert copy.by_rows([1, 2, 3]) == store.by_rows([1, 2, 3])
    assert found(copy, "walking") == [3]
    copy.close()


def test_damage_found_while_reading_names_its_cure(tmp_path: Path) -> None:
    (tmp_path / "damaged").write_bytes(b"SQLite format 3\x00" + b"\x01" * 8000)
    store = PassageStore(tmp_path / "damaged", read_only=True)

    with pytest.raises(IndexDamagedError, match="run: citewell index --rebuild"):
        store.all_rows()
    store.close()
