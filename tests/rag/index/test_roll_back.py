"""Going back to the generation before."""

from pathlib import Path
from typing import Any

import pytest

from rag.errors import IndexDamagedError, IndexMismatchError, IndexMissingError
from rag.index.build import build_index
from rag.index.mending import GENERATIONS
from rag.index.pointer import current_generation, read_pointer
from rag.index.roll_back import roll_back
from rag.index.verify import require_sound, verify_index
from tests.fakes import HashedEncoder
from tests.rag.index.states import AFTER, BEFORE, answers, write_collection

MODEL = HashedEncoder().name


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_collection(tmp_path / "corpus", BEFORE)


@pytest.fixture
def states(corpus: Path, tmp_path: Path) -> list[Any]:
    """What the index answers before a change and after it; it is left after it."""
    found = []
    for articles in (BEFORE, AFTER):
        build_index([write_collection(corpus, articles)], tmp_path / "index", encoder=HashedEncoder())
        found.append(answers(tmp_path / "index"))
    return found


def test_index_before_answers_again_and_twice_undoes_it(states: list[Any], tmp_path: Path) -> None:
    index = tmp_path / "index"
    left = current_generation(index).name

    done = roll_back(index, model=MODEL)
    assert answers(index) == states[0]
    assert (done.left, done.manifest.articles) == (left, 3)
    roll_back(index, model=MODEL)
    assert answers(index) == states[1]
    require_sound(index, verify_index(index))


def test_next_run_after_a_roll_back_brings_the_index_up_to_date(
    states: list[Any], corpus: Path, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    roll_back(index, model=MODEL)

    build_index([corpus], index, encoder=HashedEncoder())
    assert answers(index) == states[1]
    roll_back(index, model=MODEL)
    assert answers(index) == states[0]


def test_damaged_index_can_be_rolled_back(states: list[Any], tmp_path: Path) -> None:
    index = tmp_path / "index"
    (current_generation(index) / "vectors.faiss").write_bytes(b"")

    roll_back(index, model=MODEL)

    assert answers(index) == states[0]


def test_damaged_earlier_generation_is_not_gone_back_to(states: list[Any], tmp_path: Path) -> None:
    index = tmp_path / "index"
    before = index / GENERATIONS / str(read_pointer(index).before)
    content = (before / "sentences.faiss").read_bytes()
    (before / "sentences.faiss").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    with pytest.raises(IndexDamagedError, match=r"sentences\.faiss was altered"):
        roll_back(index, model=MODEL)
    assert answers(index) == states[1]


def test_index_with_one_generation_has_nothing_to_go_back_to(corpus: Path, tmp_path: Path) -> None:
    build_index([corpus], tmp_path / "index", encoder=HashedEncoder())

    with pytest.raises(IndexMissingError, match="no earlier generation"):
        roll_back(tmp_path / "index", model=MODEL)
    with pytest.raises(IndexMissingError, match="no index at"):
        roll_back(tmp_path / "none", model=MODEL)
    assert not (tmp_path / "none").exists()


def test_generation_of_another_model_is_not_gone_back_to(states: list[Any], corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    other = HashedEncoder(name="other@1", dimension=32)
    build_index([corpus], index, encoder=other, rebuild=True)

    with pytest.raises(IndexMismatchError, match=r"built with hashed@1, not with other@1; set CITEWELL_ENCODER__MODEL"):
        roll_back(index, model=other.name)
    roll_back(index, model=MODEL)
    assert answers(index) == states[1]


def test_rebuild_of_a_damaged_index_keeps_the_sound_generation_before_it(states: list[Any], tmp_path: Path) -> None:
    index = tmp_path / "index"
    before = read_pointer(index).before
    (current_generation(index) / "vectors.faiss").write_bytes(b"")

    build_index([tmp_path / "corpus"], index, encoder=HashedEncoder(), rebuild=True)

    assert read_pointer(index).before == before
    require_sound(index, verify_index(index))
