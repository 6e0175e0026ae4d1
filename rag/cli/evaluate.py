"""`citewell eval`: hand over to the evaluation, which stands above this package and is found by name."""

import argparse
import importlib
from typing import cast

from rag.cli.options import add_command


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands, "eval", "measure retrieval, answers, safety and speed", "citewell eval retrieval --help"
    )
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="…", help="see: citewell eval --help")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Run the evaluation's own command line."""
    return cast(int, importlib.import_module("eval.__main__").main(asked.arguments))
