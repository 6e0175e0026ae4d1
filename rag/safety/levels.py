"""Put findings together: the most urgent first, combinations that weigh more than their parts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import SafetyDataError
from rag.safety.data_files import fields_of
from rag.safety.groups import level_of, rank
from rag.safety.rules import Finding
from rag.types import TriageLevel


@dataclass(frozen=True, slots=True)
class LevelRules:
    """Order of groups and combinations.

    Attributes:
        order: group ids; of several equally urgent groups the earlier speaks first.
        combinations: groups that together have at least the given level.
    """

    order: tuple[str, ...]
    combinations: tuple[tuple[frozenset[str], TriageLevel], ...]

    def decide(self, findings: Iterable[Finding]) -> list[Finding]:
        """Return the findings with raised levels, most urgent first, one for each group and advice line."""
        pool = list(findings)
        present = {finding.group for finding in pool if finding.level is not TriageLevel.NONE}
        for groups, level in self.combinations:
            if groups <= present:
                pool = [_raised(finding, level) if finding.group in groups else finding for finding in pool]
        pool.sort(key=lambda finding: (rank(finding.level), self.order.index(finding.group)))
        kept: dict[tuple[str, str], Finding] = {}
        for finding in pool:
            kept.setdefault((finding.group, finding.advice), finding)
        return list(kept.values())


def _raised(finding: Finding, level: TriageLevel) -> Finding:
    """Return a finding with at least a level; softer signals stay as they are."""
    if finding.level is TriageLevel.NONE or rank(finding.level) <= rank(level):
        return finding
    return replace(finding, level=level, reason=f"{finding.reason}, with another group")


def load_level_rules(path: Path, group_ids: Iterable[str]) -> LevelRules:
    """Return the order and the combinations of a file.

    Args:
        path: `levels.yaml`.
        group_ids: every group; each must stand in the order.

    Raises:
        SafetyDataError: the file is malformed, or names other groups.
    """
    fields = fields_of(path)
    fields.only("order", "combinations")
    order = fields.texts("order", needed=True)
    known = set(group_ids)
    if set(order) != known:
        odd = ", ".join(sorted(set(order) ^ known))
        raise SafetyDataError(f"{path.name}: order: {odd} missing or unknown; expected every group once")
    combinations = []
    for entry in fields.mappings("combinations"):
        entry.only("groups", "level")
        groups = frozenset(entry.texts("groups", needed=True))
        if not groups <= known:
            raise SafetyDataError(f"{entry.where}: groups: {sorted(groups - known)}; expected known groups")
        combinations.append((groups, level_of(entry.where, entry.text("level"))))
    return LevelRules(order, tuple(combinations))
