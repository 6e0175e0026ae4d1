"""`citewell eval profile`: where the time of one question goes, and the time of a start."""

import argparse

from eval.commands.options import add_command, add_data_option, add_index_option, add_json_option, give, positive
from eval.commands.speed import answered_texts, pick
from rag.settings import get_settings

QUESTIONS = 40


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "profile",
        "show where the time of one question goes, stage by stage, and of a start, package by package",
        "citewell eval profile --questions 10",
    )
    parser.add_argument(
        "--questions", type=positive, default=QUESTIONS, metavar="N", help=f"questions asked (default: {QUESTIONS})"
    )
    add_index_option(parser)
    add_data_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure and print."""
    from eval.time_profile import (
        imports,
        profile_report,
        profile_tables,
        stages,
    )  # the parts behind it take time to import
    from rag.assemble import make_plain_answerer

    settings = get_settings()
    index = asked.index or settings.index.path
    questions = pick(answered_texts(asked.data), asked.questions)
    report = profile_report(
        stages(make_plain_answerer(settings, index=index).invoke, questions),
        imports(["-m", "rag", "ask", "--index", str(index), "--", questions[0]]),
        questions=len(questions),
    )
    give(asked, report, profile_tables)
    return 0
