"""`citewell eval safety`: whether warning signs are met, and ordinary messages left alone."""

import argparse
from pathlib import Path
from typing import Any

from eval.commands.options import (
    Counter,
    add_command,
    add_data_option,
    add_json_option,
    add_report_option,
    add_split_option,
    give,
)
from eval.dataset import Split
from eval.messages import load_messages
from rag.index.vector_cache import Progress
from rag.settings import Settings, get_settings


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands, "safety", "measure how warning signs are met, and false alarms", "citewell eval safety --split test"
    )
    add_split_option(parser, Split.TRAIN)
    add_data_option(parser)
    add_report_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure and print."""
    from eval.safety_tables import safety_tables

    report = make_report(get_settings(), asked.split, asked.data, Counter("messages"))
    give(asked, report, safety_tables)
    return 1 if report["errors"] else 0


def make_report(settings: Settings, split: Split, data: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Return the measures of the safety check on a split.

    Raises:
        EvaluationDataError: a file of messages is malformed.
        CitewellError: the encoder or the rules cannot be loaded.
    """
    from eval.safety import assess_all, safety_report
    from rag.assemble import make_encoder, make_safety

    messages = load_messages(split, folder=data)
    encoder = make_encoder(settings)
    checker = make_safety(settings, encoder)
    return safety_report(assess_all(checker, encoder, messages, progress), dataset=f"red_flags and ordinary.{split}")
