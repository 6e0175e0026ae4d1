"""The last look at an answer before it is shown: sentences that must never be said are dropped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rag.errors import SafetyDataError
from rag.safety.data_files import Fields, fields_of
from rag.safety.reading import plain
from rag.types import Triage, TriageLevel


class Verdict(StrEnum):
    """What becomes of a sentence."""

    OK = "ok"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class ReviewVerdict:
    """What the last look decided about one sentence.

    Attributes:
        sentence: as given.
        verdict: ok or dropped.
        code: why it was dropped, for instance "dose"; empty when ok.
        ask: who can answer instead; empty when ok.
    """

    sentence: str
    verdict: Verdict = Verdict.OK
    code: str = ""
    ask: str = ""


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """A kind of sentence that is never shown.

    Attributes:
        code: short name.
        ask: who can answer instead.
        patterns: any of which marks such a sentence, in plain lower-case text.
        unless: marks sentences of harmless kinds ("do not stop …").
        levels: the triage levels at which the rule holds.
    """

    code: str
    ask: str
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    levels: frozenset[TriageLevel]


class Reviewer:
    """Applies the review rules."""

    def __init__(self, rules: Sequence[ReviewRule]) -> None:
        """Take the rules; the first that applies gives the reason."""
        self._rules = tuple(rules)

    def review(self, sentences: Sequence[str], triage: Triage) -> list[ReviewVerdict]:
        """Return a verdict for each sentence, in order."""
        return [self._verdict(sentence, triage) for sentence in sentences]

    def _verdict(self, sentence: str, triage: Triage) -> ReviewVerdict:
        """Return the verdict of one sentence."""
        text = plain(sentence)
        for rule in self._rules:
            if triage.level not in rule.levels:
                continue
            if any(p.search(text) for p in rule.patterns) and not any(p.search(text) for p in rule.unless):
                return ReviewVerdict(sentence, Verdict.DROPPED, rule.code, rule.ask)
        return ReviewVerdict(sentence)


def load_review_rules(path: Path) -> tuple[ReviewRule, ...]:
    """Return the review rules of a file.

    Raises:
        SafetyDataError: the file is malformed or a pattern is not a regular expression.
    """
    fields = fields_of(path)
    fields.only("rules")
    return tuple(_rule(entry) for entry in fields.mappings("rules"))


def _rule(fields: Fields) -> ReviewRule:
    """Return one review rule."""
    fields.only("code", "ask", "patterns", "unless", "levels")
    try:
        levels = frozenset(TriageLevel(level) for level in fields.texts("levels"))
    except ValueError as error:
        raise SafetyDataError(f"{fields.where}: levels: {error}; expected names of triage levels") from error
    return ReviewRule(
        code=fields.text("code"),
        ask=fields.text("ask"),
        patterns=_compiled(fields, "patterns"),
        unless=_compiled(fields, "unless"),
        levels=levels or frozenset(TriageLevel),
    )


def _compiled(fields: Fields, name: str) -> tuple[re.Pattern[str], ...]:
    """Return the regular expressions of a field."""
    try:
        return tuple(re.compile(text) for text in fields.texts(name))
    except re.error as error:
        raise SafetyDataError(f"{fields.where}: {name}: {error}; expected a regular expression") from error
