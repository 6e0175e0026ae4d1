"""Find the rules that a reading, or a conversation of readings, fulfils."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.safety.groups import Group, Rule
from rag.safety.patterns import Mention
from rag.safety.scope import Reading
from rag.types import TriageLevel


@dataclass(frozen=True, slots=True)
class Finding:
    """A red flag that was found.

    Attributes:
        group: id of its group.
        level: how urgent.
        reason: the rule's name or the example that the message resembles.
        advice: line to add, for softer signals.
    """

    group: str
    level: TriageLevel
    reason: str
    advice: str = ""


class RuleMatcher:
    """Matches all rules of all groups."""

    def __init__(self, groups: Iterable[Group]) -> None:
        """Take the groups."""
        self._rules = tuple(rule for group in groups for rule in group.rules)
        self._combining = tuple(rule for rule in self._rules if rule.scope == "conversation")

    def match(self, reading: Reading) -> list[Finding]:
        """Return the findings within one message."""
        return [finding_of(rule) for rule in self._rules if _holds(rule, [reading])]

    def combine(self, readings: Sequence[Reading]) -> list[Finding]:
        """Return the findings whose parts are spread over several messages."""
        return [finding_of(rule) for rule in self._combining if _holds(rule, readings)]

    def touches(self, reading: Reading) -> bool:
        """Return whether the message speaks of nerve signs at all, even to deny or ask about them."""
        return any(
            all(any(concept in reading.mentions for concept in item) for item in rule.items)
            for rule in self._rules
            if rule.group in _NERVE_GROUPS
        )


_NERVE_GROUPS = ("RF1", "RF2")
"""Groups whose topic calls for a safety-net line with an ordinary answer."""


def finding_of(rule: Rule) -> Finding:
    """Return the finding of a rule."""
    return Finding(rule.group, rule.level, f"rule: {rule.name}", rule.advice)


def _holds(rule: Rule, readings: Sequence[Reading]) -> bool:
    """Return whether a rule is fulfilled."""
    if not all(any(c in r.mentions for c in item for r in readings) for item in rule.items):
        return False
    if any(reading.has(concept) for concept in rule.unless_anywhere for reading in readings):
        return False
    if rule.scope == "conversation":
        return all(any(_live(rule, item, reading) for reading in readings) for item in rule.items)
    return any(_holds_in_sentence(rule, reading) for reading in readings)


def _live(rule: Rule, item: frozenset[str], reading: Reading) -> list[Mention]:
    """Return the mentions of one part that count."""
    return [
        mention
        for concept in item
        for mention in reading.mentions.get(concept, ())
        if not reading.doubts[mention] - rule.despite
        and not any(reading.has(other, reading.sentence(mention)) for other in rule.unless)
    ]


def _holds_in_sentence(rule: Rule, reading: Reading) -> bool:
    """Return whether all parts stand in one sentence, none too far from the next."""
    parts = [_live(rule, item, reading) for item in rule.items]
    if not all(parts):
        return False
    if len(parts) == 1:
        return True
    for anchor in parts[0]:
        sentence = reading.sentence(anchor)
        if all(
            any(reading.sentence(other) == sentence and _distance(anchor, other) <= rule.within for other in part)
            for part in parts[1:]
        ):
            return True
    return False


def _distance(one: Mention, other: Mention) -> int:
    """Return the number of words between two mentions; 0 when they touch or overlap."""
    return max(0, max(one.start, other.start) - min(one.end, other.end))
