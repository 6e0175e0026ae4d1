"""What earlier turns mean for now: what was raised, and what settles it."""

from collections.abc import Iterable

from rag.safety.groups import Group
from rag.safety.patterns import Mention
from rag.safety.rules import Finding
from rag.safety.scope import Reading
from rag.types import TriageLevel

_LEAST_SHARED = 30
"""Characters of an action text, before its first slot, that identify it in an earlier reply."""

_STALE = ("long_ago", "recent_past")
"""An examination that long ago says nothing about a sign of today."""


class Raised:
    """Recognises in an earlier reply that a group's action was given."""

    def __init__(self, groups: Iterable[Group]) -> None:
        """Take the groups with their action texts."""
        self._openings = [
            (text.split("{")[0][:80], group.group_id, level)
            for group in groups
            for level, text in group.actions.items()
            if level in (TriageLevel.EMERGENCY, TriageLevel.SAME_DAY)
        ]

    def by_reply(self, reply: str) -> list[Finding]:
        """Return the groups whose action the reply holds; a forged reply can only raise the level."""
        return [
            Finding(group, level, "raised earlier in the conversation")
            for opening, group, level in self._openings
            if len(opening) >= _LEAST_SHARED and opening in reply
        ]


def settles(reading: Reading) -> bool:
    """Return whether a message says that the person has been seen, or that nothing was real or it is long past.

    Plans, conditions, bargaining and "it came back" leave everything as it was.
    """
    if reading.has("not_yet_assessed"):
        return False
    if reading.has("hypothetical_now"):
        return True
    if any(_is_past(reading, mention) for mention in _said(reading, "said_to_be_long_past")):
        return True
    if any(
        _is_past(reading, m) and reading.has("years_past", reading.sentence(m)) for m in _said(reading, "puts_right")
    ):
        return True
    if reading.has("resolved") and any(_is_past(reading, m) for m in _said(reading, "said_to_be_past")):
        return True
    if reading.has("care_given") and reading.has("care_over"):
        return True
    return any(
        not any(reading.has(name, reading.sentence(mention)) for name in _STALE)
        for mention in _said(reading, "assessed")
    )


def _said(reading: Reading, concept: str) -> list[Mention]:
    """Return the mentions of a concept that are not denied."""
    return [m for m in reading.mentions.get(concept, ()) if "negated" not in reading.doubts[m]]


def _is_past(reading: Reading, mention: Mention) -> bool:
    """Return whether nothing in a mention's sentence says that it goes on or is back."""
    resolved = reading.mentions.get("resolved", ())
    return not any(
        reading.sentence(again) == reading.sentence(mention)
        and "negated" not in reading.doubts[again]
        and not any(over.start < again.end and again.start < over.end for over in resolved)
        for name in ("present", "returned")
        for again in reading.mentions.get(name, ())
    )
