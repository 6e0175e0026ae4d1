"""Why a reply failed, in one line."""

from dataclasses import dataclass

from rag.types import Behavior

ALARM = "alarm: met as a warning sign"
MISSED_ALARM = "warning sign missed"
NOT_COVERED = "answered though not covered"
NOT_FOUND = "not retrieved: no passage that answers was among the candidates"
NOT_TRUSTED = "retrieved but abstained: judged not to cover the question"
NOT_CHOSEN = "retrieved but not chosen: the answer quotes other passages"
NOT_QUOTED = "passage chosen, but not the sentences with every fact"
NOT_ALL = "chosen, but facts stand in further passages"
TOO_LONG = "facts come after the first 150 words"


@dataclass(frozen=True, slots=True)
class Seen:
    """What happened on the way to a reply.

    Attributes:
        found: a passage that answers was among the candidates.
        shown: one is among the passages of the reply.
        facts_shown: facts that the passages of the reply hold.
        too_long: facts stand in the answer, but late.
    """

    found: bool
    shown: bool
    facts_shown: int
    too_long: bool


def diagnose(expected: Behavior, got: Behavior, seen: Seen, facts: int) -> str:
    """Return why a reply failed.

    Args:
        expected: the right behaviour.
        got: the behaviour of the reply.
        seen: what happened on the way.
        facts: facts that a full answer holds.
    """
    if expected is Behavior.URGENT:
        return MISSED_ALARM
    if got is Behavior.URGENT:
        return ALARM
    if expected is Behavior.ABSTAIN:
        return NOT_COVERED
    if not seen.found:
        return NOT_FOUND
    if got is Behavior.ABSTAIN:
        return NOT_TRUSTED
    if not seen.shown:
        return NOT_CHOSEN
    if seen.too_long:
        return TOO_LONG
    return NOT_QUOTED if seen.facts_shown == facts else NOT_ALL
