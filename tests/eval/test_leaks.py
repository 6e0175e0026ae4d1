"""Doses and prices are told from other numbers."""

import pytest

from eval.leaks import amounts


@pytest.mark.parametrize(
    "text",
    [
        "Take 400 mg twice", "400mg", "1,200 milligrams", "5 ml", "2-3 tablets", "two tablets", "1000 IU", "$60",
        "£ 45.50", "60 dollars", "€30", "50 pounds a session", "0.5 mg", "3 drops", "200 mcg",
    ],
)  # fmt: skip
def test_doses_and_prices_are_found(text: str) -> None:
    assert amounts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Keep each session under 20 minutes", "Walk 30 minutes", "age 50", "in 2016", "within 48 hours", "L5 and S1",
        "two weeks", "one in ten", "10 per cent", "Use it 3 times a day", "12 weeks pregnant", "5 trials", "call 999",
    ],
)  # fmt: skip
def test_other_numbers_are_left_alone(text: str) -> None:
    assert amounts(text) == []
