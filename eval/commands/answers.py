"""`citewell eval answers`: whether replies are of the right kind, hold the facts and quote exactly."""

import argparse
import sys
from typing import Any

from eval.commands.options import (
    Counter,
    add_command,
    add_data_option,
    add_index_option,
    add_json_option,
    add_report_option,
    add_save_report_option,
    add_set_options,
    add_split_option,
    give,
)
from eval.dataset import QuestionSet, Split, load_questions
from eval.saved_reports import save_report
from rag.errors import EvaluationDataError
from rag.settings import get_settings


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "answers",
        "measure replies: right behaviour, facts, citations, refusals",
        "citewell eval answers --split test --report answers.html",
    )
    add_split_option(parser, Split.TRAIN)
    add_set_options(parser)
    add_index_option(parser)
    add_data_option(parser)
    add_report_option(parser)
    add_save_report_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure and print."""
    from eval.answer_tables import answer_tables
    from eval.baseline import broken_rules

    report = _report(asked)
    problems = broken_rules(report)
    if asked.save_report:
        save_report(report, asked.save_report)
    give(asked, report, answer_tables, problems)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _report(asked: argparse.Namespace) -> dict[str, Any]:
    from eval.answer_summary import answers_report
    from eval.answers import ask_all
    from eval.collection import check_labels, open_collection
    from rag.assemble import make_answerer

    if asked.which is QuestionSet.FIRST_ARTICLE and not asked.articles:
        raise EvaluationDataError(
            "first_article.jsonl:0: its article is not part of the project; expected --articles PATH to name it"
        )
    settings = get_settings()
    questions = load_questions(asked.split, which=asked.which, folder=asked.data)
    collection = open_collection(
        settings, index=asked.index, articles=asked.articles, progress=Counter("texts embedded")
    )
    check_labels(questions, collection.reader)
    verdicts = ask_all(
        make_answerer(settings, index=collection.index),
        questions,
        progress=Counter("questions"),
    )
    return answers_report(verdicts, dataset=f"{asked.which}.{asked.split}", index_id=collection.reader.index_id)
