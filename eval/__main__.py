"""`citewell eval …` and `python -m eval …`.

Exit status: 0 fine, 1 below the baseline or a `CitewellError`, 2 wrong usage or malformed evaluation data.
"""

import argparse
import sys
from collections.abc import Sequence

from rag.threads import calm_threads

calm_threads()

from eval.commands import (  # noqa: E402 - threads are set before anything may import torch
    answers,
    calibrate,
    candidates,
    check,
    compare,
    everything,
    page,
    ray_speed,
    retrieval,
    safety,
    scale,
    speed,
    time_profile,
    train_safety,
    writing,
)
from rag.errors import CitewellError, EvaluationDataError  # noqa: E402

COMMANDS = (
    check,
    retrieval,
    answers,
    safety,
    speed,
    scale,
    page,
    ray_speed,
    time_profile,
    train_safety,
    calibrate,
    candidates,
    compare,
    writing,
    everything,
)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    parser = argparse.ArgumentParser(
        prog="citewell eval",
        description="Measures retrieval, answers and safety against questions with known answers.",
        epilog="example: citewell eval all --report report.html",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.add_parser(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    asked = make_parser().parse_args(arguments)
    try:
        status = int(asked.run(asked))
        sys.stdout.flush()
    except EvaluationDataError as error:
        print(f"citewell eval: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except CitewellError as error:
        print(f"citewell eval: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
