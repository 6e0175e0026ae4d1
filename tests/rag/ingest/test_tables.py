"""Rows of tables in words: each names its columns, so that it can be quoted alone."""

import pytest

from rag.ingest.tables import row_in_words, rows_in_words


def test_row_without_header_gives_bare_cells() -> None:
    assert row_in_words(["", "Minutes"], ["Heat", "20", "extra"]) == "Heat; Minutes: 20; extra"


def test_first_row_that_looks_like_a_header_names_the_columns() -> None:
    assert rows_in_words([["Way", "Minutes"], ["Heat", "20"], ["Ice", "10"]]) == [
        "Way: Heat; Minutes: 20",
        "Way: Ice; Minutes: 10",
    ]


@pytest.mark.parametrize(
    "first",
    [["Heat", "20"], ["Heat helps.", "It is warm."], ["Same", "Same"], ["Only one", ""], ["a b c d e f g", "x"]],
)
def test_first_row_of_figures_or_sentences_is_data(first: list[str]) -> None:
    assert len(rows_in_words([first, ["Ice", "10"]])) == 2


def test_two_header_rows_are_joined_for_each_column() -> None:
    rows = [["Way", "Time", "Time"], ["Way", "first", "later"], ["Heat", "20", "10"]]

    assert rows_in_words(rows, header_rows=2) == ["Way: Heat; Time first: 20; Time later: 10"]


def test_table_of_header_alone_keeps_its_words() -> None:
    assert rows_in_words([["Way", "Minutes"]], header_rows=1) == ["Way; Minutes"]
