"""The real model: unit vectors in the order of their texts, and honest counts."""

from pathlib import Path

import numpy as np
import pytest

from rag.embed.encoder import load_encoder
from rag.embed.weights import WEIGHTS_FILE, find_model
from rag.errors import ModelError
from rag.types import Encoder

TEXTS = ["Heat eases a sore back.", "", "Ünïcödé 背中 🙂", "a" * 500, "word " * 400]


def test_vectors_have_length_one(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)

    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.count_tokens([]) == []


def test_rows_stand_in_the_order_of_their_texts(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])

    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_like_meanings_are_nearer_than_unlike_ones(encoder: Encoder) -> None:
    heat, warmth, tax = encoder.encode(["Heat helps a back.", "Warmth eases backache.", "File the tax form in May."])

    assert heat @ warmth > 0.5 > heat @ tax


def test_counts_are_those_of_the_models_own_tokenizer(encoder: Encoder) -> None:
    encoder.encode(["heat"])  # makes the library quiet before it is imported
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(find_model("all-MiniLM-L6-v2").reference, device="cpu", local_files_only=True)
    own = [len(model.tokenizer(text, truncation=False, verbose=False)["input_ids"]) for text in TEXTS]

    assert encoder.count_tokens(TEXTS) == own
    assert encoder.count_tokens(["heat", ""]) == [3, 2]


def test_window_is_256_word_pieces_and_what_is_beyond_is_not_read(encoder: Encoder) -> None:
    assert encoder.max_tokens == 256
    fitting = "heat " * 254
    assert encoder.count_tokens([fitting]) == [256]
    whole, longer, shorter = encoder.encode([fitting, fitting + "tax form", "heat " * 200 + "tax form"])

    np.testing.assert_allclose(whole, longer, atol=1e-5)
    assert not np.allclose(whole, shorter, atol=1e-3)


def test_width_and_window_are_known_before_the_weights_are_loaded() -> None:
    fresh = load_encoder()

    assert (fresh.dimension, fresh.max_tokens) == (384, 256)
    assert fresh.name.startswith("all-MiniLM-L6-v2@")
    assert "_loaded" not in vars(fresh)


def test_folder_without_a_usable_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS_FILE).write_bytes(b"not weights")
    (tmp_path / "config.json").write_text("{}")

    with pytest.raises(ModelError, match="cannot be loaded"):
        load_encoder(str(tmp_path)).encode(["words"])
