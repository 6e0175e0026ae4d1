"""`citewell password`: make the password of the maintainers' pages fit for a setting."""

import argparse
import getpass
import sys

from rag.cli.options import add_command
from rag.errors import SettingsError
from rag.passwords import hashed


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "password",
        "salt and hash a password for the maintainers' pages; it is asked for, or read from a pipe",
        "citewell password >> .env",
    )
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Print the line that sets the password."""
    print(f"CITEWELL_PAGE__PASSWORD={hashed(_read())}")
    return 0


def _read() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise SettingsError("the two passwords differ; run: citewell password")
    return password
