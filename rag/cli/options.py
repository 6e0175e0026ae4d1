"""Options and output that several subcommands share."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rag.index.vector_cache import Progress


def add_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    help_text: str,
    example: str,
) -> argparse.ArgumentParser:
    """Add a subcommand with its help text and an example."""
    return commands.add_parser(
        name,
        help=help_text,
        description=help_text[0].upper() + help_text[1:] + ".",
        epilog=f"example: {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_index_option(parser: argparse.ArgumentParser) -> None:
    """Add `--index DIR`."""
    parser.add_argument("--index", type=Path, metavar="DIR", help="index folder (default: CITEWELL_INDEX__PATH)")


def add_mode_option(parser: argparse.ArgumentParser) -> None:
    """Add `--mode`."""
    parser.add_argument(
        "--mode",
        choices=("quoting", "writing"),
        help="quote the articles, or have the chat model of the settings write (default: CITEWELL_ANSWER__MODE)",
    )


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """Print a value as indented JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


class TerminalProgress(Progress):
    """A counter on stderr, shown only on a terminal."""

    def __init__(self, label: str) -> None:
        self._label = label

    def __call__(self, done: int, total: int) -> None:
        """Show how many of `total` are done."""
        if sys.stderr.isatty():
            end = "\n" if done >= total else ""
            print(f"\r{self._label}: {done} of {total}", end=end, file=sys.stderr, flush=True)
