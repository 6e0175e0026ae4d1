"""Row numbers of single sentences: the row of their passage and their place in it, in one integer."""

from collections.abc import Sequence

PLACES = 1 << 10
"""Sentences that one passage may hold; a passage of 512 word pieces has fewer."""


def sentence_row(passage_row: int, place: int) -> int:
    """Return the row of the sentence at `place`, from 0, of a passage.

    Raises:
        ValueError: the place is out of range.
    """
    if not 0 <= place < PLACES:
        raise ValueError(f"sentence {place} of a passage; expected 0 to {PLACES - 1}")
    return passage_row * PLACES + place


def passage_and_place(row: int) -> tuple[int, int]:
    """Return the passage row and the place of a sentence row; the inverse of `sentence_row`."""
    return divmod(row, PLACES)


def sentence_rows(passage_row: int, count: int) -> Sequence[int]:
    """Return the rows of a passage's first `count` sentences."""
    return range(passage_row * PLACES, passage_row * PLACES + count)
