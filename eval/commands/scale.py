"""`citewell eval scale`: how fast and how exact search is in made collections of any size."""

import argparse
import tempfile
from pathlib import Path

from eval.commands.options import (
    Counter,
    add_command,
    add_data_option,
    add_index_option,
    add_json_option,
    add_report_option,
    give,
    positive,
)
from eval.commands.speed import answered_texts, pick
from rag.settings import get_settings

PASSAGES = (10_000, 100_000)
QUESTIONS = 200


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "scale",
        "measure latency, recall, memory and build time of search in made collections; judges nothing",
        "citewell eval scale --passages 10000 100000 1000000",
    )
    parser.add_argument(
        "--passages",
        type=positive,
        nargs="+",
        metavar="N",
        default=PASSAGES,
        help="sizes of the collections (default: 10000 100000); a million takes 4 GB of disk and some minutes",
    )
    parser.add_argument(
        "--questions", type=positive, metavar="N", default=QUESTIONS, help=f"questions asked (default: {QUESTIONS})"
    )
    add_index_option(parser)
    add_data_option(parser)
    add_report_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure and print; nothing is judged."""
    from eval.scale import run_scale, scale_tables  # the parts behind these take seconds to import
    from eval.scale_made import Material
    from rag.assemble import make_encoder
    from rag.index.store import open_index

    settings = get_settings()
    index = asked.index or settings.index.path
    texts = pick(answered_texts(asked.data), asked.questions)
    material = Material.of(open_index(index))
    queries = make_encoder(settings, index=index).encode(texts)
    with tempfile.TemporaryDirectory(prefix="citewell-scale-") as folder:
        report = run_scale(
            material, texts, queries, Path(folder), passages=asked.passages, progress=Counter("collections")
        )
    give(asked, report, scale_tables)
    return 0
