"""Read files in a separate process with limits of memory and time; started when needed and kept."""

import contextlib
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.errors import UnreadableFileError
from rag.ingest.limits import ReadingLimits, setting
from rag.ingest.parse import FileContent
from rag.ingest.wire import content_from, request_line

MAX_REPLY_BYTES = 256 * 1024 * 1024
"""What a reply may hold at most: text, offsets and what was taken out, of a file of the largest size."""

_ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
"""Threads reserve address space, which the memory limit counts."""


class ReadingProcess:
    """A process that reads one file after the other. It is ended and replaced when a file takes too long or much."""

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, path: Path, root: Path | None) -> FileContent:
        """Return what a file holds.

        Raises:
            UnreadableFileError: it is refused, took too long, needed too much memory, or ended the process.
            FrontMatterError: its header is malformed.
        """
        process = self._running()
        try:
            return content_from(self._reply(process, request_line(path, root, self._limits)))
        except BaseException as error:
            # What is left in the pipe of an interrupted reading would be taken for the reply to the next request.
            if not isinstance(error, UnreadableFileError) or process.poll() is not None:
                self.close()
            raise

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            # -P: no module in the folder that the command runs in takes the place of a library's.
            package = str(Path(__file__).resolve().parents[2])
            paths = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH", ""))))
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "rag.ingest.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**_without_secrets(), **_ONE_THREAD, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
                cwd="/",
                start_new_session=True,  # an interrupt from the keyboard is the caller's to handle
            )
        return self._process

    def _reply(self, process: subprocess.Popen[bytes], request: bytes) -> bytes:
        if process.stdin is None or process.stdout is None:  # pragma: no cover - both are pipes
            raise UnreadableFileError("the reading process has no pipes")
        try:
            process.stdin.write(request)
            process.stdin.flush()
        except OSError as error:
            raise self._ended(process) from error
        deadline = time.monotonic() + self._limits.timeout_s
        reply = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not reply.endswith(b"\n"):
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    process.kill()
                    process.wait()
                    raise UnreadableFileError(
                        f"took longer than {self._limits.timeout_s:g} s to read; leave it out or raise "
                        f"{setting('timeout_s')}"
                    )
                part = os.read(process.stdout.fileno(), 1 << 20)
                if not part:
                    raise self._ended(process)
                reply += part
                if len(reply) > MAX_REPLY_BYTES:
                    process.kill()
                    process.wait()
                    raise UnreadableFileError("holds more than can be read at once; cut it into parts")
        return bytes(reply)

    def _ended(self, process: subprocess.Popen[bytes]) -> UnreadableFileError:
        process.kill()
        process.wait()
        return UnreadableFileError(
            f"ended the process that read it, as a file does that needs more than {self._limits.memory_mb} MiB of "
            f"memory; leave it out or raise {setting('memory_mb')}"
        )


def _without_secrets() -> dict[str, str]:
    """The environment without what a parser has no business with: keys and settings of the application."""
    secret = ("CITEWELL_", "KEY", "TOKEN", "SECRET", "PASSWORD", "CREDENTIAL")
    return {name: value for name, value in os.environ.items() if not any(part in name.upper() for part in secret)}
