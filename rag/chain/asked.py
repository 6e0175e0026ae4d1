"""Tell what a question asks for: things that articles never answer, and things that the evidence must hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import regex
import yaml

from rag.errors import SettingsError

ASKED_KINDS_FILE = "asked_kinds.yaml"

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_FLAGS = regex.IGNORECASE
"""Without VERSION1: its full case folding doubles the time to compile and tells nothing more apart in English."""


@dataclass(frozen=True, slots=True)
class NeverKind:
    """Something that is never answered from articles.

    Attributes:
        name: for reports.
        ask: who can answer instead, one sentence.
        says: what the reply opens with in place of "not covered", or None.
        questions: any of which marks a question of this kind.
    """

    name: str
    ask: str
    questions: tuple[regex.Pattern[str], ...]
    says: str | None = None


@dataclass(frozen=True, slots=True)
class NeededKind:
    """Something that an answer to certain questions must hold.

    Attributes:
        name: for reports.
        questions: any of which marks a question that asks for it.
        holds: any of which marks a sentence that holds it.
    """

    name: str
    questions: tuple[regex.Pattern[str], ...]
    holds: tuple[regex.Pattern[str], ...]

    def in_text(self, text: str) -> bool:
        """Return whether a sentence holds this kind of thing."""
        return any(pattern.search(text) for pattern in self.holds)


@dataclass(frozen=True, slots=True)
class AskedKinds:
    """All kinds of things that questions ask for."""

    never: tuple[NeverKind, ...]
    needs: tuple[NeededKind, ...]

    def never_answered(self, question: str) -> NeverKind | None:
        """Return the first kind that a question asks for and that is never answered, else None."""
        return next((kind for kind in self.never if _any(kind.questions, question)), None)

    def needed(self, question: str) -> tuple[NeededKind, ...]:
        """Return what an answer to a question must hold."""
        return tuple(kind for kind in self.needs if _any(kind.questions, question))


@cache
def load_asked_kinds() -> AskedKinds:
    """Return the kinds that ship with the package.

    Raises:
        SettingsError: the file is malformed.
    """
    try:
        text = resources.files("rag.chain").joinpath("data", ASKED_KINDS_FILE).read_text(encoding="utf-8")
        data: Mapping[str, Mapping[str, Any]] = yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe loader
        return AskedKinds(
            never=tuple(
                NeverKind(name, kind["ask"], _compiled(kind["questions"]), kind.get("says"))
                for name, kind in data["never"].items()
            ),
            needs=tuple(
                NeededKind(name, _compiled(kind["questions"]), _compiled(kind["holds"]))
                for name, kind in data["needs"].items()
            ),
        )
    except (OSError, yaml.YAMLError, regex.error, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(f"{ASKED_KINDS_FILE} is malformed ({error}); expected 'never' and 'needs'") from error


def _compiled(patterns: list[str]) -> tuple[regex.Pattern[str], ...]:
    return tuple(regex.compile(pattern, _FLAGS) for pattern in patterns)


def _any(patterns: tuple[regex.Pattern[str], ...], text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)
