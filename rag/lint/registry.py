"""What a collection may rest on: its documents, facts, topics, claims and warning-sign groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from rag.errors import SettingsError

READ_TAGS = frozenset({"R", "R*"})
"""Tags of facts that were read in a document, at first or at second hand."""

TAGS = READ_TAGS | {"M", "INF", "SEED"}

_TABLES = ("sources", "facts", "topics", "claims", "safety_groups")


@dataclass(frozen=True, slots=True)
class Fact:
    """What a fact rests on: keys of documents, and its strongest tag (R, R*, M, INF or SEED)."""

    sources: tuple[str, ...]
    tag: str


@dataclass(frozen=True, slots=True)
class Registry:
    """The tables that articles are held against; an empty table is not checked.

    Attributes:
        sources: key to the document's fields (who, document, year, url).
        facts: fact id to what it rests on.
        topics: ids of topics.
        claims: claim id to its verdicts, for most claims one.
        safety_groups: ids of warning-sign groups.
    """

    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    claims: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    safety_groups: tuple[str, ...] = ()


def load_registry(path: Path) -> Registry:
    """Read a registry file (YAML).

    Raises:
        SettingsError: it cannot be read, or a table is not as documented.
    """
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())[:200]
        raise SettingsError(f"registry {path} cannot be read: {reason}") from error
    if not isinstance(value, dict) or (unknown := set(value) - set(_TABLES)):
        named = f", not {', '.join(sorted(map(str, unknown)))}" if isinstance(value, dict) else ""
        raise SettingsError(f"registry {path}: expected the tables {', '.join(_TABLES)}{named}")
    try:
        return Registry(
            sources={str(key): _document(fields) for key, fields in _mapping(value, "sources").items()},
            facts={str(key): _fact(str(key), entry) for key, entry in _mapping(value, "facts").items()},
            topics=_names(value.get("topics") or [], "topics"),
            claims={str(key): _names(entry, str(key)) for key, entry in _mapping(value, "claims").items()},
            safety_groups=_names(value.get("safety_groups") or [], "safety_groups"),
        )
    except ValueError as error:
        raise SettingsError(f"registry {path}: {error}") from error


def _mapping(value: Mapping[str, object], name: str) -> Mapping[object, object]:
    table = value.get(name) or {}
    if not isinstance(table, dict):
        raise ValueError(f"'{name}' is not a table of ids")
    return table


def _names(value: object, where: str) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, str) for entry in entries):
        raise ValueError(f"'{where}' is not a list of texts")
    return tuple(entries)


def _document(fields: object) -> Mapping[str, str]:
    if not isinstance(fields, dict):
        raise ValueError("an entry of 'sources' has no fields")
    return {str(name): str(value) for name, value in fields.items()}


def _fact(fact_id: str, entry: object) -> Fact:
    if not isinstance(entry, dict) or str(entry.get("tag")) not in TAGS:
        raise ValueError(f"fact '{fact_id}' needs a tag, one of {', '.join(sorted(TAGS))}")
    return Fact(sources=_names(entry.get("sources") or [], fact_id), tag=str(entry["tag"]))
