"""Vectors kept by content and model."""

from pathlib import Path

import numpy as np
import pytest

from rag.index.remembering_encoder import RememberingEncoder
from rag.index.vector_cache import Progress, VectorCache, content_key
from tests.fakes import HashedEncoder


class Noting(Progress):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.told.append((done, total))


def encode(path: Path, texts: list[str], encoder: HashedEncoder, progress: Progress | None = None) -> int:
    """How many texts had to be embedded; the vectors are checked against the encoder's own."""
    cache = VectorCache(path)
    vectors, embedded = cache.encode(texts, encoder, progress)
    cache.close()
    np.testing.assert_allclose(vectors, HashedEncoder(dimension=encoder.dimension).encode(texts), atol=1e-6)
    return embedded


def test_known_texts_are_not_embedded_again(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    assert encode(tmp_path / "cache", ["one", "two", "one"], hashed_encoder) == 2
    assert encode(tmp_path / "cache", ["two", "three"], hashed_encoder) == 1
    assert sorted(hashed_encoder.encoded) == ["one", "three", "two"]


def test_another_model_does_not_get_these_vectors(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    encode(tmp_path / "cache", ["one"], hashed_encoder)

    assert encode(tmp_path / "cache", ["one"], HashedEncoder(name="other", dimension=32)) == 1


def test_progress_is_told_after_each_batch(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    progress = Noting()
    encode(tmp_path / "cache", [f"text {number}" for number in range(300)], hashed_encoder, progress)

    assert progress.told == [(256, 300), (300, 300)]


def test_forgotten_texts_are_embedded_again(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    encode(tmp_path / "cache", ["one", "two"], hashed_encoder)
    cache = VectorCache(tmp_path / "cache")
    cache.keep_only({content_key(hashed_encoder.name, "one")})
    cache.close()

    assert encode(tmp_path / "cache", ["one", "two"], hashed_encoder) == 1


def test_damaged_cache_is_made_anew(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    (tmp_path / "cache").write_bytes(b"no database" * 100)

    assert encode(tmp_path / "cache", ["one"], hashed_encoder) == 1
    assert encode(tmp_path / "cache", ["one"], hashed_encoder) == 0


def test_no_texts_give_no_vectors(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    cache = VectorCache(tmp_path / "cache")

    assert cache.encode([], hashed_encoder)[1] == 0
    cache.close()


@pytest.mark.parametrize("place", ["cache", "file/cache"])
def test_remembering_encoder_gives_the_encoders_vectors_wherever_its_file_is(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("a file where a folder would have to be")
    inner = HashedEncoder()
    remembering = RememberingEncoder(inner, tmp_path / place)

    for _ in range(2):
        np.testing.assert_allclose(remembering.encode(["one"]), HashedEncoder().encode(["one"]), atol=1e-6)
    assert len(inner.encoded) == (1 if place == "cache" else 2)
