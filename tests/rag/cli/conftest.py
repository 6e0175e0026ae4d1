"""Vectors of the safety layer's examples, made once: every new index folder would else wait for them."""

import shutil
from pathlib import Path

import pytest

from rag.assemble import make_safety
from rag.index.generations import EXAMPLES_FILE
from rag.settings import Settings
from rag.types import Encoder


@pytest.fixture(scope="session")
def examples_file(tiny_index: Path, encoder: Encoder) -> Path:
    """The file of vectors that the tiny index uses too."""
    make_safety(Settings(), encoder, tiny_index).prepare()
    return tiny_index / EXAMPLES_FILE


@pytest.fixture
def made(tmp_path: Path, examples_file: Path) -> Path:
    """An index folder that knows the examples' vectors and holds no index yet."""
    folder = tmp_path / "made"
    folder.mkdir()
    shutil.copy(examples_file, folder)
    return folder
