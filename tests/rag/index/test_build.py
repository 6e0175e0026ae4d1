"""Bringing an index up to date: what is counted, what is embedded, what stays."""

import os
from pathlib import Path

import pytest

from rag.chunk.windows import ChunkSettings
from rag.errors import CorpusError, IndexMismatchError
from rag.index.build import build_index
from rag.index.generations import CACHE_FILE
from rag.index.ready_made import index_articles
from rag.index.report import BuildReport
from rag.index.store import open_index
from rag.index.vector_cache import VectorCache
from rag.ingest.read import read_article
from tests.fakes import HashedEncoder

HEAT = "---\nid: heat\ntitle: Heat\n---\n\n## Packs\n\nHeat is warm. Packs are soft.\n"
COLD = "---\nid: cold\ntitle: Cold\n---\n\n## Ice\n\nIce is cold.\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with an article on heat and one on cold."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "heat.md").write_text(HEAT, encoding="utf-8")
    (folder / "cold.md").write_text(COLD, encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Where the index goes."""
    return tmp_path / "index"


def counts(report: BuildReport) -> tuple[int, int, int, int, int]:
    """Added, changed, unchanged, removed, refused."""
    parts = (report.added, report.changed, report.unchanged, report.removed, report.refused)
    added, changed, unchanged, removed, refused = (len(part) for part in parts)
    return added, changed, unchanged, removed, refused


def ids(index: Path) -> list[str]:
    return [str(article.article_id) for article in open_index(index).articles()]


def test_first_run_embeds_each_passage_with_its_headings_and_each_sentence(
    corpus: Path, index: Path, hashed_encoder: HashedEncoder
) -> None:
    report = build_index([corpus], index, encoder=hashed_encoder)

    assert counts(report) == (2, 0, 0, 0, 0)
    assert (report.chunks, report.embedded) == (2, 5)
    assert sorted(hashed_encoder.encoded) == [
        "Cold › Ice\nIce is cold.",
        "Heat is warm.",
        "Heat › Packs\nHeat is warm. Packs are soft.",
        "Ice is cold.",
        "Packs are soft.",
    ]


def test_second_run_over_the_same_files_embeds_and_writes_nothing(
    corpus: Path, index: Path, hashed_encoder: HashedEncoder
) -> None:
    first = build_index([corpus], index, encoder=hashed_encoder)
    current = (index / "CURRENT").read_text()
    hashed_encoder.encoded.clear()

    report = build_index([corpus], index, encoder=hashed_encoder)

    assert counts(report) == (0, 0, 2, 0, 0)
    assert (report.embedded, report.index_id) == (0, first.index_id)
    assert hashed_encoder.encoded == []
    assert (index / "CURRENT").read_text() == current


def test_only_the_changed_sentence_and_its_passage_are_embedded(
    corpus: Path, index: Path, hashed_encoder: HashedEncoder
) -> None:
    first = build_index([corpus], index, encoder=hashed_encoder)
    hashed_encoder.encoded.clear()
    (corpus / "heat.md").write_text(HEAT.replace("soft", "light"), encoding="utf-8")

    report = build_index([corpus], index, encoder=hashed_encoder)

    assert counts(report) == (0, 1, 1, 0, 0)
    assert report.index_id != first.index_id
    assert sorted(hashed_encoder.encoded) == ["Heat › Packs\nHeat is warm. Packs are light.", "Packs are light."]
    assert [hit[0] for hit in open_index(index).search_words("soft", k=5)] == []
    assert len(open_index(index).search_words("light", k=5)) == 1


def test_article_whose_file_is_gone_leaves_the_index(corpus: Path, index: Path, hashed_encoder: HashedEncoder) -> None:
    build_index([corpus], index, encoder=hashed_encoder)
    (corpus / "cold.md").unlink()

    report = build_index([corpus], index, encoder=hashed_encoder)

    assert counts(report) == (0, 0, 1, 1, 0)
    assert report.removed == ("cold",)
    reader = open_index(index)
    assert ids(index) == ["heat"]
    assert (len(reader.vectors), len(reader.sentences)) == (1, 2)
    assert reader.search_words("ice", k=5) == []


def test_named_file_that_is_gone_leaves_the_index(corpus: Path, index: Path, hashed_encoder: HashedEncoder) -> None:
    build_index([corpus], index, encoder=hashed_encoder)
    (corpus / "cold.md").unlink()

    assert build_index([corpus / "cold.md"], index, encoder=hashed_encoder).removed == ("cold",)
    assert ids(index) == ["heat"]


def test_broken_file_keeps_its_last_good_version(corpus: Path, index: Path, hashed_encoder: HashedEncoder) -> None:
    build_index([corpus], index, encoder=hashed_encoder)
    (corpus / "heat.md").write_bytes(b"")

    report = build_index([corpus], index, encoder=hashed_encoder)

    assert counts(report) == (0, 0, 1, 0, 1)
    assert (report.refused[0].path, report.refused[0].reason) == ("heat.md", "the file is empty; expected text")
    article = open_index(index).article("heat")
    assert article is not None
    assert "Heat is warm." in article.text


def test_article_whose_headings_fill_the_window_is_refused_and_its_last_version_stays(
    corpus: Path, index: Path, hashed_encoder: HashedEncoder
) -> None:
    build_index([corpus], index, encoder=hashed_encoder)
    (corpus / "heat.md").write_text(HEAT.replace("Packs", "- " * 140, 1), encoding="utf-8")
    (corpus / "new.md").write_text("## " + ". " * 300 + "\n\nWords.", encoding="utf-8")
    small = HashedEncoder(max_tokens=64)
    with pytest.raises(IndexMismatchError):
        build_index([corpus], index, encoder=small)

    report = build_index([corpus], index, encoder=small, rebuild=True)

    assert report.added == ("cold",)
    assert {refusal.path for refusal in report.refused} == {"heat.md", "new.md"}
    assert "shorten them" in report.refused[0].reason


def test_folders_indexed_one_after_the_other_both_stay(
    corpus: Path, index: Path, tmp_path: Path, hashed_encoder: HashedEncoder
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "rest.md").write_text("Rest is calm.", encoding="utf-8")
    build_index([corpus], index, encoder=hashed_encoder)

    report = build_index([other], index, encoder=hashed_encoder)

    assert counts(report) == (1, 0, 0, 0, 0)
    assert ids(index) == ["cold", "heat", "rest"]


def test_renamed_file_is_no_new_article(corpus: Path, index: Path, hashed_encoder: HashedEncoder) -> None:
    build_index([corpus], index, encoder=hashed_encoder)
    hashed_encoder.encoded.clear()
    (corpus / "heat.md").rename(corpus / "warmth.md")

    report = build_index([corpus], index, encoder=hashed_encoder)

    assert counts(report) == (0, 0, 2, 0, 0)
    assert hashed_encoder.encoded == []
    (article,) = [one for one in open_index(index).articles() if one.article_id == "heat"]
    assert article.path == "warmth.md"


def test_second_file_with_an_id_is_refused(corpus: Path, index: Path, hashed_encoder: HashedEncoder) -> None:
    (corpus / "z.md").write_text(HEAT.replace("soft", "hard"), encoding="utf-8")

    report = build_index([corpus], index, encoder=hashed_encoder)

    assert counts(report) == (2, 0, 0, 0, 1)
    assert "'heat' is taken" in report.refused[0].reason


def test_rebuild_takes_vectors_from_the_cache(corpus: Path, index: Path, hashed_encoder: HashedEncoder) -> None:
    first = build_index([corpus], index, encoder=hashed_encoder)
    hashed_encoder.encoded.clear()

    report = build_index([corpus], index, encoder=hashed_encoder, rebuild=True)

    assert counts(report) == (2, 0, 0, 0, 0)
    assert report.index_id == first.index_id
    assert (report.embedded, hashed_encoder.encoded) == (0, [])


def test_another_model_is_refused_until_the_index_is_rebuilt(
    corpus: Path, index: Path, hashed_encoder: HashedEncoder
) -> None:
    build_index([corpus], index, encoder=hashed_encoder)
    other = HashedEncoder(name="hashed@2", dimension=32)

    with pytest.raises(IndexMismatchError, match="run: citewell index --rebuild"):
        build_index([corpus], index, encoder=other)
    assert build_index([corpus], index, encoder=other, rebuild=True).embedded == 5
    assert open_index(index, model="hashed@2").vectors.dimension == 32


def test_other_chunk_settings_are_refused(corpus: Path, index: Path, hashed_encoder: HashedEncoder) -> None:
    build_index([corpus], index, encoder=hashed_encoder)

    with pytest.raises(IndexMismatchError, match="chunk setting"):
        build_index([corpus], index, encoder=hashed_encoder, chunking=ChunkSettings(target_tokens=99))


def test_nothing_to_index_is_an_error_and_leaves_no_index(
    tmp_path: Path, index: Path, hashed_encoder: HashedEncoder
) -> None:
    with pytest.raises(CorpusError, match=r"no such file or folder.*; name a folder with articles"):
        build_index([tmp_path / "none"], index, encoder=hashed_encoder)
    assert not (index / "CURRENT").exists()


@pytest.mark.parametrize("name", [b"caf\xe9.md", b"two\nlines.md", b"two  spaces.md"])
def test_file_with_an_odd_name_is_an_article_like_any_other(
    corpus: Path, index: Path, hashed_encoder: HashedEncoder, name: bytes
) -> None:
    path = corpus / os.fsdecode(name)
    path.write_text("Coffee is warm.", encoding="utf-8")
    assert counts(build_index([corpus], index, encoder=hashed_encoder)) == (3, 0, 0, 0, 0)
    assert counts(build_index([corpus], index, encoder=hashed_encoder)) == (0, 0, 3, 0, 0)

    path.write_bytes(b"")
    assert counts(build_index([corpus], index, encoder=hashed_encoder)) == (0, 0, 2, 0, 1)
    path.unlink()
    assert len(build_index([path], index, encoder=hashed_encoder).removed) == 1


def test_ready_made_articles_are_indexed_in_place_of_what_was_there(
    corpus: Path, index: Path, hashed_encoder: HashedEncoder
) -> None:
    build_index([corpus], index, encoder=hashed_encoder)
    manifest = index_articles([read_article(corpus / "heat.md")], index, encoder=hashed_encoder, sentences=False)

    assert (manifest.articles, manifest.chunks) == (1, 1)
    reader = open_index(index)
    assert ids(index) == ["heat"]
    assert len(reader.sentences) == 0


def cached_texts(index: Path, texts: list[str]) -> list[str]:
    """Those of the texts whose vectors are kept beside an index."""
    encoder = HashedEncoder()
    cache = VectorCache(index / CACHE_FILE)
    cache.encode(texts, encoder)
    cache.close()
    return [text for text in texts if text not in encoder.encoded]


def test_vectors_of_texts_that_left_the_index_are_forgotten(
    corpus: Path, index: Path, hashed_encoder: HashedEncoder
) -> None:
    build_index([corpus], index, encoder=hashed_encoder)
    (corpus / "heat.md").write_text(HEAT.replace("soft", "light"), encoding="utf-8")
    (corpus / "cold.md").unlink()

    build_index([corpus], index, encoder=hashed_encoder)

    texts = ["Heat is warm.", "Packs are light.", "Packs are soft.", "Ice is cold."]
    assert cached_texts(index, texts) == ["Heat is warm.", "Packs are light."]


def test_rebuilding_forgets_every_vector_that_is_no_longer_used(
    corpus: Path, index: Path, hashed_encoder: HashedEncoder
) -> None:
    build_index([corpus], index, encoder=hashed_encoder)
    (corpus / "cold.md").unlink()

    build_index([corpus], index, encoder=hashed_encoder, rebuild=True)

    assert cached_texts(index, ["Heat is warm.", "Ice is cold."]) == ["Heat is warm."]
