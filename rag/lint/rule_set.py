"""Which rules are on for a collection, and their limits: profiles and the collection's own file."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import yaml

from rag.errors import SettingsError
from rag.lint.registry import Registry, load_registry

CONFIG_NAME = ".citewell-checks.yaml"

BASIC = (
    "file-readable",
    "header-types",
    "id-matches-file",
    "id-unique",
    "heading-repeated",
    "heading-vague",
    "section-empty",
    "section-stray",
    "sentence-length",
    "sentence-opening",
    "item-length",
    "no-dose",
    "no-contact",
)
READABLE = (
    *BASIC,
    "title-length",
    "heading-level",
    "list-lead-in",
    "reading-grade",
    "article-length",
    "question-repeated",
    "sentence-repeated",
)
STRICT = (
    *READABLE,
    "header-fields",
    "header-unknown",
    "section-noted",
    "section-evidence",
    "section-questions",
    "topic-known",
    "source-known",
    "source-repeated",
    "source-matches",
    "fact-known",
    "fact-sources",
    "fact-support",
    "claim-known",
    "claim-verdict",
    "safety-groups",
    "help-last",
    "shared-words",
)
PROFILES: Mapping[str, tuple[str, ...]] = {"basic": BASIC, "readable": READABLE, "strict": STRICT}
"""Rules by profile; each one holds the one before it."""

REQUIRED_FIELDS = (
    "id",
    "title",
    "topic",
    "facts",
    "sources",
    "safety",
    "audience",
    "reviewed",
    "reviewer",
    "clinician_reviewed",
    "sections",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers and names that rules measure with; each can be set in the collection's file.

    Attributes:
        required_fields: header fields that must be there, for `header-fields`.
        max_title_chars: longest title.
        max_grade: highest Flesch-Kincaid grade of an article.
        min_words, max_words: length of an article in words.
        min_sentence_words, max_sentence_words: length of a sentence in words.
        min_item_words: shortest list item or lead-in, in words.
        min_questions, max_questions: readers' questions for each section.
        max_shared_words: longest run of words that may equal a text given with `against`.
        help_words: one of them stands in the heading of the section about getting help.
    """

    required_fields: tuple[str, ...] = REQUIRED_FIELDS
    max_title_chars: int = 80
    max_grade: float = 8.0
    min_words: int = 400
    max_words: int = 1100
    min_sentence_words: int = 8
    max_sentence_words: int = 30
    min_item_words: int = 3
    min_questions: int = 3
    max_questions: int = 6
    max_shared_words: int = 8
    help_words: tuple[str, ...] = ("help", "doctor", "urgent", "urgently", "emergency", "999", "112", "911")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """What a check looks for.

    Attributes:
        enabled: ids of the rules that are on.
        limits: their numbers.
        registry: what articles are held against; without one, the rules that need it stay silent.
        against: files and folders whose wording must not reappear.
        unused_allowed: ids of the registry that no article needs to use.
    """

    enabled: frozenset[str] = frozenset(BASIC)
    limits: Limits = field(default_factory=Limits)
    registry: Registry | None = None
    against: tuple[Path, ...] = ()
    unused_allowed: tuple[str, ...] = ()


def load_rules(folder: Path) -> RuleSet:
    """Return the rules of the collection in `folder`: its file where it has one, else profile "basic".

    Raises:
        SettingsError: the file cannot be read, or names a rule, profile, limit or file that is not there.
    """
    path = folder / CONFIG_NAME
    if not path.is_file():
        return RuleSet()
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SettingsError(f"{path} cannot be read: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(value, dict):
        raise SettingsError(f"{path}: expected 'setting: value' lines")
    try:
        return rules_from(value, folder=folder)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error


def rules_from(config: Mapping[str, object], *, folder: Path) -> RuleSet:
    """Return the rules that a configuration asks for.

    Args:
        config: profile, enable, disable, registry, against, unused_allowed, and any field of `Limits`.
        folder: where relative file names start.

    Raises:
        SettingsError: a name or a value is not known, or the registry cannot be read.
    """
    settings = {"profile", "enable", "disable", "registry", "against", "unused_allowed"}
    names = {item.name for item in fields(Limits)}
    if unknown := set(config) - settings - names:
        raise SettingsError(
            f"unknown setting {', '.join(sorted(map(str, unknown)))}; expected {', '.join(sorted(settings | names))}"
        )
    profile = str(config.get("profile", "basic"))
    if profile not in PROFILES:
        raise SettingsError(f"profile {profile!r} is not one of {', '.join(PROFILES)}")
    enable, disable = (_rule_ids(config, name) for name in ("enable", "disable"))
    registry = config.get("registry")
    limits = {name: _limit(name, config[name]) for name in sorted(names & set(config))}
    return RuleSet(
        enabled=(frozenset(PROFILES[profile]) | enable) - disable,
        limits=replace(Limits(), **limits),  # type: ignore[arg-type]  # each value is checked by _limit
        registry=load_registry(folder / str(registry)) if registry else None,
        against=tuple(folder / name for name in _texts("against", config.get("against") or [])),
        unused_allowed=_texts("unused_allowed", config.get("unused_allowed") or []),
    )


def _rule_ids(config: Mapping[str, object], name: str) -> frozenset[str]:
    asked = frozenset(_texts(name, config.get(name) or []))
    if unknown := asked - set(STRICT):
        raise SettingsError(f"'{name}' holds unknown rules: {', '.join(sorted(unknown))}")
    return asked


def _texts(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise SettingsError(f"'{name}' is not a list of texts")
    return tuple(value)


def _limit(name: str, value: object) -> int | float | tuple[str, ...]:
    default = getattr(Limits(), name)
    if isinstance(default, tuple):
        return _texts(name, value)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise SettingsError(f"'{name}' is {value!r}; expected a number of 0 or more")
    if isinstance(default, int) and not isinstance(value, int):
        raise SettingsError(f"'{name}' is {value!r}; expected a whole number")
    return value
