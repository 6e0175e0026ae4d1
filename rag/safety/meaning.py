"""Notice signs in words that no rule foresaw, by likeness to example messages.

The decision can be followed by hand: the message's likeness to the nearest warning example of a
group must reach the group's floor and exceed its likeness to every harmless example by the group's
margin. Floors and margins are data, set on the training messages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.errors import SafetyDataError
from rag.safety.data_files import Fields, fields_of
from rag.safety.example_vectors import embed_examples
from rag.safety.groups import Group
from rag.safety.rules import Finding
from rag.types import Encoder, TriageLevel, Vectors


@dataclass(frozen=True, slots=True)
class Example:
    """An example message; harmless when it has no group.

    Attributes:
        text: the message.
        group: id of the group it belongs to, or "" when harmless.
        level: its level.
    """

    text: str
    group: str = ""
    level: TriageLevel = TriageLevel.NONE


@dataclass(frozen=True, slots=True)
class Threshold:
    """When a likeness counts: cosine at least `floor`, and `margin` above any harmless example."""

    floor: float
    margin: float


class MeaningDetector:
    """Compares messages with the examples."""

    def __init__(self, examples: Sequence[Example], vectors: Vectors, thresholds: Mapping[str, Threshold]) -> None:
        """Take examples with their vectors.

        Args:
            examples: warning and harmless examples.
            vectors: shape (len(examples), d), unit rows.
            thresholds: by group id; "default" for the others.
        """
        self._warning = [i for i, example in enumerate(examples) if example.group]
        harmless = [i for i, example in enumerate(examples) if not example.group]
        self._examples = [examples[i] for i in self._warning]
        self._warning_vectors = np.ascontiguousarray(vectors[self._warning])
        self._harmless_vectors = np.ascontiguousarray(vectors[harmless])
        self._thresholds = dict(thresholds)

    @classmethod
    def from_examples(
        cls,
        encoder: Encoder,
        examples: Sequence[Example],
        thresholds: Mapping[str, Threshold] | None = None,
        *,
        stored: Path | None = None,
    ) -> "MeaningDetector":
        """Return a detector, embedding every example once.

        Args:
            encoder: embeds the examples that `stored` lacks.
            examples: warning and harmless examples.
            thresholds: by group id; strict ones when None.
            stored: file of stored vectors.
        """
        texts = [example.text for example in examples]
        vectors = encoder.encode(texts) if stored is None else embed_examples(encoder, texts, stored)
        return cls(examples, vectors, thresholds or {"default": Threshold(0.6, 0.05)})

    def find(self, vectors: Vectors) -> list[Finding]:
        """Return what the messages resemble, at most one finding for each group.

        Args:
            vectors: shape (n, d), unit rows: a message and its parts.
        """
        if not len(vectors) or not self._examples:
            return []
        likeness = vectors @ self._warning_vectors.T
        harmless = (
            (vectors @ self._harmless_vectors.T).max(axis=1)
            if len(self._harmless_vectors)
            else np.zeros(len(vectors), dtype=np.float32)
        )
        found: dict[str, tuple[float, Finding]] = {}
        for row in range(len(vectors)):
            for column in np.flatnonzero(likeness[row] >= harmless[row]):
                example = self._examples[int(column)]
                value = float(likeness[row, column])
                threshold = self._thresholds.get(example.group) or self._thresholds["default"]
                if value < threshold.floor or value < harmless[row] + threshold.margin:
                    continue
                if example.group not in found or value > found[example.group][0]:
                    reason = f"meaning {value:.2f}: {example.text}"
                    found[example.group] = (value, Finding(example.group, example.level, reason))
        return [finding for _, finding in found.values()]


def collect_examples(groups: Sequence[Group], ordinary: Sequence[str]) -> list[Example]:
    """Return all examples: those of the groups, their near misses, and ordinary messages."""
    warning = [Example(text, group.group_id, level) for group in groups for text, level in group.triggers]
    harmless = [Example(text) for group in groups for text in group.near_misses]
    return warning + harmless + [Example(text) for text in ordinary]


def load_ordinary(path: Path) -> tuple[str, ...]:
    """Return the ordinary example messages of a file.

    Raises:
        SafetyDataError: the file is malformed.
    """
    fields = fields_of(path)
    fields.only("messages")
    return fields.texts("messages")


def load_thresholds(path: Path, group_ids: Sequence[str]) -> dict[str, Threshold]:
    """Return the thresholds of a file by group id.

    Raises:
        SafetyDataError: the file is malformed, lacks "default", or names an unknown group.
    """
    fields = fields_of(path)
    fields.only("thresholds", "set_on")
    entries = fields.mapping("thresholds")
    for key in entries.keys():
        if key != "default" and key not in group_ids:
            raise SafetyDataError(f"{entries.where}: {key!r}; expected a group id or default")
    if not entries.has("default"):
        raise SafetyDataError(f"{entries.where}: default missing; expected floor and margin")
    return {key: _threshold(entries.mapping(key)) for key in entries.keys()}


def _threshold(fields: Fields) -> Threshold:
    """Return one threshold."""
    fields.only("floor", "margin")
    return Threshold(fields.number("floor"), fields.number("margin"))
