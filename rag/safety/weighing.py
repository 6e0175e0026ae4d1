"""Put together what the rules found and what the classifier thinks; in doubt the safety text is given."""

from collections.abc import Mapping, Sequence
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
        veto: below this a rule's alarm is dropped.
        veto_kept: the same for the groups in `kept`.
        emergency: of an emergency, for an alarm without a rule to be one.
        raising: of an emergency, for a rule's alarm for the same day to become one.
        soon: for a sign to be seen soon.
        kept: groups where minutes count.
    """

    alarm: float
    veto: float
    veto_kept: float
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
    names = ("alarm", "veto", "veto_kept", "emergency", "raising", "soon")
    fields.only(*names, "kept")
    return Limits(**{name: fields.number(name) for name in names}, kept=frozenset(fields.texts("kept")))


def weigh(
    found: Sequence[Finding], judgement: Judgement, limits: Limits, words_for: Mapping[str, frozenset[TriageLevel]]
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that hold, with those of the classifier, and the findings that it takes away.

    Args:
        found: by the rules.
        judgement: of the classifier.
        limits: when the classifier decides.
        words_for: the levels that each group has words for.
    """
    taken = [f for f in found if f.level in URGENT and judgement.urgent < _veto(f, limits)]
    held = [f for f in found if f not in taken]
    urgent = [f for f in held if f.level in URGENT]
    level = TriageLevel.NONE
    if urgent:
        if judgement.emergency >= limits.raising and all(f.level is TriageLevel.SAME_DAY for f in urgent):
            level = TriageLevel.EMERGENCY
    elif judgement.urgent >= limits.alarm:
        level = TriageLevel.EMERGENCY if judgement.emergency >= limits.emergency else TriageLevel.SAME_DAY
    elif judgement.soon >= limits.soon and not any(f.level is TriageLevel.SOON for f in held):
        level = TriageLevel.SOON
    if level is not TriageLevel.NONE:
        held.append(_finding(judgement, level, words_for))
    return held, taken


def _veto(finding: Finding, limits: Limits) -> float:
    return limits.veto_kept if finding.group in limits.kept else limits.veto


def _finding(judgement: Judgement, level: TriageLevel, words_for: Mapping[str, frozenset[TriageLevel]]) -> Finding:
    """Return the finding of the likeliest group that has words for the level."""
    fitting = [name for name in judgement.groups if level in words_for.get(name, ())]
    group = max(fitting, key=lambda name: judgement.groups[name])
    return Finding(group, level, f"classifier {judgement.urgent:.2f}")
