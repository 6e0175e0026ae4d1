"""What is kept of a file and what is taken out, on the command line; near duplicates there too."""

import json
import shutil
from pathlib import Path

import pytest

from rag.assemble_index import make_limits
from rag.cli import main
from rag.ingest.limits import ReadingLimits
from rag.settings import get_settings
from tests.conftest import TINY_CORPUS
from tests.rag.ingest.pages import TEXT, WORDPRESS


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "warm-feet.html"
    path.write_text(WORDPRESS, encoding="utf-8")
    return path


def test_report_shows_what_is_kept_and_what_is_taken_out_by_reason(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["articles", "show", str(page), "--cleaned"]) == 0

    output = capsys.readouterr().out
    assert "=== warm-feet.html" in output
    assert "author:    Jane Roe" in output
    assert TEXT in output
    assert "share buttons:\n  Share this: Twitter\n" in output


def test_json_report_holds_blocks_and_removed_pieces(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["articles", "show", str(page), "--cleaned", "--json"]) == 0

    (report,) = json.loads(capsys.readouterr().out)
    assert (report["id"], report["author"], report["published"]) == ("warm-feet", "Jane Roe", "2024-05-06")
    assert report["kept"][0]["kind"] == "paragraph"
    assert {"text": "Share this: Twitter", "reason": "share buttons"} in report["removed"]


def test_folder_is_reported_file_by_file_and_refusals_give_status_three(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (page.parent / "empty.md").write_bytes(b"")

    assert main(["articles", "show", str(page.parent), "--cleaned"]) == 3

    output = capsys.readouterr()
    assert "=== warm-feet.html" in output.out
    assert output.err == "refused empty.md: the file is empty; expected text\n"


def test_missing_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["articles", "show", str(tmp_path / "none.md"), "--cleaned"]) == 1

    assert capsys.readouterr().err.endswith("no such file or folder; expected a file to read\n")


def test_near_duplicates_are_told_at_indexing_and_listed_afterwards(
    tmp_path: Path, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "articles"
    corpus.mkdir()
    words = (TINY_CORPUS / "walking.txt").read_text(encoding="utf-8")
    shutil.copy(TINY_CORPUS / "walking.txt", corpus)
    (corpus / "again.txt").write_text(words + "\nPosted again with a line more.\n", encoding="utf-8")

    assert main(["index", str(corpus), "--index", str(made)]) == 0
    assert "nearly the same text: again and walking" in capsys.readouterr().err

    assert main(["articles", "duplicates", "--index", str(made), "--json"]) == 0
    (pair,) = json.loads(capsys.readouterr().out)
    assert (pair["first"], pair["second"], pair["paths"]) == ("again", "walking", ["again.txt", "walking.txt"])


def test_limits_of_the_settings_are_those_of_the_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    assert make_limits(get_settings()) == ReadingLimits()

    monkeypatch.setenv("CITEWELL_CORPUS__MAX_FILE_MB", "1")
    get_settings.cache_clear()
    assert make_limits(get_settings()).max_file_bytes == 1024 * 1024
