"""How alike two messages are: in meaning, by their embeddings, and in what the rules made of them, by their signs.

The classifier compares a message with its support vectors: the training messages that lie at the border between urgent
and not. A radial basis function of both distances makes two messages alike only when both are close, so that the same
sign in another setting, or other words without the sign, count for little.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EMBEDDING_GAMMA = 1.2
SIGNS_GAMMA = 0.017
"""How quickly likeness fades with the squared distance of embeddings, and of signs."""

LEVEL_WEIGHT = 4
"""A difference in the level that the rules found counts as much as so many other signs."""


def sign_weight(sign: str) -> int:
    """Return how much a difference in one sign adds to the squared distance."""
    return LEVEL_WEIGHT if sign.startswith("level ") else 1


def likeness(
    cosine: NDArray[np.float32],
    one_size: NDArray[np.float32] | float,
    other_size: NDArray[np.float32],
    shared: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return the likeness of messages, from 0 to 1.

    Args:
        cosine: of their embeddings, which have length 1.
        one_size: summed weight of the signs of the one message.
        other_size: of the other.
        shared: summed weight of the signs that both have.
    """
    apart: NDArray[np.float32] = one_size + other_size - 2 * shared
    alike: NDArray[np.float32] = np.exp(2 * EMBEDDING_GAMMA * (cosine - 1) - SIGNS_GAMMA * apart)
    return alike


@dataclass(frozen=True, slots=True)
class SupportVectors:
    """The training messages that a message is compared with.

    Attributes:
        embeddings: shape (n, d), of length 1.
        signs: shape (signs, n): the weight of a sign where the message has it, else 0.
        sizes: summed weight of each message's signs, shape (n,).
        weights: what likeness to each adds to the score of each level, shape (levels, n).
    """

    embeddings: NDArray[np.float32]
    signs: NDArray[np.int8]
    sizes: NDArray[np.float32]
    weights: NDArray[np.float32]

    def scores(self, embedding: NDArray[np.float32], known: Sequence[int], size: float) -> NDArray[np.float32]:
        """Return the scores of a message, one for each level.

        Args:
            embedding: shape (d,), of length 1.
            known: rows of the signs that the message has.
            size: summed weight of these signs.
        """
        shared = self.signs[list(known)].sum(axis=0, dtype=np.float32)
        found: NDArray[np.float32] = self.weights @ likeness(self.embeddings @ embedding, size, self.sizes, shared)
        return found
