"""Amounts that a reply must not give when the question is not covered: doses and prices."""

import re

NUMBER = r"\d+(?:[.,]\d+)*"

AMOUNT = re.compile(
    rf"(?:[$£€₫¥₹]\s?{NUMBER})"
    rf"|(?:\b{NUMBER}\s?(?:[-–]\s?{NUMBER}\s?)?"
    r"(?:mg|mcg|µg|μg|milligrams?|micrograms?|grams?|ml|millilit(?:er|re)s?|iu|units?|tablets?|pills?|capsules?|"
    r"drops?|puffs?|doses?|dollars?|euros?|pounds?|usd|eur|gbp|vnd|bucks|quid|pence|cents?)\b)"
    r"|(?:\b(?:one|two|three|four|five|six|eight|ten)\s(?:tablets?|pills?|capsules?|doses?|drops?)\b)",
    re.IGNORECASE,
)
"""An amount with a unit of medicine or money."""


def amounts(text: str) -> list[str]:
    """Return the doses and prices that a text states."""
    return [match[0] for match in AMOUNT.finditer(text)]
