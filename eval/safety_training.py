"""Train the safety layer's classifier on its examples and on the training half; never on the test half."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack  # type: ignore[import-untyped]
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from eval.dataset import DATA, QuestionSet, Split, load_questions
from eval.messages import load_messages
from rag.ingest.read import read_article
from rag.safety import load_safety
from rag.safety.classifier import save_classifier
from rag.safety.data_files import DATA_DIR
from rag.safety.examples import ORDINARY, load_examples
from rag.safety.features import piece_terms, sign_terms, word_terms
from rag.types import Behavior, Encoder, TriageLevel, Vectors

EMBEDDING, WORDS, PIECES, SIGNS, LEVELS = 1.5, 1.3, 1.5, 0.3, 0.7
"""How much each kind of feature weighs before training."""

URGENT = (TriageLevel.EMERGENCY, TriageLevel.SAME_DAY)


@dataclass(frozen=True, slots=True)
class Training:
    """Training messages and their features.

    Attributes:
        texts: normalised.
        signs: terms of what the rules made of each.
        vectors: shape (n, d).
        levels: expected.
        classes: group and level, or "none".
        kinds: example, near_miss, ordinary or question.
    """

    texts: list[str]
    signs: list[list[str]]
    vectors: Vectors
    levels: list[TriageLevel]
    classes: list[str]
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
    for path in sorted(corpus.glob("*.md")):
        for note in read_article(path).notes:
            for text in note.questions:
                rows.setdefault(text, (ORDINARY, TriageLevel.NONE, "header"))
    seen = [layer.look(text) for text in rows]
    return Training(
        texts=[reading.message.text for reading, _ in seen],
        signs=[sign_terms(reading, found) for reading, found in seen],
        vectors=encoder.encode(list(rows)),
        levels=[level for _, level, _ in rows.values()],
        classes=[_class(group, level, layer.words_for) for group, level, _ in rows.values()],
        kinds=[kind for _, _, kind in rows.values()],
    )


def _class(group: str, level: TriageLevel, words_for: dict[str, frozenset[TriageLevel]]) -> str:
    """Return the group and level to learn; a group without words for a level lends the softer signals' ones."""
    if level is TriageLevel.NONE:
        return "none"
    if level in words_for.get(group, ()):
        return f"{group} {level}"
    if level is TriageLevel.SOON and TriageLevel.SAME_DAY not in words_for.get(group, ()):
        return f"SOFT {level}"
    return f"{group} {TriageLevel.SAME_DAY if level is TriageLevel.SOON else TriageLevel.EMERGENCY}"


class Fitted:
    """Both models, trained on some of the messages."""

    def __init__(self, training: Training, rows: Sequence[int]) -> None:
        """Train; the same messages always give the same weights."""
        urgent = np.array([training.levels[i] in URGENT for i in rows])
        self.words = TfidfVectorizer(analyzer=word_terms, min_df=2, sublinear_tf=True)
        self.pieces = TfidfVectorizer(analyzer=piece_terms, min_df=3, sublinear_tf=True)
        self.signs = DictVectorizer()
        texts = [training.texts[i] for i in rows]
        self.words.fit(texts)
        self.pieces.fit(texts)
        self.signs.fit([_scaled(training.signs[i]) for i in rows])
        alarm, classes = self._features(training, rows)
        self.alarm = LogisticRegression(C=10, max_iter=600, solver="liblinear", random_state=0).fit(alarm, urgent)
        self.classes = LogisticRegression(C=5, max_iter=300).fit(classes, [training.classes[i] for i in rows])

    def alarm_of(self, training: Training, rows: Sequence[int]) -> NDArray[np.float64]:
        """Return the probability of an alarm for each row."""
        found: NDArray[np.float64] = self.alarm.predict_proba(self._features(training, rows)[0])[:, 1]
        return found

    def _features(self, training: Training, rows: Sequence[int]) -> tuple[Any, Any]:
        texts, vectors = [training.texts[i] for i in rows], csr_matrix(training.vectors[list(rows)])
        signs = self.signs.transform([_scaled(training.signs[i]) for i in rows])
        words, pieces = self.words.transform(texts), self.pieces.transform(texts)
        return (
            hstack([vectors * EMBEDDING, words * WORDS, pieces * PIECES, signs]).tocsr(),
            hstack([vectors * 2 * EMBEDDING, signs * EMBEDDING]).tocsr(),
        )

    def save(self, folder: Path, encoder: str) -> None:
        """Write the weights, their scales folded in."""
        words, pieces, signs = (list(part.get_feature_names_out()) for part in (self.words, self.pieces, self.signs))
        signs_scale = np.array([_scale(sign) for sign in signs])
        width = self.alarm.coef_.shape[1] - len(words) - len(pieces) - len(signs)
        ends = np.cumsum([width, len(words), len(pieces)])
        embedding, of_words, of_pieces, of_signs = np.split(self.alarm.coef_[0], ends)
        arrays = {
            "alarm_embedding": embedding * EMBEDDING,
            "alarm_words": of_words * WORDS,
            "alarm_pieces": of_pieces * PIECES,
            "alarm_signs": of_signs * signs_scale,
            "alarm_bias": self.alarm.intercept_,
            "word_rarity": self.words.idf_,
            "piece_rarity": self.pieces.idf_,
            "class_embedding": self.classes.coef_[:, :width] * 2 * EMBEDDING,
            "class_signs": self.classes.coef_[:, width:] * signs_scale * EMBEDDING,
            "class_bias": self.classes.intercept_,
        }
        names = {"words": words, "pieces": pieces, "signs": signs, "classes": list(map(str, self.classes.classes_))}
        save_classifier(folder, encoder, names, arrays)


def cross_validate(training: Training, limits: Sequence[float], *, folds: int = 5) -> dict[str, Any]:
    """Return the share of messages at or above each limit, by level or kind, judged by models that never saw them."""
    alarm = np.zeros(len(training.texts))
    strata = [f"{name} {kind}" for name, kind in zip(training.classes, training.kinds, strict=True)]
    split = StratifiedKFold(folds, shuffle=True, random_state=0)
    for known, unknown in split.split(training.vectors, strata):
        alarm[unknown] = Fitted(training, known).alarm_of(training, unknown)
    named = [
        str(lv) if lv is not TriageLevel.NONE else kind
        for lv, kind in zip(training.levels, training.kinds, strict=True)
    ]
    slices = {name: [i for i, other in enumerate(named) if other == name] for name in sorted(set(named))}
    return {
        str(limit): {name: float((alarm[rows] >= limit).mean()) for name, rows in slices.items()} for limit in limits
    }


def _scale(sign: str) -> float:
    return LEVELS if sign.startswith("level ") else SIGNS


def _scaled(signs: Sequence[str]) -> dict[str, float]:
    return {sign: _scale(sign) for sign in signs}
