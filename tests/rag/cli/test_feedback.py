"""`citewell feedback` and `citewell password`."""

import io
import json
from pathlib import Path

import pytest

from rag.cli import main
from rag.feedback.store import FeedbackStore
from rag.passwords import matches
from rag.settings import get_settings
from tests.rag.feedback.test_store import DOWN, UP

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FeedbackStore:
    url = f"sqlite:///{tmp_path}/feedback.sqlite3"
    monkeypatch.setenv("CITEWELL_FEEDBACK__URL", url)
    get_settings.cache_clear()
    return FeedbackStore(url)


def test_list_shows_the_chosen_feedback(store: FeedbackStore, capsys: Capture) -> None:
    store.add(UP)
    store.add(DOWN)

    assert main(["feedback", "list", "--verdict", "down"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert "missing" in lines[0]
    assert "How long do they stay warm?" in lines[0]
    assert lines[1:] == ["1 of 1"]


def test_list_gives_programs_everything(store: FeedbackStore, capsys: Capture) -> None:
    number = store.add(DOWN)

    assert main(["feedback", "list", "--json"]) == 0

    (row,) = json.loads(capsys.readouterr().out)
    assert row["number"] == number
    assert row["note"] == DOWN.note
    assert row["passages"] == [{"source": "warm-packs", "start": 100, "end": 168}]


def test_export_fills_the_file_that_the_evaluation_reads(store: FeedbackStore, tmp_path: Path, capsys: Capture) -> None:
    number = store.add(DOWN)

    assert main(["feedback", "export"]) == 0
    assert main(["feedback", "export"]) == 0
    assert main(["eval", "candidates"]) == 0

    said = capsys.readouterr().out
    assert said.startswith("1 new candidates in .citewell/candidates.jsonl; next run: citewell eval candidates\n0 new")
    assert f"f-{number}" in said


def test_delete_needs_to_know_what(store: FeedbackStore, capsys: Capture) -> None:
    number = store.add(DOWN)

    assert main(["feedback", "delete"]) == 1
    assert main(["feedback", "delete", str(number)]) == 0

    assert capsys.readouterr().out == "1 deleted\n"
    assert store.count() == 0


def test_settings_show_no_secret(store: FeedbackStore, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("CITEWELL_FEEDBACK__URL", "postgresql+psycopg://name:harbour@h/d")
    monkeypatch.setenv("CITEWELL_PAGE__PASSWORD", "harbour-and-sea")
    get_settings.cache_clear()

    assert main(["settings"]) == 0

    said = capsys.readouterr().out
    assert "harbour" not in said
    assert said.count("(set)") == 2


def test_password_prints_the_setting_and_not_the_password(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("harbour and sea\n"))

    assert main(["password"]) == 0

    line = capsys.readouterr().out.strip()
    assert "harbour" not in line
    name, _, kept = line.partition("=")
    assert name == "CITEWELL_PAGE__PASSWORD"
    assert matches("harbour and sea", kept)


def test_a_short_password_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))

    assert main(["password"]) == 1

    assert "has 5 characters; expected 10" in capsys.readouterr().err
