"""Wall time, processor time and peak memory of a command, taken by a small process between it and us.

A process that is started by a large one counts the large one's memory as its own peak on Linux, so this file is
also a script that needs nothing but the standard library: it starts the command and waits for it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ERROR_CHARS = 300
"""How much of a failed command's last words is kept."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command took.

    Attributes:
        wall_s: seconds from its start to its end.
        cpu_s: processor seconds, its own children included.
        peak_mb: most memory held at once, in 10^6 bytes.
        status: its exit status.
        output: what it printed.
        error: the end of what it wrote to standard error.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    status: int
    output: str
    error: str


def measured(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Usage:
    """Run a command and return what it took; its streams go through files in the folder."""
    subprocess.run(  # noqa: S603 - this file, with the interpreter that runs it
        [sys.executable, "-I", "-S", __file__, str(folder), *command], env=dict(environment), check=True
    )
    found = json.loads((folder / "usage.json").read_text(encoding="utf-8"))
    output, error = (
        (folder / name).read_text(encoding="utf-8", errors="replace") for name in ("output.txt", "error.txt")
    )
    return Usage(**found, output=output, error=error[-ERROR_CHARS:])


def wait_for(command: Sequence[str], folder: Path) -> None:
    """Run a command and write what it took to `usage.json` in the folder."""
    with (folder / "output.txt").open("wb") as output, (folder / "error.txt").open("wb") as error:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=error)  # noqa: S603 - as given by our caller
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    found = {
        "wall_s": wall_s,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss * unit / 1e6,
        "status": process.returncode,
    }
    (folder / "usage.json").write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    wait_for(sys.argv[2:], Path(sys.argv[1]))
