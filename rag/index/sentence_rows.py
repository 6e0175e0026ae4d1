"""Row numbers of single sentences and questions: the row of their passage and their place in it, in one integer."""

from collections.abc import Sequence

PLACES = 1 << 10
"""Places that one passage has; one of 512 word pieces has fewer sentences than half of that."""

FIRST_QUESTION = PLACES // 2
"""Places from here on hold the questions that the passage's section answers, those before its sentences."""


def sentence_row(passage_row: int, place: int) -> int:
    """Return the row of what stands at `place` of a passage.

    Raises:
        ValueError: the place is out of range.
    """
    if not 0 <= place < PLACES:
        raise ValueError(f"place {place} of a passage; expected 0 to {PLACES - 1}")
    return passage_row * PLACES + place


def passage_and_place(row: int) -> tuple[int, int]:
    """Return the passage row and the place of a row; the inverse of `sentence_row`."""
    return divmod(row, PLACES)


def sentence_rows(passage_row: int, count: int) -> Sequence[int]:
    """Return the rows of a passage's first `count` sentences."""
    return range(passage_row * PLACES, passage_row * PLACES + count)


def question_rows(passage_row: int, count: int) -> Sequence[int]:
    """Return the rows of a passage's first `count` questions."""
    start = passage_row * PLACES + FIRST_QUESTION
    return range(start, start + min(count, PLACES - FIRST_QUESTION))
