"""`citewell eval calibrate`: fit the decision on the training half."""

import argparse
from dataclasses import asdict
from pathlib import Path

from eval.commands.options import Counter, add_command, add_data_option, add_index_option, add_json_option, print_json
from eval.dataset import QuestionSet, Split, load_questions
from rag.settings import get_settings

REFUSED_SHARE = 0.055


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "calibrate",
        'fit what decides between an answer and "not covered", on the training half',
        "citewell eval calibrate --refused 0.02 --save",
    )
    parser.add_argument(
        "--refused",
        type=float,
        default=REFUSED_SHARE,
        metavar="SHARE",
        help=f"share of well answered questions that may be refused (default: {REFUSED_SHARE})",
    )
    parser.add_argument(
        "--articles", type=Path, metavar="PATH", help="the first article, whose questions then count too"
    )
    parser.add_argument("--save", action="store_true", help="write the model where the answerer reads it")
    add_index_option(parser)
    add_data_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Fit, print and perhaps save."""
    from eval.calibration import calibrate, weigh_all
    from eval.collection import check_labels, open_collection
    from rag.assemble import make_answerer

    settings = get_settings()
    weighed = []
    for which, articles in ((QuestionSet.QUESTIONS, None), (QuestionSet.FIRST_ARTICLE, asked.articles)):
        if which is QuestionSet.FIRST_ARTICLE and articles is None:
            continue
        questions = load_questions(Split.TRAIN, for_tuning=True, which=which, folder=asked.data)
        index = asked.index if articles is None else None
        collection = open_collection(settings, index=index, articles=articles, progress=Counter("texts embedded"))
        check_labels(questions, collection.reader)
        weighed += weigh_all(make_answerer(settings, index=collection.index), questions)
    fitted = calibrate(weighed, refused=asked.refused)
    if asked.save:
        fitted.save()
    if asked.json:
        print_json(asdict(fitted))
    else:
        print(
            f"{fitted.questions} questions: area {fitted.area:.3f}, well answered refused {fitted.refused:.3f}, "
            f"uncovered answered {fitted.answered:.3f} (cross-validated)"
        )
    return 0
