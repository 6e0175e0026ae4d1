"""Generations are swapped in whole, and what is missing, damaged or locked is said with its cure."""

import shutil
from pathlib import Path

import pytest
import regex

from rag.errors import IndexDamagedError, IndexLockedError, IndexMismatchError, IndexMissingError
from rag.index.build import build_index
from rag.index.generations import new_generation
from rag.index.lock import building_lock
from rag.index.mending import GENERATIONS
from rag.index.pointer import current_generation
from rag.index.store import open_index
from tests.conftest import PROJECT
from tests.fakes import HashedEncoder

FILES = ["manifest.json", "passages.sqlite3", "sentences.faiss", "vectors.faiss"]


def write(folder: Path, words: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "heat.md").write_text(f"## Packs\n\n{words}", encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path, hashed_encoder: HashedEncoder) -> Path:
    """An index of one article."""
    build_index([write(tmp_path / "corpus", "Heat is warm.")], tmp_path / "index", encoder=hashed_encoder)
    return tmp_path / "index"


def test_open_reader_goes_on_answering_from_its_generation(
    index: Path, tmp_path: Path, hashed_encoder: HashedEncoder
) -> None:
    before = open_index(index)
    build_index([write(tmp_path / "corpus", "Heat is gentle.")], index, encoder=hashed_encoder)
    after = open_index(index)

    query = hashed_encoder.encode(["heat"])
    for reader, words in ((before, "Heat is warm."), (after, "Heat is gentle.")):
        rows = [row for row, _ in reader.search_vectors(query, k=5)]
        assert [chunk.text for chunk in reader.chunks(rows).values()] == [words]
        assert [row for row, _ in reader.search_words("heat", k=5)] == rows
    assert before.index_id != after.index_id


def test_reader_answers_even_after_two_further_generations(
    index: Path, tmp_path: Path, hashed_encoder: HashedEncoder
) -> None:
    before = open_index(index)
    for words in ("Heat is gentle.", "Heat is slow."):
        build_index([write(tmp_path / "corpus", words)], index, encoder=hashed_encoder)

    (article,) = before.articles()
    assert article.text.endswith("Heat is warm.")


def test_current_and_previous_generations_stay_and_older_ones_go(
    index: Path, tmp_path: Path, hashed_encoder: HashedEncoder
) -> None:
    for words in ("Heat is gentle.", "Heat is slow.", "Heat is calm."):
        before = current_generation(index).name
        build_index([write(tmp_path / "corpus", words)], index, encoder=hashed_encoder)

    kept = {folder.name for folder in (index / GENERATIONS).iterdir()}
    assert kept == {before, current_generation(index).name}


def test_build_that_fails_leaves_the_old_generation_and_no_scraps(index: Path) -> None:
    before = sorted(path.name for path in (index / GENERATIONS).iterdir())

    with pytest.raises(RuntimeError), new_generation(index) as folder:  # noqa: PT012 - the body is what fails
        (folder / "half").write_text("half")
        raise RuntimeError("stopped")

    assert sorted(path.name for path in (index / GENERATIONS).iterdir()) == before
    assert open_index(index).articles()


def test_scraps_of_every_kind_are_cleared_away_by_the_next_run(
    index: Path, tmp_path: Path, hashed_encoder: HashedEncoder
) -> None:
    before = sorted(str(path.relative_to(index)) for path in index.rglob("*"))
    for name in ("CURRENT.0a", "last_build.json.7", "english.txt.0a", "vectors.sqlite3.seal.0a", "HOLDER"):
        (index / name).write_text("half")
    for name in ("generations/new-0a", "generations/0123456789abcdef-01234567", "encoder/new-0a"):
        (index / name).mkdir(parents=True)
        (index / name / "file").write_text("half")

    build_index([tmp_path / "corpus"], index, encoder=hashed_encoder)

    assert sorted(str(path.relative_to(index)) for path in index.rglob("*") if path.name != "encoder") == before


def test_missing_index_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match=regex.escape(f"run: citewell index --index {tmp_path / 'none'}")):
        open_index(tmp_path / "none")


@pytest.mark.parametrize("content", [b"", b"gone\n", b"../../etc\n", b"..\n", b"\xff\xfe", b"a/b"])
def test_current_file_that_names_no_generation_is_damage(index: Path, content: bytes) -> None:
    (index / "CURRENT").write_bytes(content)

    with pytest.raises(IndexDamagedError, match="run: citewell index --rebuild"):
        open_index(index)


@pytest.mark.parametrize("name", FILES)
def test_altered_byte_in_any_file_is_damage(index: Path, name: str) -> None:
    path = current_generation(index) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    with pytest.raises(IndexDamagedError, match="run: citewell index --rebuild"):
        open_index(index)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", ["gone", "empty", "cut"])
def test_missing_or_cut_file_is_damage(index: Path, name: str, how: str) -> None:
    path = current_generation(index) / name
    content = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(b"" if how == "empty" else content[:-10])

    with pytest.raises(IndexDamagedError, match="run: citewell index --rebuild"):
        open_index(index)


def test_manifest_altered_by_hand_is_damage(index: Path) -> None:
    path = current_generation(index) / "manifest.json"
    path.write_text(path.read_text().replace('"articles": 1', '"articles": 2'))

    with pytest.raises(IndexDamagedError, match=r"manifest\.json is missing or damaged"):
        open_index(index)


def test_manifest_of_another_format_is_a_mismatch(index: Path) -> None:
    path = current_generation(index) / "manifest.json"
    path.write_text(path.read_text().replace('"format": 2', '"format": 99'))

    with pytest.raises(
        IndexMismatchError,
        match="format 99, expected 2: another version of Citewell wrote it; run: citewell index --rebuild",
    ):
        open_index(index)


def test_index_of_another_model_is_a_mismatch(index: Path) -> None:
    with pytest.raises(
        IndexMismatchError, match="built with hashed@1, not with other@1; run: citewell index --rebuild"
    ):
        open_index(index, model="other@1")


def test_damaged_index_is_mended_by_a_rebuild(index: Path, tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    (current_generation(index) / "vectors.faiss").write_bytes(b"")
    with pytest.raises(IndexDamagedError):
        build_index([tmp_path / "corpus"], index, encoder=hashed_encoder)

    build_index([tmp_path / "corpus"], index, encoder=hashed_encoder, rebuild=True)

    assert len(open_index(index).articles()) == 1


def test_only_one_builds_at_a_time(index: Path, tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    with (
        building_lock(index),
        pytest.raises(IndexLockedError, match=r"is being built by another process \(process \d+ on .* since 20"),
    ):
        build_index([tmp_path / "corpus"], index, encoder=hashed_encoder)

    assert open_index(index).articles()


def test_index_may_be_copied_to_another_place(index: Path, tmp_path: Path) -> None:
    shutil.copytree(index, tmp_path / "copy")

    assert open_index(tmp_path / "copy").index_id == open_index(index).index_id


def test_no_file_of_an_index_is_a_pickle(index: Path) -> None:
    files = [path for path in index.rglob("*") if path.is_file()]

    assert len(files) >= 6
    assert not [path for path in files if regex.match(rb"\x80[\x02-\x05]", path.read_bytes())]


def test_index_package_imports_no_pickle() -> None:
    sources = list((PROJECT / "rag" / "index").glob("*.py"))

    assert sources
    assert not [path.name for path in sources if regex.search(r"import.*pickle", path.read_text(encoding="utf-8"))]
