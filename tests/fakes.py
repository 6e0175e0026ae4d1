"""Real implementations of the Protocols that need no model."""

import hashlib
from collections.abc import Sequence

import numpy as np
import regex

from rag.safety.review import ReviewVerdict
from rag.types import Question, Triage, Vectors


class HashedEncoder:
    """Counts hashed words: deterministic and text-aware, so that equal words make near vectors."""

    def __init__(self, name: str = "hashed@1", dimension: int = 64, max_tokens: int = 256) -> None:
        self.name = name
        self.dimension = dimension
        self.max_tokens = max_tokens
        self.encoded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words and signs, and two for the ends."""
        return [len(regex.findall(r"\w+|[^\w\s]", text)) + 2 for text in texts]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of word counts, shape (n, d)."""
        self.encoded += texts
        vectors = np.full((len(texts), self.dimension), 1e-6, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in regex.findall(r"\w+", text.lower()):
                digest = hashlib.sha256(word.encode()).digest()
                vectors[row, int.from_bytes(digest[:4], "big") % self.dimension] += 1.0
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / norms, dtype=np.float32)


class CalmSafety:
    """A safety gate that never alarms, for tests of what comes after it."""

    disclaimer = "General information, not a diagnosis."

    def assess(self, question: Question, *, vector: Vectors | None = None) -> Triage:
        """No alarm."""
        return Triage()

    def review(self, sentences: Sequence[str], triage: Triage) -> list[ReviewVerdict]:
        """Everything may be shown."""
        return [ReviewVerdict(sentence) for sentence in sentences]
