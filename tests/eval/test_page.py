"""The measure of the page: its report, the servers that it starts and ends, and one real run."""

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from eval import page_browser
from eval.__main__ import main
from eval.page_server import HELLO, OPTIONS, PageServer, citewell_page, free_port, hello_page, memory_mb, running
from eval.page_speed import NO_MEMORY, page_report, page_tables
from eval.report import page
from rag.errors import CitewellError
from tests.conftest import PROJECT
from ui.__main__ import QUIET

MACHINE = {"cores": 2, "cpu": "a processor", "load": 0.5, "system": "Linux", "python": "3.11", "packages": {}}
PLAIN_SERVER = """import http.server, subprocess, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *given):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
HOLDER = "import sys; held = bytearray(60_000_000); print('ready', flush=True); sys.stdin.read()"


def plain_server(script: str = PLAIN_SERVER) -> PageServer:
    return PageServer("plain", "a plain server", lambda port: [sys.executable, "-c", script, str(port)])


def two_pages(folder: Path) -> list[PageServer]:
    return [citewell_page(), hello_page(folder)]


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_ratio_is_what_the_bare_page_takes_of_ours_repeat_by_repeat(tmp_path: Path) -> None:
    values = {"start_paint": {"citewell": [4.0, 2.0, 2.0], "hello": [1.0, 2.0, 1.0]}, "memory": {"citewell": [250.0]}}

    report = page_report(values, two_pages(tmp_path), conditions={"repeats": 3}, machine=MACHINE)

    assert report["measures"]["start_paint"]["systems"]["citewell"]["value"] == 2.0
    assert report["measures"]["start_paint"]["systems"]["hello"]["ratio"] == {"value": 0.5, "low": 0.25, "high": 1.0}
    assert report["notes"] == []
    assert json.loads(json.dumps(report)) == report


def test_table_has_medians_spread_and_a_dash_where_the_bare_page_does_nothing(tmp_path: Path) -> None:
    values = {"health": {"citewell": [1.5, 1.0], "hello": [0.5, 0.5]}, "answer": {"citewell": [0.4, 0.4]}}

    shown = page_tables(page_report(values, two_pages(tmp_path), conditions={"repeats": 2}, machine=MACHINE))

    lines = {line.split("  ")[0]: line.split() for line in shown.splitlines()}
    assert lines["process start to health answer, s"][-6:] == [
        *("1.25", "[1.00-1.50]", "0.500", "[0.500-0.500]", "0.417", "[0.333-0.500]")
    ]
    assert lines["question typed to the first whole answer, s"][-3:] == ["[0.400-0.400]", "-", "-"]
    assert "the bare page does not answer" in shown
    assert NO_MEMORY in shown


def test_report_page_has_the_table_and_a_plot(tmp_path: Path) -> None:
    values = {"health": {"citewell": [1.0], "hello": [0.5]}}
    report = page_report(values, two_pages(tmp_path), conditions={"repeats": 1}, machine=MACHINE)

    shown = page([report])

    assert "process start to health answer, s" in shown
    assert "<svg" in shown


def test_bare_page_has_the_options_of_ours(tmp_path: Path) -> None:
    server = hello_page(tmp_path)

    assert OPTIONS == QUIET
    assert (tmp_path / "hello.py").read_text(encoding="utf-8") == HELLO
    assert {"--server.headless=true", "--server.maxUploadSize=1", "--server.port=8600"} <= set(server.command(8600))


def test_server_ends_with_the_measure_even_when_that_fails(tmp_path: Path) -> None:
    seen: list[int] = []

    def fail() -> None:
        with running(plain_server(), tmp_path / "log") as here:
            seen.append(here.process)
            assert is_running(here.process)
            raise RuntimeError("the measure failed")

    with pytest.raises(RuntimeError, match="the measure failed"):
        fail()

    assert not is_running(seen[0])


def test_server_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    server = plain_server("import sys; sys.exit('no index here')")

    with pytest.raises(CitewellError, match="a plain server ended with 1 at its start: no index here"):
        running(server, tmp_path / "log").__enter__()


def test_free_port_is_answered_by_nobody() -> None:
    connection = http.client.HTTPConnection("127.0.0.1", free_port(), timeout=5)

    with pytest.raises(ConnectionRefusedError):
        connection.request("GET", "/")


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="needs /proc")
def test_memory_counts_children() -> None:
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLDER!r}])"
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        found = memory_mb(process.pid)
        process.communicate()

    assert found is not None
    assert 60 < found < 200


def test_missing_playwright_is_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "playwright", None)

    assert main(["page"]) == 2

    shown = capsys.readouterr()
    assert shown.err.count("\n") == 1
    assert "run: pip install playwright" in shown.err
    assert shown.out == ""


@pytest.mark.parametrize(
    ("options", "line"),
    [([], "install it (Debian, Ubuntu: apt-get install chromium)"), (["--browser", "/none"], "/none is not a program")],
)
def test_missing_browser_is_one_line_and_status_2(
    options: list[str],
    line: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    pytest.importorskip("playwright")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert main(["page", *options]) == 2

    shown = capsys.readouterr()
    assert shown.err.count("\n") == 1
    assert line in shown.err


@pytest.mark.slow
@pytest.mark.skipif(page_browser.find_browser() is None, reason="needs a Chromium browser on this machine")
def test_both_pages_are_measured_in_a_real_browser(tiny_index: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "eval", "page", "--json", "--repeats", "1", "--readers", "2"]
    given = ["--index", str(tiny_index), "--question", "Do warm packs help a sore back?"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}

    done = subprocess.run(  # noqa: S603 - our own command
        [*command, *given], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )

    measures = json.loads(done.stdout)["measures"]
    value = {name: {page: one["value"] for page, one in found["systems"].items()} for name, found in measures.items()}
    for page_name in ("citewell", "hello"):
        assert 0 < value["health"][page_name] < value["start_paint"][page_name] < value["start_usable"][page_name]
    assert value["start_answer"]["citewell"] > value["start_usable"]["citewell"]
    assert value["answer_again"]["citewell"] > 0
    assert "answer" in value
    assert "hello" not in value["answer"]
    if Path("/proc/self/status").is_file():
        assert value["memory"]["citewell"] > value["memory"]["hello"] > 20
