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

HEAD_ROWS = range(len(HEADS))

GROUP_EMBEDDING, GROUP_SIGNS, GROUP_LEVELS = 3.0, 0.45, 1.05
"""How much each kind of feature weighs for the groups."""


class Features:
    """What messages are compared by; the words worth knowing are those of all messages."""

    def __init__(self, training: Training) -> None:
        """Gather words, pieces of words and signs."""
        self.training = training
        self.words = TfidfVectorizer(analyzer=word_terms, min_df=2, sublinear_tf=True).fit(training.texts)
        self.pieces = TfidfVectorizer(analyzer=piece_terms, min_df=3, sublinear_tf=True).fit(training.texts)
        self.signs = DictVectorizer(dtype=np.float32).fit([dict.fromkeys(signs, 1) for signs in training.signs])
        self.sign_names = [str(name) for name in self.signs.get_feature_names_out()]
        self.sign_weights = np.array([sign_weight(name) for name in self.sign_names], dtype=np.float32)
        self.unit = training.vectors / np.linalg.norm(training.vectors, axis=1, keepdims=True)

    def signs_of(self, rows: Sequence[int]) -> csr_matrix:
        """Return which signs messages have."""
        return self.signs.transform([dict.fromkeys(self.training.signs[i], 1) for i in rows])

    def likeness(self) -> NDArray[np.float32]:
        """Return the likeness of all messages to all, shape (messages, messages)."""
        signs = self.signs_of(range(len(self.training.texts)))
        shared = (signs.multiply(self.sign_weights) @ signs.T).toarray()
        sizes = np.asarray(signs @ self.sign_weights, dtype=np.float32)
        gram = likeness(self.unit @ self.unit.T, sizes[:, None], sizes[None, :], shared)
        for part, weight in ((self.words, WORDS), (self.pieces, PIECES)):
            terms = part.transform(self.training.texts).astype(np.float32)
            gram += (weight * (terms @ terms.T)).toarray()
        return gram


def fit_levels(training: Training, gram: NDArray[np.float32], rows: Sequence[int]) -> list[SVC]:
    """Return one machine for each level, trained on some of the messages; the same messages give the same weights."""
    known = gram[np.ix_(rows, rows)]
    return [SVC(kernel="precomputed", C=COST, cache_size=500).fit(known, _wanted(training, n)[rows]) for n in HEAD_ROWS]


def decide_unseen(training: Training, gram: NDArray[np.float32], *, folds: int = 5) -> NDArray[np.float64]:
    """Return the scores of all messages, shape (levels, messages), each by machines that never saw it.

    Messages that say nearly the same stay together, so that no machine is asked about a message it half remembers.
    """
    scores = np.zeros((len(HEADS), len(training.texts)))
    strata = [f"{level} {kind}" for level, kind in zip(training.levels, training.kinds, strict=True)]
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
    for known, unknown in split.split(training.vectors, strata, families(training.vectors)):
        likeness_to_known = gram[np.ix_(unknown, known)]
        for head, level in enumerate(fit_levels(training, gram, known)):
            scores[head, unknown] = level.decision_function(likeness_to_known)
    return scores


def save(
    features: Features, levels: Sequence[SVC], calibration: NDArray[np.float64], folder: Path, encoder: str
) -> None:
    """Write the weights of machines that were trained on all messages, and those of the groups.

    Args:
        features: of the messages.
        levels: from `fit_levels`.
        calibration: slope and offset that turn each level's score into log odds, shape (levels, 2).
        folder: of the safety layer's data.
        encoder: name of the weights that embedded the messages.
    """
    slopes, offsets = calibration.T
    support = sorted(set().union(*(level.support_ for level in levels)))
    place = {row: n for n, row in enumerate(support)}
    weights = np.zeros((len(HEADS), len(support)))
    for head, level in enumerate(levels):
        weights[head, [place[row] for row in level.support_]] = level.dual_coef_[0] * slopes[head]
    texts = [features.training.texts[i] for i in support]
    embeddings, scale = as_bytes(features.unit[support])
    group_names, of_groups = _groups(features)
    arrays = {
        "support_embeddings": embeddings,
        "support_scale": np.array(scale),
        "support_signs": features.signs_of(support).multiply(features.sign_weights).T.toarray(),
        "support_weights": weights,
        "level_words": (csr_matrix(weights) @ features.words.transform(texts)).toarray() * WORDS,
        "level_pieces": (csr_matrix(weights) @ features.pieces.transform(texts)).toarray() * PIECES,
        "level_bias": np.concatenate([level.intercept_ for level in levels]) * slopes + offsets,
        "word_rarity": features.words.idf_,
        "piece_rarity": features.pieces.idf_,
        **of_groups,
    }
    words, pieces = (list(map(str, part.get_feature_names_out())) for part in (features.words, features.pieces))
    names = {"words": words, "pieces": pieces, "signs": features.sign_names, "groups": group_names}
    save_classifier(folder, encoder, names, arrays)


def _groups(features: Features) -> tuple[list[str], dict[str, NDArray[np.float64]]]:
    """Return the names and weights of a regression that tells which group a warning sign belongs to."""
    training, width = features.training, features.training.vectors.shape[1]
    warned = [i for i, level in enumerate(training.levels) if level is not TriageLevel.NONE]
    scale = np.where(features.sign_weights > 1, GROUP_LEVELS, GROUP_SIGNS)
    embeddings = csr_matrix(training.vectors[warned]) * GROUP_EMBEDDING
    model = LogisticRegression(C=5, max_iter=300).fit(
        hstack([embeddings, features.signs_of(warned).multiply(scale)]).tocsr(), [training.groups[i] for i in warned]
    )
    weights = {
        "group_embedding": model.coef_[:, :width] * GROUP_EMBEDDING,
        "group_signs": model.coef_[:, width:] * scale,
        "group_bias": model.intercept_,
    }
    return list(map(str, model.classes_)), weights


def _wanted(training: Training, head: int) -> NDArray[np.bool_]:
    """Return for each message whether it has at least a level."""
    return np.array([level in HEADS[: head + 1] for level in training.levels])


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
