"""Options that several subcommands share."""

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from eval.dataset import DATA, QuestionSet, Split
from rag.cli.options import TerminalProgress as Counter
from rag.cli.options import add_command, add_index_option, add_json_option, print_json

__all__ = [
    "Counter",
    "add_command",
    "add_data_option",
    "add_index_option",
    "add_json_option",
    "add_report_option",
    "add_save_report_option",
    "add_set_options",
    "add_split_option",
    "give",
    "positive",
    "print_json",
]


def add_split_option(parser: argparse.ArgumentParser, default: Split) -> None:
    """Add `--split`."""
    parser.add_argument(
        "--split",
        type=Split,
        choices=list(Split),
        default=default,
        help=f"which half of the set (default: {default}); develop on train, report on test",
    )


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """Add `--data DIR`."""
    parser.add_argument("--data", type=Path, metavar="DIR", default=DATA, help="folder with the question files")


def add_set_options(parser: argparse.ArgumentParser) -> None:
    """Add `--set` and `--articles`."""
    parser.add_argument(
        "--set",
        dest="which",
        type=QuestionSet,
        choices=list(QuestionSet),
        default=QuestionSet.QUESTIONS,
        help="which questions; first_article needs --articles (default: questions)",
    )
    parser.add_argument(
        "--articles", type=Path, metavar="PATH", help="file or folder in place of the collection of the settings"
    )


def add_report_option(parser: argparse.ArgumentParser) -> None:
    """Add `--report FILE.html`."""
    parser.add_argument("--report", type=Path, metavar="FILE.html", help="write a page with plots and failures")


def add_save_report_option(parser: argparse.ArgumentParser) -> None:
    """Add `--save-report NAME`."""
    parser.add_argument(
        "--save-report",
        type=report_name,
        metavar="NAME",
        help="keep the report for the maintainers' page, as NAME.json under CITEWELL_PAGE__REPORTS",
    )


def report_name(text: str) -> str:
    """Return a name that a file can have, for argparse."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", text):
        raise argparse.ArgumentTypeError("expected a name of letters, digits, dots, - and _, 80 at most")
    return text.removesuffix(".json")


def positive(text: str) -> int:
    """Return a whole number from 1 up, for argparse."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("expected a whole number from 1 up")
    return value


def give(
    asked: argparse.Namespace,
    report: dict[str, Any],
    tables: Callable[[dict[str, Any]], str],
    problems: Sequence[str] = (),
) -> None:
    """End a command that made a report: write the page where `--report` asks for one, then print.

    Args:
        asked: with `json` and, where the command has that option, `report`.
        report: what was measured.
        tables: the report for a terminal.
        problems: values that fell below what was asked, for the page.

    Raises:
        EvaluationDataError: the page cannot be written.
    """
    if getattr(asked, "report", None):
        from eval.report import write_report

        write_report(asked.report, [report], problems)
    if asked.json:
        print_json(report)
    else:
        print(tables(report))
