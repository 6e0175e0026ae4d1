"""Which Ray is used, and what is said when there is none."""

import importlib.util
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.distributed.cluster import is_address
from tests.conftest import PROJECT, TINY_CORPUS


def index(tmp_path: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "rag", "index", str(TINY_CORPUS), "--index", str(tmp_path / "index"), *arguments]
    without = {name: value for name, value in os.environ.items() if name != "RAY_ADDRESS"}
    return subprocess.run(command, cwd=PROJECT, env=without, capture_output=True, text=True, timeout=200)  # noqa: S603


@pytest.mark.parametrize("text", ["auto", "10.0.0.7:6379", "head.example.org:6379", "[::1]:6379"])
def test_address_of_a_cluster_is_one(text: str) -> None:
    assert is_address(text)


@pytest.mark.parametrize("text", ["", "articles", "my-articles/", "ray://head:10001", "head:", "head:99999999"])
def test_anything_else_is_no_address(text: str) -> None:
    assert not is_address(text)


def test_path_after_the_option_is_refused_as_an_address(tmp_path: Path) -> None:
    done = index(tmp_path, "--ray", "articles")

    assert done.returncode == 2
    assert "--ray takes HOST:PORT or auto, not 'articles'; name PATHs before it" in done.stderr


@pytest.mark.parametrize("other", ["--dry-run", "--verify", "--rollback"])
def test_ray_is_for_indexing_only(tmp_path: Path, other: str) -> None:
    command = [sys.executable, "-m", "rag", "index", "--ray", "auto", other]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)  # noqa: S603

    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, "citewell index: error: --ray is for indexing only")


@pytest.mark.skipif(importlib.util.find_spec("ray") is not None, reason="Ray is installed")
def test_missing_ray_is_said_with_what_to_install(tmp_path: Path) -> None:
    done = index(tmp_path, "--ray")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == 'citewell: Ray is not installed; run: python -m pip install "citewell[ray]"\n'
    assert not (tmp_path / "index").exists()


@pytest.mark.slow
def test_cluster_that_refuses_is_said_in_one_line(ray: None, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    done = index(tmp_path, "--ray", f"127.0.0.1:{port}")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"citewell: no Ray cluster can be used at 127.0.0.1:{port} (Connection refused); ")
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_server_that_never_answers_is_given_up_in_bounded_time(ray: None, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        done = index(tmp_path, "--ray", f"127.0.0.1:{silent.getsockname()[1]}")

    assert time.monotonic() - started < 120
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_no_cluster_to_find_is_said_in_one_line(ray: None, tmp_path: Path) -> None:
    done = index(tmp_path, "--ray", "auto")

    assert done.returncode == 1
    assert done.stderr.startswith("citewell: no Ray cluster can be used at auto (")
    assert done.stderr.count("\n") == 1
