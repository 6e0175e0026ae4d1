"""`citewell serve`: start the chat page."""

import argparse
import importlib.util
import os
import subprocess
import sys

from rag.cli.options import add_command
from rag.errors import CitewellError


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(commands, "serve", "start the chat page on this machine", "citewell serve --port 8600")
    parser.add_argument("--host", help="address to listen on (default: CITEWELL_PAGE__HOST)")
    parser.add_argument("--port", type=int, help="port to listen on (default: CITEWELL_PAGE__PORT)")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Run the page until it is stopped."""
    if importlib.util.find_spec("ui") is None:
        raise CitewellError("the page is not installed; run: pip install citewell")
    command = [sys.executable, "-m", "ui"]
    if asked.host:
        command += ["--host", asked.host]
    if asked.port is not None:
        command += ["--port", str(asked.port)]
    if os.name == "posix":
        # One process, not two: a signal to this one ends the page, and nothing is left behind when it is killed.
        os.execv(sys.executable, command)  # noqa: S606 - our own module and checked options
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own module and checked options
