"""Vectors of the example messages, kept beside them so that a start does not embed a thousand texts.

The file holds 8-bit vectors keyed by a digest of each text and the name of the weights. A text that
is not in the file, or weights of another name, are embedded as usual: a stale file costs time only.
"""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.types import Encoder, Vectors

logger = logging.getLogger(__name__)

_SCALE = 127.0
"""Unit vectors have components of at most 1; rounding to 1/127 of the largest moves a cosine by under 0.01."""


def embed_examples(encoder: Encoder, texts: Sequence[str], path: Path) -> Vectors:
    """Return the vectors of example messages, shape (len(texts), d), unit rows.

    Args:
        encoder: embeds what the file lacks.
        texts: the examples.
        path: the file of stored vectors; may be missing.
    """
    stored = _load(path, encoder)
    digests = [_digest(text) for text in texts]
    missing = [i for i, digest in enumerate(digests) if digest not in stored]
    if missing:
        logger.info("embedding %d example messages", len(missing))
    fresh = dict(zip(missing, encoder.encode([texts[i] for i in missing]), strict=True)) if missing else {}
    rows = [fresh[i] if i in fresh else stored[digest] for i, digest in enumerate(digests)]
    return np.asarray(rows, dtype=np.float32).reshape(len(texts), encoder.dimension)


def store_examples(encoder: Encoder, texts: Sequence[str], path: Path) -> None:
    """Embed example messages and write the file; to be run after examples have changed.

    Args:
        encoder: the encoder that Citewell ships with.
        texts: the examples.
        path: where to write.
    """
    unique = list(dict.fromkeys(texts))
    vectors = encoder.encode(unique)
    largest = np.abs(vectors).max(axis=1, keepdims=True)
    np.savez_compressed(
        path,
        name=np.frombuffer(encoder.name.encode("utf-8"), dtype=np.uint8),
        digests=np.frombuffer(b"".join(_digest(text) for text in unique), dtype=np.uint8).reshape(-1, 8),
        vectors=np.round(vectors / largest * _SCALE).astype(np.int8),
    )


def _digest(text: str) -> bytes:
    """Return eight bytes that stand for a text."""
    return hashlib.sha256(text.encode("utf-8")).digest()[:8]


def _load(path: Path, encoder: Encoder) -> dict[bytes, Vectors]:
    """Return the stored vectors by digest; none when the file is missing, damaged or of other weights."""
    try:
        with np.load(path, allow_pickle=False) as file:
            name, digests = file["name"].tobytes().decode("utf-8"), file["digests"]
            vectors = file["vectors"].astype(np.float32)
    except (OSError, ValueError, KeyError, EOFError):
        return {}
    if name != encoder.name or vectors.ndim != 2 or vectors.shape[1] != encoder.dimension:
        return {}
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return {digest.tobytes(): vector for digest, vector in zip(digests, vectors, strict=True)}
