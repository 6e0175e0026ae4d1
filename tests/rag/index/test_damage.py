"""Any altered byte and any cut in the index folder is noticed, named, and mended by a rebuild."""

import random
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from rag.embed.exported import Description, file_sha256
from rag.errors import IndexDamagedError, IndexMissingError, IndexStoreError
from rag.index.build import build_index
from rag.index.generations import ENGLISH_FILE, EXAMPLES_FILE, EXPORTS, SENTENCES_FILE, VECTORS_FILE
from rag.index.last_build import save_last_build
from rag.index.mending import GENERATIONS
from rag.index.pointer import current_generation, read_pointer
from rag.index.remembering_encoder import RememberingEncoder
from rag.index.sources import known_sources
from rag.index.store import open_index
from rag.index.verify import require_sound, verify_index, with_rows_that_fit
from rag.index.word_list import listing
from rag.retrieve.english import keep_english
from tests.fakes import HashedEncoder
from tests.rag.index.states import AFTER, BEFORE, answers, write_collection

TIMES = 12
"""Random positions tried in each file, beside its first and last byte."""


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index with two generations and both files of stored vectors."""
    folder = tmp_path / "index"
    for articles in (BEFORE, AFTER):
        report = build_index([write_collection(tmp_path / "corpus", articles)], folder, encoder=HashedEncoder())
        save_last_build(folder, report)
    RememberingEncoder(HashedEncoder(), folder / EXAMPLES_FILE).encode(["one example", "another one"])
    (folder / ENGLISH_FILE).write_bytes(listing("of words", ["heat", "ice"]))
    export = folder / EXPORTS / "key"
    export.mkdir(parents=True)
    (export / "weights.bin").write_bytes(bytes(range(256)))
    Description("a model", 64, 256, {"weights.bin": file_sha256(export / "weights.bin")}, {}, {}).save(export)
    return folder


def files_of(index: Path) -> list[Path]:
    """Every file with content: those of both generations, CURRENT, the stored vectors and their seals."""
    found = [path for path in sorted(index.rglob("*")) if path.is_file() and path.stat().st_size]
    assert len(found) == 2 * 4 + 1 + 2 * 2 + 2 + 2
    return found


def damages(content: bytes, choice: random.Random) -> list[bytes]:
    """The content with one byte altered or its end cut off, in many places."""
    last = len(content) - 1
    places = [0, last, *(choice.randint(0, last) for _ in range(TIMES))]
    altered = [content[:at] + bytes([content[at] ^ choice.randint(1, 255)]) + content[at + 1 :] for at in places]
    return [*altered, *(content[:at] for at in places)]


def problem_of(index: Path) -> str:
    """What `--verify` says, empty when all is well."""
    try:
        require_sound(index, verify_index(index))
    except IndexStoreError as error:
        return str(error)
    return ""


def test_every_damage_is_named_by_verify_and_gives_no_other_answer(index: Path) -> None:
    right = answers(index)
    choice = random.Random(8)  # noqa: S311 - which bytes is of no consequence
    for path in files_of(index):
        content = path.read_bytes()
        for damaged in damages(content, choice):
            path.write_bytes(damaged)
            problem = problem_of(index)
            assert path.name.removesuffix(".seal") in problem, path
            assert f"run: citewell index --rebuild --index {index}" in problem
            with suppress(IndexStoreError):
                assert answers(index) == right, path
        path.write_bytes(content)
    assert problem_of(index) == ""


@pytest.mark.parametrize("how", ["altered", "cut", "gone"])
def test_a_rebuild_mends_every_file(index: Path, tmp_path: Path, how: str) -> None:
    right = answers(index)
    for path in files_of(index):
        place = tmp_path / "tried"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(index, place)
        file = place / path.relative_to(index)
        content = file.read_bytes()
        middle = len(content) // 2
        if how == "gone":
            file.unlink()
        else:
            file.write_bytes(content[:middle] + (bytes([content[middle] ^ 1]) + content[middle + 1 :]) * (how != "cut"))

        # without being told where the articles are: that is remembered, whatever was damaged
        assert known_sources(place) == [tmp_path / "corpus"]
        save_last_build(place, build_index(known_sources(place), place, encoder=HashedEncoder(), rebuild=True))
        keep_english(place)

        assert problem_of(place) == ""
        assert answers(place) == right


def test_altered_vector_in_the_cache_is_embedded_again(index: Path, tmp_path: Path) -> None:
    right = answers(index)
    path = index / "vectors.sqlite3"
    vector = HashedEncoder().encode(["Packs are soft and cheap."]).astype("<f4").tobytes()
    content = path.read_bytes()
    at = content.index(vector)
    for sealed in (True, False):
        path.write_bytes(content[:at] + b"\x00\x00\x80\x3f" + content[at + 4 :])
        if not sealed:  # as a stopped run leaves it: then only the checksum of the row tells
            path.with_name("vectors.sqlite3.seal").unlink()
            assert "does not match its checksum" in problem_of(index)
        build_index([tmp_path / "corpus"], index, encoder=HashedEncoder(), rebuild=True)
        assert answers(index) == right
        assert problem_of(index) == ""


def test_large_files_are_held_against_their_size_when_opened_and_whole_by_verify(index: Path) -> None:
    path = current_generation(index) / VECTORS_FILE
    content = path.read_bytes()
    path.write_bytes(content[:-40] + bytes([content[-40] ^ 1]) + content[-39:])

    assert open_index(index, checked_bytes=0).articles()
    with pytest.raises(IndexDamagedError, match=r"vectors\.faiss was altered or cut short"):
        open_index(index)
    assert "vectors.faiss" in problem_of(index)
    path.write_bytes(content[:-1])
    with pytest.raises(IndexDamagedError, match=r"vectors\.faiss was altered or cut short"):
        open_index(index, checked_bytes=0)


def test_unchecked_large_files_never_fail_deeper_than_the_error_tree(index: Path) -> None:
    choice = random.Random(9)  # noqa: S311 - which bytes is of no consequence
    folder = current_generation(index)
    failed = 0
    for name in ("passages.sqlite3", SENTENCES_FILE):
        path = folder / name
        content = path.read_bytes()
        for _ in range(60):
            damaged = bytearray(content)
            at = choice.randint(0, min(len(content), 40_000) - 65)
            damaged[at : at + 64] = choice.randbytes(64)
            path.write_bytes(damaged)
            try:
                reader = open_index(index, checked_bytes=0)
                reader.search_words("heat ice walk", k=9)
                reader.passages.passages_with("heat")
                reader.chunks(reader.passages.all_rows())
                reader.articles()
            except IndexStoreError:
                failed += 1
        path.write_bytes(content)
    assert failed > 10


def test_damage_after_the_index_was_opened_reaches_no_answer(index: Path) -> None:
    reader = open_index(index)
    before = reader.articles()
    for path in current_generation(index).iterdir():
        path.write_bytes(bytes(len(path.read_bytes())))

    assert reader.articles() == before
    assert reader.passages.passages_with("gentl") == 1


def test_vectors_of_another_index_are_noticed(index: Path, tmp_path: Path) -> None:
    reader = open_index(index)
    reader.sentences.remove(reader.sentences.rows()[:1])
    with pytest.raises(IndexDamagedError, match="other vectors of sentences"):
        with_rows_that_fit(reader)
    reader.vectors.remove(reader.vectors.rows()[:1])
    with pytest.raises(IndexDamagedError, match="other vectors than passages"):
        with_rows_that_fit(reader)


def test_several_damaged_files_are_named_in_one_line(index: Path) -> None:
    before = index / GENERATIONS / str(read_pointer(index).before)
    for path in (before / VECTORS_FILE, index / EXAMPLES_FILE):
        path.write_bytes(b"")

    problem = problem_of(index)
    assert problem.startswith("2 of 15 files are damaged: ")
    assert str(before / VECTORS_FILE) in problem
    assert str(index / EXAMPLES_FILE) in problem
    assert "\n" not in problem


def test_there_is_nothing_to_verify_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        verify_index(tmp_path / "none")
