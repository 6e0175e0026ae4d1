"""The exported encoder: the model's own vectors, and the model itself when the export cannot be trusted."""

import json
import logging
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.embed.encoder import PreparedEncoder, SentenceEncoder, load_encoder
from rag.embed.export import Sample, agreement_of, export_encoder, is_whole, top_overlap
from rag.embed.exported import (
    BATCH_TOKENS,
    DESCRIPTION_FILE,
    EXPORTED_WEIGHTS_FILE,
    TOKENIZER_FILE,
    Description,
    ExportedEncoder,
    batches,
    export_folder,
)
from rag.embed.weights import WEIGHTS_FILE, find_model
from rag.errors import ModelError
from rag.types import Vectors

TEXTS = ["Heat eases a sore back.", "", "  Ünïcödé 背中 🙂 ", "a" * 500, "word " * 400, "Does heat help?"]


def sample(encoder: SentenceEncoder) -> Sample:
    return Sample(TEXTS[:3], TEXTS[-1:], encoder.encode(TEXTS[:3]))


def load(exports: Path) -> PreparedEncoder:
    found = load_encoder(exports=exports)
    assert isinstance(found, PreparedEncoder)
    return found


@pytest.fixture
def copied(exports: Path, tmp_path: Path) -> Path:
    """A copy of the export that may be damaged."""
    return Path(shutil.copytree(exports, tmp_path / "encoder"))


def only(exports: Path) -> Path:
    (folder,) = exports.iterdir()
    return folder


def test_export_gives_the_models_vectors(encoder: SentenceEncoder, exports: Path) -> None:
    prepared = load(exports)

    np.testing.assert_allclose(prepared.encode(TEXTS), encoder.encode(TEXTS), atol=1e-5)
    assert prepared.is_exported


def test_rows_stand_in_the_order_of_their_texts(exports: Path) -> None:
    prepared = load(exports)

    alone = np.vstack([prepared.encode([text]) for text in TEXTS])

    np.testing.assert_allclose(prepared.encode(TEXTS), alone, atol=1e-5)
    assert prepared.encode([]).shape == (0, 384)


def test_rows_stand_in_the_order_of_their_texts_over_several_batches(exports: Path) -> None:
    prepared = load(exports)
    many = [f"{text} {number}" for number in range(12) for text in TEXTS]
    assert len(batches(prepared.count_tokens(many))) > 2

    alone = np.vstack([prepared.encode([text]) for text in many])

    np.testing.assert_allclose(prepared.encode(many), alone, atol=1e-5)


def test_export_counts_and_is_named_as_the_model(encoder: SentenceEncoder, exports: Path) -> None:
    prepared = load(exports)

    assert (prepared.name, prepared.dimension, prepared.max_tokens) == (encoder.name, 384, 256)
    assert prepared.count_tokens(TEXTS) == encoder.count_tokens(TEXTS)


def test_description_says_how_well_it_agrees_and_what_made_it(exports: Path) -> None:
    described = Description.load(only(exports))

    assert described.agreement["min_cosine"] >= 0.9999
    assert described.agreement["top_10_overlap"] >= 0.995
    assert set(described.made_with) >= {"torch", "onnx", "onnxruntime"}


@pytest.mark.parametrize("name", [EXPORTED_WEIGHTS_FILE, TOKENIZER_FILE, DESCRIPTION_FILE])
def test_damaged_export_is_noticed_and_the_model_answers(
    copied: Path, name: str, encoder: SentenceEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    path = only(copied) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    prepared = load(copied)
    with caplog.at_level(logging.WARNING):
        vectors = prepared.encode(TEXTS[:2])

    assert not is_whole(only(copied))
    assert not prepared.is_exported
    assert f"{name} is missing or damaged" in caplog.text
    np.testing.assert_allclose(vectors, encoder.encode(TEXTS[:2]), atol=1e-5)


def test_missing_file_is_damage(copied: Path) -> None:
    (only(copied) / EXPORTED_WEIGHTS_FILE).unlink()

    with pytest.raises(ModelError, match=r"weights.bin is missing or damaged; .* run: citewell index"):
        ExportedEncoder(only(copied))


def test_export_of_another_format_is_not_used(copied: Path) -> None:
    path = only(copied) / DESCRIPTION_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 0}))

    with pytest.raises(ModelError, match="missing or damaged"):
        Description.load(only(copied))


def test_export_that_differs_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    class Other(SentenceEncoder):
        """A model whose vectors are not those of its weights."""

        def encode(self, texts: Sequence[str]) -> Vectors:
            return np.roll(super().encode(texts), 1, axis=1)

    other = Other(find_model("all-MiniLM-L6-v2"))

    with pytest.raises(ModelError, match="differs from the model: least cosine"):
        export_encoder(other, tmp_path / "encoder" / "key", sample(other))
    assert list((tmp_path / "encoder").iterdir()) == []


def test_without_an_export_the_model_itself_answers(tmp_path: Path) -> None:
    assert isinstance(load_encoder(exports=tmp_path), SentenceEncoder)


def test_folder_of_an_export_follows_weights_and_settings(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    keys = set()
    for name, content in ((WEIGHTS_FILE, b"one"), (WEIGHTS_FILE, b"two"), ("modules.json", b"[]"), ("notes.md", b"x")):
        (model / name).write_bytes(content)
        keys.add(export_folder(tmp_path, find_model(str(model))))

    assert len(keys) == 3  # the notes change nothing


def test_model_known_by_name_alone_has_no_export(tmp_path: Path) -> None:
    assert export_folder(tmp_path, find_model("some/other-model")) is None


def test_batches_hold_texts_of_like_length() -> None:
    lengths = [5, 200, 7, 256, 100] + [256] * 20

    found = batches(lengths)

    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    assert all(len(batch) * max(lengths[place] for place in batch) <= BATCH_TOKENS for batch in found)
    assert len(found) == 7  # four of the longest in each, and one left over
    assert batches([]) == []


def test_overlap_is_the_share_of_common_best_passages() -> None:
    passages = np.eye(4, dtype=np.float32)
    one = np.array([[4, 3, 2, 1]], dtype=np.float32)
    other = np.array([[4, 1, 3, 2]], dtype=np.float32)

    assert top_overlap(one, other, passages, k=2) == 0.5
    assert top_overlap(one, one, passages, k=2) == 1.0


def test_agreement_is_that_of_the_worst_pair() -> None:
    one = np.array([[1, 0], [0, 1]], dtype=np.float32)
    other = np.array([[1, 0], [0.6, 0.8]], dtype=np.float32)

    found = agreement_of(one, other)

    assert found["min_cosine"] == pytest.approx(0.8)
    assert found["max_difference"] == pytest.approx(0.6)
