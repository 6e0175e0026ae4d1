"""A disk that is full or cannot be written costs a run, never what was being served."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.index.mending import GENERATIONS
from rag.index.verify import require_sound, verify_index
from tests.conftest import PROJECT
from tests.rag.index.runs import Runs, runs_of
from tests.rag.index.states import AFTER, BEFORE, answers, write_collection

TINY_DISK = ["unshare", "--user", "--map-root-user", "--mount"]
WITHOUT_PRIVILEGE = """
import ctypes, os, runpy, sys
# Root may write anywhere: give that up (capset with no capabilities) before the run.
libc = ctypes.CDLL(None, use_errno=True)
header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
assert os.geteuid() != 0 or libc.capset(header, data) == 0
runpy.run_module("tests.rag.index.runs", run_name="__main__")
"""


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    with runs_of() as started:
        yield started


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_collection(tmp_path / "corpus", BEFORE)


def names(index: Path) -> list[str]:
    return sorted(str(path.relative_to(index)) for path in index.rglob("*") if not path.name.startswith("vectors.sq"))


def test_no_room_at_any_size_leaves_the_old_index_answering(runs: Runs, corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    assert runs.run(corpus, index).error == ""
    before, files = answers(index), names(index)
    write_collection(corpus, AFTER)
    errors = set()
    for limit in (0, 10, 70, 600, 1100, 2000, 4096, 8192, 16384, 30000, 50000):
        ended = runs.run(corpus, index, limit=limit)
        if ended.error == "":
            break
        errors.add(ended.error)
        assert answers(index) == before
        assert names(index) == files, limit
        require_sound(index, verify_index(index))

    assert len(errors) >= 2
    assert all("cannot be written (" in error and "\n" not in error for error in errors), errors
    assert runs.run(corpus, index).error == ""
    assert answers(index) != before


def test_read_only_folder_is_said_in_one_line_and_goes_on_answering(corpus: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    with runs_of(code=WITHOUT_PRIVILEGE) as runs:
        assert runs.run(corpus, index).error == ""
        before = answers(index)
        write_collection(corpus, AFTER)
        folders = [index, index / GENERATIONS]
        for folder in folders:
            folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
        try:
            error = runs.run(corpus, index).error
            assert error.startswith(f"IndexStoreError: {index} cannot be written (")
            assert "\n" not in error
            assert answers(index) == before
            require_sound(index, verify_index(index))
        finally:
            for folder in folders:
                folder.chmod(0o755)
        assert runs.run(corpus, index).error == ""


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/index"])
def test_place_that_can_hold_no_folder_is_said_in_one_line(
    runs: Runs, corpus: Path, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("a file")

    error = runs.run(corpus, tmp_path / place).error

    assert error.startswith(f"IndexStoreError: {tmp_path / place} cannot be written (")
    assert "\n" not in error


def _may_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run(  # noqa: S603 - fixed words
        [*TINY_DISK, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


@pytest.mark.skipif(not _may_mount(), reason="this machine lets nobody mount a disk of his own")
def test_full_disk_of_any_size_leaves_the_old_index_answering(corpus: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    script = [
        *TINY_DISK, "sh", "-c", 'mount -t tmpfs -o size=1m tmpfs "$1" && shift && exec "$@"', "sh", str(disk),
        sys.executable, "-m", "tests.rag.index.full_disk", str(corpus), str(disk),
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(script, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("No space left on device") + done.stdout.count("disk is full") >= 3
