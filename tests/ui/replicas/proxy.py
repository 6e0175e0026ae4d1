"""nginx with the configuration that `.github/nginx.conf` gives to those who run replicas."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import PROJECT

CONFIGURATION = PROJECT / ".github" / "nginx.conf"
REQUIRED = "REQUIRE_NGINX"
"""Set in the environment, a missing nginx fails the tests instead of skipping them."""

WHOLE = """
{user}
worker_processes 1;
daemon off;
pid {folder}/pid;
error_log {folder}/errors notice;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/citewell.conf;
}}
"""


def program() -> str | None:
    """The nginx of this machine, or None."""
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def require_nginx() -> None:
    """Skip a test where there is no nginx, or fail it where there must be one."""
    if program() is not None:
        return
    if os.environ.get(REQUIRED):
        pytest.fail(f"{REQUIRED} is set, but there is no nginx; run: apt-get install nginx-light")
    pytest.skip("needs nginx on this machine; on Debian run: apt-get install nginx-light")


@contextmanager
def proxied(port: int, replicas: Sequence[int], folder: Path) -> Iterator[str]:
    """Run nginx on a port in front of the replicas' ports; give its address; end it by its process id."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    for shown, real in zip(("127.0.0.1:8080", "127.0.0.1:8501", "127.0.0.1:8502"), (port, *replicas), strict=True):
        assert text.count(shown) == 1
        text = text.replace(shown, f"127.0.0.1:{real}")
    (folder / "citewell.conf").write_text(text, encoding="utf-8")
    configuration = folder / "nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""  # else it could not enter the folder of this test
    configuration.write_text(WHOLE.format(folder=folder, user=user), encoding="utf-8")
    command = [str(program()), "-p", str(folder), "-c", str(configuration), "-e", str(folder / "errors")]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603 - our own command
        try:
            until = time.monotonic() + 20
            while not _listens(port):
                assert process.poll() is None, (folder / "output").read_text()
                assert time.monotonic() < until, (folder / "output").read_text()
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0
