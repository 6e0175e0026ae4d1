"""What earlier turns mean for now: what was raised, and what settles it."""

from collections.abc import Iterable

from rag.safety.groups import Group
from rag.safety.rules import Finding
from rag.safety.scope import Reading
from rag.types import TriageLevel

_LEAST_SHARED = 30
"""Characters of an action text, before its first slot, that identify it in an earlier reply."""


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
    """Return whether a message says that the person has been seen, or that nothing was real."""
    if reading.has("hypothetical_now"):
        return True
    return reading.has("assessed") and not reading.has("not_yet_assessed")
