"""Vectors of the questions on other subjects, made once: every new index folder would else wait for them."""

import shutil
from pathlib import Path

import pytest

from rag.chain.other_subjects import OtherSubjects
from rag.index.generations import EXAMPLES_FILE, EXPORTS
from rag.index.remembering_encoder import RememberingEncoder
from rag.types import Encoder


@pytest.fixture(scope="session")
def examples_file(tiny_index: Path, encoder: Encoder) -> Path:
    """The file of vectors that the tiny index uses too."""
    OtherSubjects.embedded_by(RememberingEncoder(encoder, tiny_index / EXAMPLES_FILE))
    return tiny_index / EXAMPLES_FILE


@pytest.fixture
def made(tmp_path: Path, examples_file: Path, exports: Path) -> Path:
    """An index folder that knows the examples' vectors and the encoder's export and holds no index yet."""
    folder = tmp_path / "made"
    folder.mkdir()
    shutil.copy(examples_file, folder)
    (folder / EXPORTS).symlink_to(exports)
    return folder
