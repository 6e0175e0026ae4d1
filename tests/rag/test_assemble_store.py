"""Where the index comes from, as the settings say it."""

from pathlib import Path

import pytest

from rag.assemble_index import make_target
from rag.assemble_store import make_source
from rag.errors import SettingsError
from rag.index.source import FolderSource
from rag.index.target import FolderTarget
from rag.settings import IndexSettings, Settings, get_settings

SERVER = Settings(index=IndexSettings(uri="http://127.0.0.1:9", path=Path("here")))


def test_without_an_address_the_index_is_the_folder() -> None:
    assert make_source(Settings()) == FolderSource(Path(".citewell/index"), Settings().index.checked_bytes)
    assert isinstance(make_target(Settings()), FolderTarget)


def test_folder_that_is_named_stands_before_the_address() -> None:
    assert make_source(SERVER, index=Path("mine")).folder == Path("mine")
    assert isinstance(make_target(SERVER, index=Path("mine")), FolderTarget)


def test_address_names_the_server() -> None:
    pytest.importorskip("pymilvus")
    pytest.importorskip("langchain_milvus")

    assert make_source(SERVER).place == "http://127.0.0.1:9 (citewell)"
    assert make_target(SERVER).place == "http://127.0.0.1:9 (citewell)"
    assert make_source(SERVER) is make_source(SERVER)


@pytest.mark.parametrize(
    "address", ["milvus.example:19530", "ftp://milvus.example", "./index.db", "http://", "http://a/b"]
)
def test_what_is_no_address_of_a_server_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("CITEWELL_INDEX__URI", address)

    with pytest.raises(SettingsError, match=r"CITEWELL_INDEX__URI: .*such as http://HOST:19530"):
        get_settings()


def test_password_in_an_address_is_refused_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_INDEX__URI", "http://ann:secret@milvus.example:19530")

    with pytest.raises(SettingsError, match="CITEWELL_INDEX__TOKEN") as raised:
        get_settings()

    assert "secret" not in str(raised.value)


def test_token_is_not_shown() -> None:
    settings = IndexSettings(uri="http://127.0.0.1:9", token="secret")  # noqa: S106

    assert "secret" not in repr(settings)
    assert settings.server["token"] == "secret"  # noqa: S105
