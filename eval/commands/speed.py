"""`citewell eval speed`: how fast indexing, searching, answering and starting are, beside plain baselines."""

import argparse
import tempfile
from pathlib import Path

from eval.commands.options import (
    Counter,
    add_command,
    add_data_option,
    add_json_option,
    add_report_option,
    give,
    positive,
)
from eval.dataset import Split, load_questions
from rag.errors import EvaluationDataError
from rag.settings import get_settings
from rag.types import Behavior

REPEATS, SHORT_REPEATS = 5, 2
QUESTIONS, SHORT_QUESTIONS = 20, 4
SHORT_PASSAGES = 24


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "speed",
        "measure how fast it indexes, searches, answers and starts, beside plain baselines; judges nothing",
        "citewell eval speed --passages 200\n         citewell eval speed --short --json",
    )
    parser.add_argument(
        "--articles", type=Path, metavar="PATH", help="file or folder in place of the collection of the settings"
    )
    parser.add_argument(
        "--passages", type=positive, metavar="N", help="whole articles up to about N passages (default: all)"
    )
    parser.add_argument(
        "--repeats", type=positive, metavar="N", help=f"runs of everything, in turns (default: {REPEATS})"
    )
    parser.add_argument(
        "--questions", type=positive, metavar="N", help=f"questions asked in a run (default: {QUESTIONS})"
    )
    parser.add_argument(
        "--threads", type=positive, metavar="N", help="torch threads of every system (default: as many as torch takes)"
    )
    parser.add_argument(
        "--short",
        action="store_true",
        help=f"{SHORT_REPEATS} repeats, {SHORT_QUESTIONS} questions, about {SHORT_PASSAGES} passages",
    )
    add_data_option(parser)
    add_report_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run, parser=parser)


def run(asked: argparse.Namespace) -> int:
    """Measure and print; times decide nothing."""
    settings = get_settings()
    path = asked.articles or settings.corpus.path
    if not path.exists():
        asked.parser.error(f"{path}: no such file or folder; name one with --articles PATH")
    questions = pick(answered_texts(asked.data), asked.questions or (SHORT_QUESTIONS if asked.short else QUESTIONS))

    from eval.speed_report import speed_tables  # the parts behind these take seconds to import
    from eval.speed_run import run_speed

    with tempfile.TemporaryDirectory(prefix="citewell-speed-") as folder:
        report = run_speed(
            settings,
            path,
            questions,
            Path(folder),
            passages=asked.passages or (SHORT_PASSAGES if asked.short else None),
            repeats=asked.repeats or (SHORT_REPEATS if asked.short else REPEATS),
            threads=asked.threads,
            progress=Counter("repeats"),
        )
    give(asked, report, speed_tables)
    return 0


def pick(texts: list[str], count: int) -> list[str]:
    """Return so many texts, evenly from the whole list."""
    count = min(count, len(texts))
    return [texts[place * len(texts) // count] for place in range(count)]


def answered_texts(data: Path) -> list[str]:
    """Return the questions of the training half that the articles answer and that stand alone."""
    texts = [
        one.question.text
        for one in load_questions(Split.TRAIN, folder=data)
        if one.behavior is Behavior.ANSWER and not one.question.history
    ]
    if not texts:
        raise EvaluationDataError(f"{data}: no question that the articles answer; expected one or more")
    return texts
