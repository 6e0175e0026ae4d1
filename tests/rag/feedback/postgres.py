"""A PostgreSQL server of one test run: a new cluster on a free port of this machine, thrown away afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ACCOUNT = "postgres"
"""PostgreSQL refuses to run as root; Debian's package makes this account."""

PASSWORD = "quiet-harbour"  # noqa: S105 - of a server that lives for one test
REQUIRED = "REQUIRE_POSTGRES"
"""Set in the environment, a missing server fails the tests instead of skipping them."""


def programs() -> Path | None:
    """The folder with initdb and postgres, newest version first, or None."""
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name), reverse=True)
    candidates = ([Path(found).parent] if found else []) + places
    return next((one for one in candidates if (one / "initdb").is_file() and (one / "postgres").is_file()), None)


def _account() -> str | None:
    """The account to start the server with: None for our own."""
    if os.getuid() != 0:
        return None
    pwd.getpwnam(ACCOUNT)
    return ACCOUNT


@contextmanager
def postgres_server(binaries: Path) -> Iterator[str]:
    """Start a server; give a database address with a password; stop it."""
    account = _account()
    home = Path(tempfile.mkdtemp(prefix="citewell-postgres-"))
    data, secret = home / "data", home / "password"
    secret.write_text(PASSWORD)
    if account is not None:
        for path in (home, secret):
            shutil.chown(path, account)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]

    def run(program: str, *options: str) -> None:
        subprocess.run(  # noqa: S603 - programs of the package
            [str(binaries / program), *options], user=account, cwd=home, check=True, capture_output=True, timeout=180
        )

    try:
        run("initdb", "-D", str(data), "-U", "reader", "--auth=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "-N")
        served = f"-h 127.0.0.1 -p {port} -k {home} -c fsync=off"
        run("pg_ctl", "-D", str(data), "-l", str(home / "log"), "-w", "-t", "120", "-o", served, "start")
        try:
            yield f"postgresql+psycopg://reader:{PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
