"""The reading process: takes requests on standard input, parses one file at a time, replies on standard output.

Before the first file it gives up memory beyond the limit, the network, other programs and writing to disk, so that
a file which misleads a parser has nothing to reach. It ends with its input.
"""

import contextlib
import os
import signal
import sys
from typing import BinaryIO

from rag.errors import CorpusError, UnreadableFileError
from rag.ingest.files import read_bytes
from rag.ingest.limits import MEBIBYTE
from rag.ingest.parse import parse_content
from rag.ingest.wire import content_line, error_line, request_from

SPARE_SECONDS = 10
"""How long after the caller's own time limit this process ends itself, should the caller be gone."""

_FORBIDDEN = (
    "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "urllib.Request",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.startfile", "pty.spawn",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
    "shutil.rmtree", "shutil.move", "shutil.copyfile", "webbrowser.open", "ctypes.dlsym",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def main() -> int:
    """Serve requests until the input ends."""
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # a parser that prints must not garble replies
    sys.addaudithook(_forbid)
    limited = False
    for line in iter(requests.readline, b""):
        limited = limited or _limit_memory(request_from(line)[2].memory_mb)
        _serve(line, replies)
    return 0


def _serve(line: bytes, replies: BinaryIO) -> None:
    path, root, limits = request_from(line)
    signal.setitimer(signal.ITIMER_REAL, limits.timeout_s + SPARE_SECONDS)
    try:
        reply = content_line(parse_content(read_bytes(path, limits), path, root, limits))
    except CorpusError as error:
        reply = error_line(error)
    except MemoryError:
        reply = error_line(UnreadableFileError("the file needs more memory than allowed; leave it out"))
    signal.setitimer(signal.ITIMER_REAL, 0)
    replies.write(reply)
    replies.flush()


def _limit_memory(megabytes: int) -> bool:
    with contextlib.suppress(ImportError, ValueError, OSError):  # a system without such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEBIBYTE, megabytes * MEBIBYTE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return True


def _forbid(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse what no parser of a text needs (PEP 578); a hook cannot be taken off again."""
    if event in _FORBIDDEN:
        raise PermissionError(f"{event} is not allowed while reading")
    if event == "open" and len(arguments) > 2 and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        raise PermissionError("writing is not allowed while reading")


if __name__ == "__main__":
    sys.exit(main())
