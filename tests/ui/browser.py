"""A real browser and a server of its own for the browser tests."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from eval.page_browser import FLAGS, IDLE, INPUT
from eval.page_server import free_port

__all__ = ["IDLE", "INPUT", "PROJECT", "ask", "chromium", "free_port", "served", "started"]

PROJECT = Path(__file__).parent.parent.parent


@contextmanager
def served(command: list[str], port: int, log: Path, **environment: str) -> Iterator[str]:
    """Run a server until it answers; give its address; end it by its own process id."""
    with started(command, port, log, **environment) as (address, _):
        yield address


@contextmanager
def started(command: list[str], port: int, log: Path, **environment: str) -> Iterator[tuple[str, int]]:
    """Run a server until it answers; give its address and process id; end it by that id."""
    address = f"http://127.0.0.1:{port}"
    values = {**os.environ, "PYTHONPATH": str(PROJECT), "OMP_WAIT_POLICY": "PASSIVE", **environment}
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, *command], cwd=PROJECT, env=values, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            until = time.monotonic() + 90
            while not _answers(address):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.2)
            yield address, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as reply:  # noqa: S310 - our own server
            return bool(reply.read() == b"ok")
    except OSError:
        return False


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        yield browser
        browser.close()


def ask(page: Page, question: str, *, expect: str = ".cw-disclaimer") -> None:
    """Ask and wait for the reply."""
    page.fill(INPUT, question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{expect} >> nth=-1", timeout=240_000)
    page.wait_for_timeout(400)
    page.wait_for_selector(IDLE, timeout=90_000)
