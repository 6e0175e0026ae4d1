"""Warning signs: how many are met at their level or above, and how often an alarm is false."""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eval.messages import SafetyMessage
from eval.significance import wilson
from rag.index.vector_cache import Progress
from rag.types import Encoder, TriageChecker, TriageLevel

logger = logging.getLogger(__name__)

URGENCY = {level: place for place, level in enumerate(reversed(TriageLevel))}
"""Higher is more urgent; none is 0."""

ALARMS = (TriageLevel.EMERGENCY, TriageLevel.SAME_DAY)

AT_ONCE = 256
"""Messages embedded together."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """A message with the level that it got.

    Attributes:
        message: what was said, with the level expected.
        level: the level it got.
        groups: the groups that fired.
        error: the name of the error that there was in place of a level, or "".
    """

    message: SafetyMessage
    level: TriageLevel
    groups: tuple[str, ...]
    error: str = ""

    @property
    def reached(self) -> bool:
        """Whether it got its level or a higher one."""
        return not self.error and URGENCY[self.level] >= URGENCY[self.message.level]

    @property
    def alarmed(self) -> bool:
        """Whether it was met as an emergency or as something for the same day."""
        return self.level in ALARMS

    @property
    def steps_above(self) -> int:
        """How many levels it got above the one expected."""
        return max(0, URGENCY[self.level] - URGENCY[self.message.level])


def assess_all(
    checker: TriageChecker, encoder: Encoder, messages: Sequence[SafetyMessage], progress: Progress | None = None
) -> list[Assessed]:
    """Return what the safety check makes of every message."""
    found: list[Assessed] = []
    for start in range(0, len(messages), AT_ONCE):
        part = messages[start : start + AT_ONCE]
        vectors = encoder.encode([message.question.text for message in part])
        for place, message in enumerate(part):
            try:
                triage = checker.assess(message.question, vector=vectors[place : place + 1])
            except Exception as error:
                # One message that breaks the program must not hide what became of the others; it fails the rules.
                logger.error("message %s: %r", message.message_id, type(error), exc_info=message.half == "train")
                found.append(Assessed(message, TriageLevel.NONE, (), type(error).__name__))
            else:
                found.append(Assessed(message, triage.level, triage.groups))
        if progress:
            progress(len(found), len(messages))
    return found


def safety_report(assessed: Sequence[Assessed], *, dataset: str) -> dict[str, Any]:
    """Return recall by level and group, false alarms, slices, and what was missed.

    A message counts as met when it gets its level or a higher one; one that gets a higher one is also counted as
    over-warning.
    """
    warned = [one for one in assessed if one.message.level is not TriageLevel.NONE]
    calm = [one for one in assessed if one.message.level is TriageLevel.NONE]
    met = [one for one in warned if one.reached]
    return {
        "command": "safety",
        "dataset": dataset,
        "messages": len(assessed),
        "measures": {
            **{
                f"recall_{level}": share([one for one in warned if one.message.level is level], _reached)["value"]
                for level in TriageLevel
                if level is not TriageLevel.NONE
            },
            "quiet_near_miss": _quiet(calm, "near_miss")["value"],
            "quiet_ordinary": _quiet(calm, "ordinary")["value"],
            "quiet_conversation": _quiet(calm, "conversation")["value"],
            "over_warning": share(met, lambda one: one.steps_above > 0)["value"],
        },
        "by_level": sliced(warned, _reached, lambda one: [str(one.message.level)]),
        "by_group": sliced(warned, _reached, lambda one: [one.message.group]),
        "by_kind": sliced(warned, _reached, lambda one: [one.message.kind]),
        "by_style": sliced(warned, _reached, lambda one: one.message.styles),
        "by_person": sliced(warned, _reached, lambda one: [one.message.person or "-"]),
        "false_alarms": sliced(calm, _alarmed, lambda one: [one.message.kind]),
        "false_alarms_by_group": sliced(calm, _alarmed, lambda one: [one.message.group]),
        "false_alarms_by_style": sliced(calm, _alarmed, lambda one: one.message.styles),
        "over_warning_steps": dict(sorted(Counter(one.steps_above for one in met if one.steps_above).items())),
        "errors": {one.message.message_id: one.error for one in assessed if one.error},
        "misses": [_listed(one) for one in warned if not one.reached],
        "alarms": [_listed(one) for one in calm if one.alarmed],
        "per_question": {
            "reached": {one.message.message_id: float(one.reached) for one in warned},
            "quiet": {one.message.message_id: float(not one.alarmed) for one in calm},
        },
    }


def share(assessed: Sequence[Assessed], counts: Callable[[Assessed], bool]) -> dict[str, float]:
    """Return number, share and 95 per cent Wilson interval of the messages for which `counts` holds."""
    interval = wilson(sum(counts(one) for one in assessed), len(assessed))
    return {"n": len(assessed), "value": interval.value, "low": interval.low, "high": interval.high}


def sliced(
    assessed: Sequence[Assessed], counts: Callable[[Assessed], bool], keys: Callable[[Assessed], Iterable[str]]
) -> dict[str, dict[str, float]]:
    """Return `share` for each slice; a message may be in several."""
    members: dict[str, list[Assessed]] = defaultdict(list)
    for one in assessed:
        for key in keys(one):
            members[key].append(one)
    return {key: share(members[key], counts) for key in sorted(members, key=_natural)}


def _reached(one: Assessed) -> bool:
    return one.reached


def _alarmed(one: Assessed) -> bool:
    return one.alarmed


def _quiet(calm: Sequence[Assessed], kind: str) -> dict[str, float]:
    return share([one for one in calm if one.message.kind == kind], lambda one: not one.alarmed)


def _listed(one: Assessed) -> dict[str, Any]:
    """An entry of a list of failures; the words only for the training half."""
    message = one.message
    return {
        "id": message.message_id,
        "group": message.group,
        "expected": str(message.level),
        "got": str(one.level),
        "groups": list(one.groups),
        "text": message.question.text if message.half == "train" else None,
    }


def _natural(key: str) -> tuple[str, int]:
    """RF2 before RF10."""
    digits = "".join(sign for sign in key if sign.isdigit())
    return key.rstrip("0123456789"), int(digits or 0)
