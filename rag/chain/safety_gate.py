"""The safety layer as the chain sees it."""

from collections.abc import Sequence
from typing import Protocol

from rag.safety.review import ReviewVerdict
from rag.types import Question, Triage, Vectors


class SafetyGate(Protocol):
    """The safety layer as the chain sees it."""

    @property
    def disclaimer(self) -> str:
        """What every answer carries."""

    def assess(self, question: Question, *, vector: Vectors | None = None) -> Triage:
        """Return the triage of a question with its conversation."""

    def review(self, sentences: Sequence[str], triage: Triage) -> list[ReviewVerdict]:
        """Return for each sentence of a draft whether it may be shown, and else who can answer."""
