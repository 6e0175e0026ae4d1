"""Put together what the rules found and what the classifier thinks; in doubt the safety text is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.safety.classifier import Judgement
from rag.safety.data_files import fields_of
from rag.safety.rules import Finding
from rag.types import TriageLevel

URGENT = (TriageLevel.EMERGENCY, TriageLevel.SAME_DAY)


@dataclass(frozen=True, slots=True)
class Limits:
    """Probabilities at which the classifier decides.

    Attributes:
        alarm: for a whole message; at least this raises an alarm without a rule.
        part: for a sentence of a longer message.
        veto: below this for the message and every part, a rule's alarm is dropped, unless its group is in `kept`.
        emergency: share of the emergencies among the urgent classes that makes an alarm one.
        raising: the same, where the rules found something for the same day.
        soon: for a sign to be seen soon.
        kept: groups where minutes count, whose rules always hold.
    """

    alarm: float
    part: float
    veto: float
    emergency: float
    raising: float
    soon: float
    kept: frozenset[str]


def load_limits(path: Path) -> Limits:
    """Return the limits of a file.

    Raises:
        SafetyDataError: it is malformed.
    """
    fields = fields_of(path)
    names = ("alarm", "part", "veto", "emergency", "raising", "soon")
    fields.only(*names, "kept")
    return Limits(**{name: fields.number(name) for name in names}, kept=frozenset(fields.texts("kept")))


def weigh(
    found: Sequence[Finding], whole: Judgement, parts: Sequence[Judgement], limits: Limits
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that hold, with those of the classifier, and the findings that it takes away.

    Args:
        found: by the rules.
        whole: of the message.
        parts: of its sentences.
        limits: when the classifier decides.
    """
    best = max((whole, *parts), key=lambda one: one.alarm)
    taken: list[Finding] = []
    if best.alarm < limits.veto:
        taken = [f for f in found if f.level in URGENT and f.group not in limits.kept]
    held = [f for f in found if f not in taken]
    raised = [one for one in parts if one.alarm >= limits.part]
    if whole.alarm >= limits.alarm:
        raised.append(whole)
    urgent = [f for f in held if f.level in URGENT]
    if raised and not any(f.level is TriageLevel.EMERGENCY for f in urgent):
        alarm = _alarm(max(raised, key=lambda one: one.alarm), limits.raising if urgent else limits.emergency)
        if not urgent or alarm.level is TriageLevel.EMERGENCY:
            held.append(alarm)
    elif not any(f.level in (*URGENT, TriageLevel.SOON) for f in held):
        soon = {group: share for (group, level), share in whole.shares.items() if level is TriageLevel.SOON}
        group = max(soon, key=lambda name: soon[name], default="")
        if group and soon[group] >= limits.soon:
            held.append(Finding(group, TriageLevel.SOON, f"classifier {soon[group]:.2f}"))
    return held, taken


def _alarm(judgement: Judgement, emergency: float) -> Finding:
    """Return the finding of the likeliest group at the level that its shares speak for."""
    urgent = {key: share for key, share in judgement.shares.items() if key[1] in URGENT}
    by_group: dict[str, float] = {}
    for (group, _), share in urgent.items():
        by_group[group] = by_group.get(group, 0.0) + share
    total = sum(urgent.values())
    emergencies = sum(share for (_, level), share in urgent.items() if level is TriageLevel.EMERGENCY)
    level = TriageLevel.EMERGENCY if emergencies >= emergency * total else TriageLevel.SAME_DAY
    fitting = [group for group in by_group if (group, level) in urgent]
    group = max(fitting, key=lambda name: by_group[name])
    return Finding(group, level, f"classifier {judgement.alarm:.2f}")
