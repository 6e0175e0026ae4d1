"""Indexing runs in processes of their own, which can be killed at a named step or from outside.

`python -m tests.rag.index.runs` reads requests, one JSON object a line, and forks a process for each, so that a run
starts in milliseconds. A run is watched with the interpreter's own profiling hook: nothing in the package knows of it.
"""

import json
import os
import signal
import subprocess
import sys
import time
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import CitewellError
from rag.index.build import build_index
from tests.fakes import HashedEncoder

PACKAGE = str(Path(build_index.__code__.co_filename).parent)
ON_DISK = {
    "open", "write", "close", "rename", "replace", "unlink", "mkdir", "rmdir", "fsync", "flock",
    "execute", "executemany", "executescript", "commit", "backup",
}  # fmt: skip
"""Functions of C that read or change files."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit status (negative: the signal that killed it), its error, the steps it took."""

    status: int
    error: str
    steps: list[str]


class Runs:
    """The process that starts runs."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, corpus: Path, index: Path, **options: object) -> Ended:
        """Run to the end.

        Options: `stop` ([name, occurrence]) kills the run at that step, `kill_after_s` kills it at that moment, `watch`
        notes its steps, `limit` is the size in bytes beyond which no file can be written, `rebuild` and `wait` go to
        the run.
        """
        self._send({"corpus": str(corpus), "index": str(index), **options})
        return Ended(**json.loads(self._receive()))

    def _send(self, request: dict[str, object]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def _receive(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the process that starts runs is gone"
        return line


@contextmanager
def runs_of(code: str | None = None) -> Iterator[Runs]:
    """Yield what starts runs; `code` is run in place of this module."""
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, *(["-m", "tests.rag.index.runs"] if code is None else ["-c", code])],
        cwd=Path(__file__).parents[3],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield Runs(process)
        assert process.stdin is not None
        process.stdin.close()


def serve() -> None:
    """Answer requests until there are no more."""
    for line in sys.stdin:
        request = json.loads(line)
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            with os.fdopen(writing, "w") as told:
                json.dump(_run(request), told)
            os._exit(0)
        os.close(writing)
        if "kill_after_s" in request:
            time.sleep(request["kill_after_s"])
            os.kill(pid, signal.SIGKILL)  # ours still, dead or alive: nobody has waited for it yet
        with os.fdopen(reading) as told:
            said = told.read()
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        error, steps = json.loads(said) if said and status == 0 else ("", [])
        sys.stdout.write(json.dumps({"status": status, "error": error, "steps": steps}) + "\n")
        sys.stdout.flush()


def _run(request: dict[str, Any]) -> tuple[str, list[str]]:
    steps: list[str] = []
    if request.get("limit") is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (request["limit"], request["limit"]))
    if "stop" in request or request.get("watch"):
        sys.setprofile(_watcher(steps, *request.get("stop", ("", 0))))
    try:
        build_index(
            [Path(request["corpus"])],
            Path(request["index"]),
            encoder=HashedEncoder(),
            rebuild=bool(request.get("rebuild")),
            lock_timeout_s=float(request.get("wait", 0)),
        )
    except CitewellError as error:
        return f"{type(error).__name__}: {error}", steps
    finally:
        sys.setprofile(None)
    return "", steps


def _watcher(steps: list[str], name: str, occurrence: int) -> Callable[[types.FrameType, str, Any], None]:
    left = occurrence

    def watch(frame: types.FrameType, event: str, arg: object) -> None:
        nonlocal left
        step = _step(frame, event, arg)
        if step is None:
            return
        steps.append(step)
        if step == name:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return watch


def _step(frame: types.FrameType, event: str, arg: object) -> str | None:
    """The name of what happens: a function of the index package begins or ends, or something reaches the disk."""
    if event in ("call", "return"):
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        return f"{event} {Path(frame.f_code.co_filename).stem}.{frame.f_code.co_qualname}"
    called = getattr(arg, "__name__", "")
    if called not in ON_DISK or event not in ("c_call", "c_return"):
        return None
    caller: types.FrameType | None = frame
    while caller is not None and not caller.f_code.co_filename.startswith(PACKAGE):
        caller = caller.f_back
    return f"{event} {called} in {caller.f_code.co_qualname}" if caller is not None else None


if __name__ == "__main__":
    serve()
