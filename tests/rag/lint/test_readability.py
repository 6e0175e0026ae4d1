"""Syllables and grades that a reader can recompute."""

import pytest

from rag.lint.readability import count_syllables, grade


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("pain", 1),
        ("nerve", 1),
        ("the", 1),
        ("any", 2),
        ("people", 2),
        ("table", 2),
        ("makes", 1),
        ("causes", 2),
        ("stretches", 2),
        ("pressed", 1),
        ("rested", 2),
        ("called", 1),
        ("settled", 2),
        ("safety", 2),
        ("movement", 2),
        ("trial", 2),
        ("area", 3),
        ("your", 1),
        ("quality", 3),
        ("sciatica", 4),
        ("medicine", 3),
        ("physiotherapist", 6),
        ("NHS", 3),
        ("NICE", 1),
    ],
)
def test_syllables(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_grade_follows_the_formula() -> None:
    # Six words in two sentences, eight syllables: 0.39 * 3 + 11.8 * 8 / 6 - 15.59 = 1.313.
    assert grade(["Heat helps people.", "Cold helps bodies."]) == pytest.approx(1.313, abs=0.001)


def test_empty_text_has_grade_zero() -> None:
    assert grade([]) == 0.0
    assert grade(["12 - 34"]) == 0.0
