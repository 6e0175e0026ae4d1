"""`citewell eval all`: retrieval, answers and safety in one run, held against a baseline."""

import argparse
import sys
from pathlib import Path
from typing import Any

from eval.baseline import Baseline, baseline_of, broken_rules, fallen, read_baseline, save_baseline
from eval.commands.options import (
    Counter,
    add_command,
    add_data_option,
    add_index_option,
    add_json_option,
    add_report_option,
    add_save_report_option,
    add_split_option,
    print_json,
)
from eval.dataset import Split, load_questions
from eval.messages import load_messages
from eval.saved_reports import save_report
from rag.settings import get_settings

BELOW_BASELINE = 1


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "all",
        "measure everything and compare with a baseline",
        "citewell eval all --baseline eval/data/baseline.json --report report.html",
    )
    add_split_option(parser, Split.TEST)
    add_index_option(parser)
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="exit with 1 when a value falls below")
    parser.add_argument("--save-baseline", type=Path, metavar="FILE", help="write what was measured as a new baseline")
    add_data_option(parser)
    add_report_option(parser)
    add_save_report_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure, print, and say what fell."""
    saved = read_baseline(asked.baseline) if asked.baseline else None
    return conclude(_report(asked), saved, asked)


def conclude(report: dict[str, Any], saved: Baseline | None, asked: argparse.Namespace) -> int:
    """Hold a whole report against a baseline, print and write it, and return the exit status.

    Raises:
        EvaluationDataError: the baseline does not fit the report.
    """
    problems = broken_rules(report["answers"], report["safety"])
    if saved:
        problems += fallen(report, saved)
    report["problems"] = problems
    if asked.save_baseline:
        save_baseline(baseline_of(report), asked.save_baseline)
    if asked.report:
        from eval.report import write_report

        write_report(asked.report, [report[name] for name in ("retrieval", "answers", "safety")], problems)
    if asked.save_report:
        save_report(report, asked.save_report)
    if asked.json:
        print_json(report)
    else:
        _print(report)
    for problem in problems:
        print(problem, file=sys.stderr)
    return BELOW_BASELINE if problems else 0


def _report(asked: argparse.Namespace) -> dict[str, Any]:
    from eval.answer_summary import answers_report
    from eval.answers import ask_all
    from eval.built_in import retrieval_report
    from eval.collection import Collection, bring_up_to_date
    from eval.safety import assess_all, safety_report
    from rag.assemble import make_answerer

    settings = get_settings()
    questions = load_questions(asked.split, folder=asked.data)
    messages = load_messages(asked.split, folder=asked.data)
    index = bring_up_to_date(settings, index=asked.index, progress=Counter("texts embedded"))
    answerer = make_answerer(settings, index=index)
    collection = Collection(index, answerer.reader, answerer.encoder)
    retrieval = retrieval_report(
        collection,
        questions,
        dataset=f"questions.{asked.split}",
        model=settings.encoder.model,
        with_quick_start=False,  # it embeds the collection once more; `eval retrieval` has it
        progress=Counter("queries"),
    )
    verdicts = ask_all(answerer, questions, progress=Counter("questions"))
    assessed = assess_all(answerer.safety, answerer.encoder, messages, Counter("messages"))
    return {
        "command": "all",
        "split": str(asked.split),
        "retrieval": retrieval,
        "answers": answers_report(verdicts, dataset=f"questions.{asked.split}", index_id=answerer.reader.index_id),
        "safety": safety_report(assessed, dataset=f"red_flags and ordinary.{asked.split}"),
    }


def _print(report: dict[str, Any]) -> None:
    from eval.answer_tables import answer_tables
    from eval.safety_tables import safety_tables
    from eval.tables import retrieval_tables

    print(retrieval_tables(report["retrieval"] | {"by_article": {}}))
    print("\n" + answer_tables(report["answers"], failures=False))
    print("\n" + safety_tables(report["safety"], slices=("by_level", "by_group", "false_alarms")))
    print("\nall values are within their limits" if not report["problems"] else "\nbelow the limits:")
