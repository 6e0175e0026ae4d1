"""`citewell eval`: hand over to the evaluation, which stands above this package and is found by name."""

import argparse
import importlib
from collections.abc import Sequence
from typing import cast

from rag.cli.options import add_command


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "eval",
        "measure retrieval, answers and safety",
        "citewell eval retrieval --help",
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…", help="see: citewell eval --help")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Run the evaluation's own command line."""
    return hand_over(asked.arguments)


def hand_over(arguments: Sequence[str]) -> int:
    """Run the evaluation's own command line with its arguments; none of them shows its help."""
    return cast(int, importlib.import_module("eval.__main__").main(list(arguments) or ["--help"]))
