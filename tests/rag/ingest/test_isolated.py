"""The reading process: limited, replaced when it ends, without network, writing, other programs and secrets."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rag.errors import UnreadableFileError
from rag.ingest.isolated import ReadingProcess
from rag.ingest.limits import ReadingLimits
from rag.ingest.read import FileReader, is_tame
from tests.conftest import PROJECT
from tests.rag.ingest.pages import ARTICLE

PAGE = f"<html><body><article>{ARTICLE}</article></body></html>"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def in_worker(code: str) -> str:
    """What a piece of code ends with after the reading process has given up what it may not do."""
    script = f"import sys\nfrom rag.ingest.worker import _forbid\nsys.addaudithook(_forbid)\n{code}"
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", script], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(PROJECT)}
    )
    return done.stderr.strip().rsplit("\n", 1)[-1]


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
        "import os; os.system('true')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.fork()",
        "open('harmed', 'w')",
        "import os; os.open('harmed', os.O_CREAT | os.O_WRONLY)",
        "import os; os.remove('/tmp/harmed')",
        "import os; os.rename('/tmp/harmed', '/tmp/harmed2')",
    ],
)
def test_network_programs_and_writing_are_refused(code: str) -> None:
    assert in_worker(code).startswith("PermissionError"), in_worker(code)


def test_one_process_reads_many_files_and_is_ended_with_the_reader(page: Path) -> None:
    with ReadingProcess(ReadingLimits()) as process:
        process.read(page, page.parent)
        first = process._process
        process.read(page, page.parent)
        assert process._process is first
    assert first is not None
    assert first.poll() is not None


def test_killed_process_is_replaced_for_the_next_file(page: Path) -> None:
    with ReadingProcess(ReadingLimits()) as process:
        process.read(page, page.parent)
        assert process._process is not None
        os.kill(process._process.pid, signal.SIGKILL)
        process._process.wait()
        assert process.read(page, page.parent).articles


def test_file_that_needs_more_memory_than_allowed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    path.write_text("<p>" + "<b>w</b> " * 40_000 + "</p>", encoding="utf-8")

    with ReadingProcess(ReadingLimits(memory_mb=120)) as process, pytest.raises(UnreadableFileError, match="memory"):
        process.read(path, None)


def test_secrets_of_the_environment_stay_outside(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_CHAT__API_KEY", "s3cret")
    monkeypatch.setenv("SOME_TOKEN", "s3cret")
    with ReadingProcess(ReadingLimits()) as process:
        process.read(page, None)
        assert process._process is not None
        environment = Path(f"/proc/{process._process.pid}/environ")
        if environment.exists():
            assert b"s3cret" not in environment.read_bytes()


def test_module_beside_the_articles_is_not_imported(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (page.parent / "lxml.py").write_text("open('harmed', 'w')", encoding="utf-8")
    (page.parent / "json.py").write_text("open('harmed', 'w')", encoding="utf-8")
    monkeypatch.chdir(page.parent)

    with FileReader() as reader:
        assert reader.read(page).articles
    assert not (page.parent / "harmed").exists()


@pytest.mark.parametrize(
    ("content", "tame"),
    [(b"# Heat\n\nWords.\n" * 100, True), (b"[" * 3000, False), (b"words " * 20_000, False), (b"`" * 2500, False)],
)
def test_small_and_plain_text_is_read_without_a_process(content: bytes, tame: bool) -> None:
    assert is_tame(content) is tame


def test_ordinary_markdown_starts_no_process(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Heat\n\nWords.", encoding="utf-8")
    with FileReader() as reader:
        reader.read(tmp_path / "a.md")
        assert reader._process._process is None
