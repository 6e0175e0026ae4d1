"""The red-flag groups as data: rules, sources and what to say."""

from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import SafetyDataError
from rag.safety.data_files import Fields, fields_of
from rag.types import TriageLevel

LEVELS = (TriageLevel.EMERGENCY, TriageLevel.SAME_DAY, TriageLevel.SOON, TriageLevel.NONE)
"""From most to least urgent."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Concepts that together are a sign.

    Attributes:
        name: what the sign is, for reports.
        group: id of the red-flag group.
        level: how urgent it is.
        items: for each part, the concepts any of which will do.
        within: words allowed between neighbouring parts of one sentence.
        scope: "sentence", or "conversation" when the parts may stand anywhere, also in earlier messages.
        unless: concepts that, in the same sentence, take the alarm away.
        unless_anywhere: concepts that take it away from anywhere in the message.
        despite: doubts that do not matter here, for instance "resolved" for a stroke that has passed.
        advice: line to add when the level is "none".
    """

    name: str
    group: str
    level: TriageLevel
    items: tuple[frozenset[str], ...]
    within: int = 12
    scope: str = "sentence"
    unless: frozenset[str] = frozenset()
    unless_anywhere: frozenset[str] = frozenset()
    despite: frozenset[str] = frozenset()
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One red-flag group.

    Attributes:
        group_id: for instance "RF1".
        name: what it is about.
        level: of its rules that name none.
        rules: what is looked for.
        actions: what to say, by level.
        sources: who says so and where.
    """

    group_id: str
    name: str
    level: TriageLevel
    rules: tuple[Rule, ...]
    actions: dict[TriageLevel, str] = field(default_factory=dict)
    sources: tuple[tuple[str, str], ...] = ()


def rank(level: TriageLevel) -> int:
    """Return 0 for the most urgent level, 3 for none."""
    return LEVELS.index(level)


def load_groups(folder: Path, known_concepts: frozenset[str]) -> tuple[Group, ...]:
    """Return the groups of a folder, in the order of their ids.

    Args:
        folder: holds one `*.yaml` for each group.
        known_concepts: names that rules may use.

    Raises:
        SafetyDataError: a file is malformed or a rule uses an unknown concept.
    """
    groups = [_group(fields_of(path), known_concepts) for path in sorted(folder.glob("*.yaml"))]
    if not groups:
        raise SafetyDataError(f"{folder}: no groups; expected one *.yaml for each")
    ids = [group.group_id for group in groups]
    for group_id in ids:
        if ids.count(group_id) > 1:
            raise SafetyDataError(f"{folder.name}: group {group_id} is defined twice; expected once")
    return tuple(groups)


def _group(fields: Fields, known: frozenset[str]) -> Group:
    """Return the group of one file."""
    fields.only("id", "name", "level", "sources", "actions", "rules", "despite")
    group_id = fields.text("id")
    level = read_level(fields, "level")
    despite = fields.texts("despite")
    rules = tuple(_rule(entry, group_id, level, despite, known) for entry in fields.mappings("rules"))
    actions = fields.mapping("actions")
    sources = tuple((source.text("who"), source.text("url")) for source in fields.mappings("sources"))
    if not sources or not rules:
        raise SafetyDataError(f"{fields.where}: sources or rules missing; expected at least one of each")
    needed = {rule.level for rule in rules} | {level}
    for wanted in needed - {TriageLevel.NONE}:
        if not actions.has(wanted.value):
            raise SafetyDataError(f"{fields.where}: actions: {wanted.value} missing; a rule has that level")
    return Group(
        group_id=group_id,
        name=fields.text("name"),
        level=level,
        rules=rules,
        actions={level_of(actions.where, key): actions.text(key) for key in actions.keys()},
        sources=sources,
    )


def _rule(fields: Fields, group_id: str, level: TriageLevel, despite: tuple[str, ...], known: frozenset[str]) -> Rule:
    """Return one rule."""
    fields.only("sign", "level", "all", "within", "scope", "unless", "unless_anywhere", "despite", "advice")
    items = tuple(frozenset(part.strip() for part in item.split("|")) for item in fields.texts("all", needed=True))
    unless = frozenset(fields.texts("unless"))
    unless_anywhere = frozenset(fields.texts("unless_anywhere"))
    for concept in sorted(frozenset().union(*items) | unless | unless_anywhere):
        if concept not in known:
            raise SafetyDataError(f"{fields.where}: {concept!r} is not a concept; expected a defined one")
    scope = fields.text("scope", "sentence")
    if scope not in ("sentence", "conversation"):
        raise SafetyDataError(f"{fields.where}: scope: {scope!r}; expected sentence or conversation")
    return Rule(
        name=fields.text("sign"),
        group=group_id,
        level=read_level(fields, "level") if fields.has("level") else level,
        items=items,
        within=int(fields.number("within", 12)),
        scope=scope,
        unless=unless,
        unless_anywhere=unless_anywhere,
        despite=frozenset(despite) | frozenset(fields.texts("despite")),
        advice=fields.text("advice", ""),
    )


def read_level(fields: Fields, name: str) -> TriageLevel:
    """Return a level field.

    Raises:
        SafetyDataError: it is not one of the four levels.
    """
    return level_of(f"{fields.where}: {name}", fields.text(name))


def level_of(where: str, text: str) -> TriageLevel:
    """Return the level of that name.

    Raises:
        SafetyDataError: there is none.
    """
    try:
        return TriageLevel(text)
    except ValueError as error:
        raise SafetyDataError(f"{where}: {text!r}; expected emergency, same_day, soon or none") from error
