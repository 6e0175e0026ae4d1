"""Gather what the safety layer's classifier is trained on: its examples and the training half, never the test half."""

import re
from dataclasses import dataclass
from pathlib import Path

from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]

from eval.dataset import DATA, QuestionSet, Split, load_questions
from eval.messages import load_messages
from rag.ingest.read import read_article
from rag.safety import load_safety
from rag.safety.data_files import DATA_DIR
from rag.safety.examples import ORDINARY, load_examples
from rag.safety.features import sign_terms
from rag.types import Behavior, Encoder, TriageLevel, Vectors

_ASKING = frozenset("what how can why is does do which should when where who are will massage".split())
_TELLING = frozenset("i my me mine his her he she since gone woke".split())

ALIKE = 0.86
"""Cosine from which two messages count as one, put in other words."""


@dataclass(frozen=True, slots=True)
class Training:
    """Training messages and their features.

    Attributes:
        texts: normalised.
        signs: terms of what the rules made of each.
        vectors: shape (n, d).
        levels: expected.
        groups: the group that each is about.
        kinds: example, near_miss, ordinary or question.
    """

    texts: list[str]
    signs: list[list[str]]
    vectors: Vectors
    levels: list[TriageLevel]
    groups: list[str]
    kinds: list[str]


def collect(encoder: Encoder, corpus: Path, *, data: Path = DATA, safety: Path = DATA_DIR) -> Training:
    """Return all training messages, each once.

    Raises:
        CitewellError: an example, a message, a question or an article is malformed.
    """
    layer = load_safety(data_dir=safety)
    rows: dict[str, tuple[str, TriageLevel, str]] = {}
    for one in load_examples(safety / "examples", list(layer.words_for)):
        kind = "example" if one.level is not TriageLevel.NONE else "near_miss" if one.group != ORDINARY else "ordinary"
        rows.setdefault(one.text, (one.group, one.level, kind))
    for message in load_messages(Split.TRAIN, for_tuning=True, folder=data):
        if not message.question.history:
            kind = "example" if message.level is not TriageLevel.NONE else message.kind
            rows.setdefault(message.question.text, (message.group, message.level, kind))
    for which in QuestionSet:
        for question in load_questions(Split.TRAIN, for_tuning=True, which=which, folder=data):
            if question.behavior is not Behavior.URGENT:
                rows.setdefault(question.question.text, (ORDINARY, TriageLevel.NONE, "question"))
    for text in _header_questions(corpus):
        rows.setdefault(text, (ORDINARY, TriageLevel.NONE, "header"))
    seen = [layer.look(text) for text in rows]
    return Training(
        texts=[reading.message.text for reading, _ in seen],
        signs=[sign_terms(reading, found) for reading, found in seen],
        vectors=encoder.encode(list(rows)),
        levels=[_level(group, level, layer.words_for) for group, level, _ in rows.values()],
        groups=[group for group, _, _ in rows.values()],
        kinds=[kind for _, _, kind in rows.values()],
    )


def _header_questions(corpus: Path) -> list[str]:
    """Return the questions of the articles' headers that only ask."""
    notes = [note for path in sorted(corpus.glob("*.md")) for note in read_article(path).notes]
    return [text for note in notes for text in note.questions if _only_asks(text)]


def _only_asks(text: str) -> bool:
    """Return whether a question of an article's header asks without speaking of a person: some tell of a sign."""
    words = re.findall(r"[a-z']+", text.lower())  # "can't" opens no question
    return bool(words) and words[0] in _ASKING and not _TELLING.intersection(words)


def _level(group: str, level: TriageLevel, words_for: dict[str, frozenset[TriageLevel]]) -> TriageLevel:
    """Return the level to learn: same day for soon where a group has words for the one and not for the other."""
    words = words_for.get(group, frozenset())
    soft = level is TriageLevel.SOON and level not in words and TriageLevel.SAME_DAY in words
    return TriageLevel.SAME_DAY if soft else level


def families(vectors: Vectors) -> list[int]:
    """Return a number for each message, the same for messages whose embeddings are nearly alike."""
    near = csr_matrix(vectors @ vectors.T > ALIKE)
    found: list[int] = connected_components(near, directed=False)[1].tolist()
    return found
