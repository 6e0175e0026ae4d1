"""The export in the index folder: made once, made anew after damage, never in the way."""

from pathlib import Path

from rag.embed.encoder import PreparedEncoder, SentenceEncoder, load_encoder
from rag.embed.exported import TOKENIZER_FILE
from rag.embed.weights import ModelFiles
from rag.index.encoder_export import keep_export, sample_of
from rag.index.store import IndexReader


def test_sample_is_of_the_collections_own_texts(tiny_reader: IndexReader) -> None:
    found = sample_of(tiny_reader)

    assert len(found.vectors) == tiny_reader.manifest.chunks
    assert found.passages
    assert found.questions


def test_damaged_export_is_made_anew(tmp_path: Path, encoder: SentenceEncoder, tiny_reader: IndexReader) -> None:
    exports = tmp_path / "encoder"
    assert keep_export(encoder, exports, tiny_reader)
    (folder,) = exports.iterdir()
    (folder / TOKENIZER_FILE).write_text("{}")
    (exports / "of-another-model").mkdir()

    assert keep_export(encoder, exports, tiny_reader)

    prepared = load_encoder(exports=exports)
    assert isinstance(prepared, PreparedEncoder)
    assert prepared.is_exported
    assert [path.name for path in exports.iterdir()] == [folder.name]


def test_whole_export_is_left_as_it_is(exports: Path, encoder: SentenceEncoder, tiny_reader: IndexReader) -> None:
    before = {path: path.stat().st_mtime_ns for path in exports.rglob("*")}

    assert keep_export(encoder, exports, tiny_reader)

    assert {path: path.stat().st_mtime_ns for path in exports.rglob("*")} == before


def test_model_that_cannot_be_exported_is_no_error(tmp_path: Path, tiny_reader: IndexReader) -> None:
    by_name = SentenceEncoder(ModelFiles("some/model", "some/model", bundled=False))
    broken = SentenceEncoder(ModelFiles(str(tmp_path), "broken@1", False, "1" * 64))

    assert not keep_export(by_name, tmp_path / "encoder", tiny_reader)
    assert not keep_export(broken, tmp_path / "encoder", tiny_reader)
