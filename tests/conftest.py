"""What every test starts from: quiet threads, a clean environment, the real encoder once."""

import os
from pathlib import Path

from rag.threads import calm_threads

calm_threads()

import pytest  # noqa: E402 - threads are set before anything may import torch

from rag.embed.encoder import SentenceEncoder, load_encoder  # noqa: E402
from rag.index.build import build_index  # noqa: E402
from rag.index.encoder_export import keep_export  # noqa: E402
from rag.index.store import FolderReader, open_index  # noqa: E402
from rag.settings import get_settings  # noqa: E402
from rag.types import Encoder  # noqa: E402
from tests.fakes import HashedEncoder  # noqa: E402

PROJECT = Path(__file__).parent.parent
TINY_CORPUS = Path(__file__).parent / "corpus"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine reaches a test, and no test writes into the project."""
    for name in list(os.environ):
        if name.startswith("CITEWELL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The real model."""
    found = load_encoder()
    assert isinstance(found, SentenceEncoder)
    return found


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory, encoder: SentenceEncoder, tiny_reader: FolderReader) -> Path:
    """A folder with the real model's export."""
    folder = tmp_path_factory.mktemp("exports")
    assert keep_export(encoder, folder, tiny_reader)
    return folder


@pytest.fixture
def hashed_encoder() -> HashedEncoder:
    """A deterministic encoder of word counts, for tests of plumbing."""
    return HashedEncoder()


@pytest.fixture(scope="session")
def tiny_index(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """An index of the four tiny articles, built with the real model."""
    folder = tmp_path_factory.mktemp("tiny") / "index"
    build_index([TINY_CORPUS], folder, encoder=encoder)
    return folder


@pytest.fixture(scope="session")
def tiny_reader(tiny_index: Path) -> FolderReader:
    """A reader of that index."""
    return open_index(tiny_index)
