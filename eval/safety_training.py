"""Train the safety layer's classifier on its examples and on the training half; never on the test half."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped]
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from eval.dataset import DATA, QuestionSet, Split, load_questions
from eval.messages import load_messages
from rag.ingest.read import read_article
from rag.safety import load_safety
from rag.safety.classifier import HEADS, Classifier, save_classifier
from rag.safety.data_files import DATA_DIR
from rag.safety.examples import ORDINARY, load_examples
from rag.safety.features import piece_terms, sign_terms, word_terms
from rag.types import Behavior, Encoder, TriageLevel, Vectors

EMBEDDING, WORDS, PIECES, SIGNS, LEVELS = 1.5, 1.3, 1.5, 0.3, 0.7
"""How much each kind of feature weighs before training."""


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
    words = re.findall(r"[a-z]+", text.lower())
    return bool(words) and words[0] in _ASKING and not _TELLING.intersection(words)


def _level(group: str, level: TriageLevel, words_for: dict[str, frozenset[TriageLevel]]) -> TriageLevel:
    """Return the level to learn: same day for soon where a group has words for the one and not for the other."""
    words = words_for.get(group, frozenset())
    soft = level is TriageLevel.SOON and level not in words and TriageLevel.SAME_DAY in words
    return TriageLevel.SAME_DAY if soft else level


class Fitted:
    """All models, trained on some of the messages."""

    def __init__(self, training: Training, rows: Sequence[int]) -> None:
        """Train; the same messages always give the same weights."""
        self.words = TfidfVectorizer(analyzer=word_terms, min_df=2, sublinear_tf=True)
        self.pieces = TfidfVectorizer(analyzer=piece_terms, min_df=3, sublinear_tf=True)
        self.signs = DictVectorizer()
        texts = [training.texts[i] for i in rows]
        self.words.fit(texts)
        self.pieces.fit(texts)
        self.signs.fit([_scaled(training.signs[i]) for i in rows])
        self._width = training.vectors.shape[1]
        features = self._features(training, rows)
        self.levels = [
            LogisticRegression(C=10, max_iter=600, solver="liblinear", random_state=0).fit(
                features, np.array([training.levels[i] in HEADS[: place + 1] for i in rows])
            )
            for place in range(len(HEADS))
        ]
        warned = [i for i in rows if training.levels[i] is not TriageLevel.NONE]
        self.groups = LogisticRegression(C=5, max_iter=300).fit(
            self._for_groups(training, warned), [training.groups[i] for i in warned]
        )

    def _features(self, training: Training, rows: Sequence[int]) -> csr_matrix:
        texts, vectors = [training.texts[i] for i in rows], csr_matrix(training.vectors[list(rows)])
        signs = self.signs.transform([_scaled(training.signs[i]) for i in rows])
        words, pieces = self.words.transform(texts), self.pieces.transform(texts)
        return hstack([vectors * EMBEDDING, words * WORDS, pieces * PIECES, signs]).tocsr()

    def _for_groups(self, training: Training, rows: Sequence[int]) -> csr_matrix:
        signs = self.signs.transform([_scaled(training.signs[i]) for i in rows])
        return hstack([csr_matrix(training.vectors[list(rows)]) * 2 * EMBEDDING, signs * EMBEDDING]).tocsr()

    def weights(self) -> tuple[dict[str, list[str]], dict[str, NDArray[np.float32]]]:
        """Return terms and weights as `Classifier` takes them, the scales folded in."""
        words, pieces, signs = (list(part.get_feature_names_out()) for part in (self.words, self.pieces, self.signs))
        signs_scale = np.array([_scale(sign) for sign in signs])
        ends = np.cumsum([self._width, len(words), len(pieces)])
        levels = np.vstack([model.coef_ for model in self.levels])
        embedding, of_words, of_pieces, of_signs = np.split(levels, ends, axis=1)
        arrays = {
            "level_embedding": embedding * EMBEDDING,
            "level_words": of_words * WORDS,
            "level_pieces": of_pieces * PIECES,
            "level_signs": of_signs * signs_scale,
            "level_bias": np.concatenate([model.intercept_ for model in self.levels]),
            "word_rarity": self.words.idf_,
            "piece_rarity": self.pieces.idf_,
            "group_embedding": self.groups.coef_[:, : self._width] * 2 * EMBEDDING,
            "group_signs": self.groups.coef_[:, self._width :] * signs_scale * EMBEDDING,
            "group_bias": self.groups.intercept_,
        }
        names = {"words": words, "pieces": pieces, "signs": signs, "groups": list(map(str, self.groups.classes_))}
        return names, {name: np.asarray(array, dtype=np.float32) for name, array in arrays.items()}

    def save(self, folder: Path, encoder: str) -> None:
        """Write the weights."""
        save_classifier(folder, encoder, *self.weights())


def cross_validate(training: Training, limits: Sequence[float], *, folds: int = 5) -> dict[str, Any]:
    """Return the share of messages at or above each limit, by level or kind, judged by models that never saw them.

    Messages that say nearly the same stay together, so that no model is asked about a message it half remembers.
    """
    alarm = np.zeros(len(training.texts))
    strata = [f"{level} {kind}" for level, kind in zip(training.levels, training.kinds, strict=True)]
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
    for known, unknown in split.split(training.vectors, strata, families(training.vectors)):
        judge = Classifier("", *Fitted(training, known).weights()).judge
        for i in unknown:
            alarm[i] = judge(training.texts[i], training.signs[i], training.vectors[i]).urgent
    named = [
        str(lv) if lv is not TriageLevel.NONE else kind
        for lv, kind in zip(training.levels, training.kinds, strict=True)
    ]
    slices = {name: [i for i, other in enumerate(named) if other == name] for name in sorted(set(named))}
    return {
        str(limit): {name: float((alarm[rows] >= limit).mean()) for name, rows in slices.items()} for limit in limits
    }


def families(vectors: Vectors) -> list[int]:
    """Return a number for each message, the same for messages whose embeddings are nearly alike."""
    near = csr_matrix(vectors @ vectors.T > ALIKE)
    found: list[int] = connected_components(near, directed=False)[1].tolist()
    return found


def _scale(sign: str) -> float:
    return LEVELS if sign.startswith("level ") else SIGNS


def _scaled(signs: Sequence[str]) -> dict[str, float]:
    return {sign: _scale(sign) for sign in signs}
