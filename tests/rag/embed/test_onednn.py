"""Embedding by oneDNN: the same vectors, and the model as it is where they are not."""

import numpy as np
import pytest

from rag.embed import onednn
from rag.embed.encoder import SentenceEncoder
from rag.embed.onednn import with_onednn

TEXTS = ["Heat eases a sore back.", "", "背中 🙂", "word " * 400, "Does heat help?"]


def vectors(model: object) -> np.ndarray:
    return np.asarray(model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False))  # type: ignore[attr-defined]


def test_vectors_are_the_models(encoder: SentenceEncoder) -> None:
    model = encoder.model()
    before = vectors(model)

    found = with_onednn(model)

    np.testing.assert_allclose(vectors(found), before, atol=1e-6)
    np.testing.assert_array_equal(vectors(model), before)


def test_model_answers_itself_where_the_vectors_differ(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onednn, "MAX_DIFFERENCE", -1.0)

    assert with_onednn(encoder.model()) is encoder.model()


def test_model_answers_itself_without_onednn(encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)

    assert with_onednn(encoder.model()) is encoder.model()
