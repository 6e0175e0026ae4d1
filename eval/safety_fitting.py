"""Train the safety layer's classifier, and judge messages that it has not seen."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import SVC

from eval.safety_training import Training, families
from rag.safety.classifier import HEADS, as_bytes, save_classifier
from rag.safety.features import piece_terms, word_terms
from rag.safety.kernel import likeness, sign_weight
from rag.types import TriageLevel

WORDS, PIECES = 0.6, 0.6
"""How much shared words, and shared pieces of words, add to the likeness of two messages."""

COST = 5.0
"""How much a training message on the wrong side costs."""

GROUP_EMBEDDING, GROUP_SIGNS, GROUP_LEVELS = 3.0, 0.45, 1.05
"""How much each kind of feature weighs for the groups."""


class Fitted:
    """All models, trained on some of the messages."""

    def __init__(self, training: Training, rows: Sequence[int]) -> None:
        """Train; the same messages always give the same weights."""
        self._training, self._rows = training, list(rows)
        texts = [training.texts[i] for i in rows]
        self._words = TfidfVectorizer(analyzer=word_terms, min_df=2, sublinear_tf=True).fit(texts)
        self._pieces = TfidfVectorizer(analyzer=piece_terms, min_df=3, sublinear_tf=True).fit(texts)
        self._signs = DictVectorizer(dtype=np.float32).fit([dict.fromkeys(training.signs[i], 1) for i in rows])
        self._sign_weights = np.array([sign_weight(s) for s in self._signs.get_feature_names_out()], dtype=np.float32)
        gram = self._likeness(self._rows)
        self._levels = [SVC(kernel="precomputed", C=COST).fit(gram, self._wanted(head)) for head in range(len(HEADS))]
        warned = [i for i in rows if training.levels[i] is not TriageLevel.NONE]
        self._groups = LogisticRegression(C=5, max_iter=300).fit(
            self._for_groups(warned), [training.groups[i] for i in warned]
        )

    def decide(self, rows: Sequence[int]) -> NDArray[np.float64]:
        """Return the scores of messages before they become probabilities, shape (levels, messages)."""
        gram = self._likeness(rows)
        return np.array([level.decision_function(gram) for level in self._levels])

    def save(self, folder: Path, encoder: str, calibration: NDArray[np.float64]) -> None:
        """Write the weights.

        Args:
            folder: of the safety layer's data.
            encoder: name of the weights that embedded the messages.
            calibration: slope and offset that turn each level's score into log odds, shape (levels, 2).
        """
        slopes, offsets = calibration.T
        used = sorted(set().union(*(level.support_ for level in self._levels)))
        place = {row: n for n, row in enumerate(used)}
        support = [self._rows[row] for row in used]
        weights = np.zeros((len(HEADS), len(used)))
        for head, level in enumerate(self._levels):
            weights[head, [place[row] for row in level.support_]] = level.dual_coef_[0] * slopes[head]
        texts = [self._training.texts[i] for i in support]
        embeddings, scale = as_bytes(self._unit(support))
        signs = self._sign_features(support).multiply(self._sign_weights).T.toarray()
        width = self._training.vectors.shape[1]
        group_weights = np.array([self._group_weight(sign) for sign in self._signs.get_feature_names_out()])
        arrays = {
            "support_embeddings": embeddings,
            "support_scale": np.array(scale),
            "support_signs": signs,
            "support_weights": weights,
            "level_words": csr_matrix(weights) @ self._words.transform(texts) * WORDS,
            "level_pieces": csr_matrix(weights) @ self._pieces.transform(texts) * PIECES,
            "level_bias": np.concatenate([level.intercept_ for level in self._levels]) * slopes + offsets,
            "word_rarity": self._words.idf_,
            "piece_rarity": self._pieces.idf_,
            "group_embedding": self._groups.coef_[:, :width] * GROUP_EMBEDDING,
            "group_signs": self._groups.coef_[:, width:] * group_weights,
            "group_bias": self._groups.intercept_,
        }
        parts = {"words": self._words, "pieces": self._pieces, "signs": self._signs}
        names = {name: list(part.get_feature_names_out()) for name, part in parts.items()}
        names["groups"] = list(map(str, self._groups.classes_))
        dense = {name: array.toarray() if hasattr(array, "toarray") else array for name, array in arrays.items()}
        save_classifier(folder, encoder, names, dense)

    def _wanted(self, head: int) -> NDArray[np.bool_]:
        return np.array([self._training.levels[i] in HEADS[: head + 1] for i in self._rows])

    def _likeness(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """Return the likeness of messages to the messages trained on."""
        here, known = self._sign_features(rows), self._sign_features(self._rows)
        shared = (here.multiply(self._sign_weights) @ known.T).toarray()
        sizes = [np.asarray(part @ self._sign_weights, dtype=np.float32) for part in (here, known)]
        gram = likeness(self._unit(rows) @ self._unit(self._rows).T, sizes[0][:, None], sizes[1][None, :], shared)
        for part, weight in ((self._words, WORDS), (self._pieces, PIECES)):
            ours, theirs = (part.transform([self._training.texts[i] for i in some]) for some in (rows, self._rows))
            gram += (weight * (ours.astype(np.float32) @ theirs.astype(np.float32).T)).toarray()
        return gram

    def _sign_features(self, rows: Sequence[int]) -> csr_matrix:
        return self._signs.transform([dict.fromkeys(self._training.signs[i], 1) for i in rows])

    def _unit(self, rows: Sequence[int]) -> NDArray[np.float32]:
        vectors = self._training.vectors[list(rows)]
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def _for_groups(self, rows: Sequence[int]) -> csr_matrix:
        scale = np.array([self._group_weight(sign) for sign in self._signs.get_feature_names_out()])
        embeddings = csr_matrix(self._training.vectors[list(rows)]) * GROUP_EMBEDDING
        return hstack([embeddings, self._sign_features(rows).multiply(scale)]).tocsr()

    def _group_weight(self, sign: str) -> float:
        return GROUP_LEVELS if sign.startswith("level ") else GROUP_SIGNS


def decide_unseen(training: Training, *, folds: int = 5) -> NDArray[np.float64]:
    """Return the scores of all messages, shape (levels, messages), each by models that never saw it.

    Messages that say nearly the same stay together, so that no model is asked about a message it half remembers.
    """
    scores = np.zeros((len(HEADS), len(training.texts)))
    strata = [f"{level} {kind}" for level, kind in zip(training.levels, training.kinds, strict=True)]
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
    for known, unknown in split.split(training.vectors, strata, families(training.vectors)):
        scores[:, unknown] = Fitted(training, known).decide(unknown)
    return scores


def calibrate(training: Training, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the slope and offset for each level, shape (levels, 2), that fit the scores of unseen messages best."""
    found = []
    for head, row in enumerate(scores):
        wanted = [level in HEADS[: head + 1] for level in training.levels]
        model = LogisticRegression(C=1e6).fit(row[:, None], wanted)
        found.append((model.coef_[0, 0], model.intercept_[0]))
    return np.array(found)


def shares(
    training: Training, scores: NDArray[np.float64], calibration: NDArray[np.float64], limits: Sequence[float]
) -> dict[str, dict[str, float]]:
    """Return the share of messages whose probability to be urgent reaches each limit, by level or kind."""
    odds = scores * calibration[:, :1] + calibration[:, 1:]
    urgent = (1 / (1 + np.exp(-odds)))[:2].max(axis=0)
    named = [
        str(level) if level is not TriageLevel.NONE else kind
        for level, kind in zip(training.levels, training.kinds, strict=True)
    ]
    slices = {name: [i for i, other in enumerate(named) if other == name] for name in sorted(set(named))}
    return {
        str(limit): {name: float((urgent[rows] >= limit).mean()) for name, rows in slices.items()} for limit in limits
    }
