"""How alike messages are."""

import numpy as np
import pytest

from rag.safety.kernel import LEVEL_WEIGHT, SupportVectors, likeness, sign_weight


def alike(cosine: float, one: float, other: float, shared: float) -> float:
    """Likeness of one message to another."""
    values = (np.array([value], dtype=np.float32) for value in (cosine, other, shared))
    near, size, both = values
    return float(likeness(near, one, size, both)[0])


def test_a_message_is_wholly_like_itself() -> None:
    """Same embedding, same signs."""
    assert alike(1.0, 5, 5, 5) == pytest.approx(1.0)


def test_likeness_falls_with_either_distance() -> None:
    """Other words lower it, and so does a sign that only one of them has."""
    assert alike(0.5, 5, 5, 5) < alike(0.9, 5, 5, 5) < 1
    assert alike(1.0, 5, 5, 2) < alike(1.0, 5, 5, 4) < 1


def test_a_difference_in_level_counts_more() -> None:
    """What the rules made of a message as a whole weighs more than one concept."""
    assert sign_weight("level emergency") == LEVEL_WEIGHT > sign_weight("stated numb") == 1


def test_scores_add_up_over_support_vectors() -> None:
    """Each support vector adds its weight times its likeness, for each level."""
    embeddings = np.eye(2, dtype=np.float32)
    signs = np.array([[1, 0], [0, 1]], dtype=np.int8)
    support = SupportVectors(embeddings, signs, signs.sum(axis=0, dtype=np.float32), np.array([[2, 0], [1, -1]], "f4"))
    scores = support.scores(embeddings[0], [0], 1.0)
    away = alike(0.0, 1, 1, 0)
    assert scores == pytest.approx([2.0, 1 - away])
