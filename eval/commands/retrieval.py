"""`citewell eval retrieval`: how well passages, or the documents of a BEIR folder, are found."""

import argparse
from pathlib import Path
from typing import Any

from eval.commands.options import (
    Counter,
    add_command,
    add_data_option,
    add_index_option,
    add_json_option,
    add_report_option,
    add_set_options,
    add_split_option,
    give,
    positive,
)
from eval.dataset import Split, load_questions
from rag.settings import get_settings


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "retrieval",
        "measure how well passages are found, beside plainer systems",
        "citewell eval retrieval --split test\n         citewell eval retrieval --beir my-collection --json",
    )
    add_split_option(parser, Split.TRAIN)
    add_set_options(parser)
    add_index_option(parser)
    parser.add_argument("--beir", type=Path, metavar="DIR", help="score a collection in BEIR form instead")
    parser.add_argument(
        "--cache", type=Path, metavar="DIR", help="folder for BEIR indexes (default: ~/.cache/citewell/beir)"
    )
    parser.add_argument(
        "--sentences", action="store_true", help="with --beir: embed every sentence too, as the product does; slower"
    )
    parser.add_argument("--run-out", type=Path, metavar="FILE", help="write our run in TREC form")
    parser.add_argument("--k", type=positive, default=100, metavar="K", help="depth of the runs (default: 100)")
    parser.add_argument("--no-quick-start", action="store_true", help="leave the LangChain quick start out")
    add_data_option(parser)
    add_report_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure and print."""
    from eval.tables import retrieval_tables  # the parts behind it take a second to import

    report = _beir(asked) if asked.beir else _built_in(asked)
    give(asked, report, retrieval_tables)
    return 0


def _beir(asked: argparse.Namespace) -> dict[str, Any]:
    from eval.beir import read_collection
    from eval.beir_ranking import beir_report
    from rag.assemble import make_encoder

    judged = read_collection(asked.beir)
    settings = get_settings()
    return beir_report(
        judged,
        make_encoder(settings),
        target_tokens=settings.chunk.target_tokens,
        cache=asked.cache,
        index=asked.index,
        sentences=asked.sentences,
        k=asked.k,
        run_out=asked.run_out,
        progress=Counter,
    )


def _built_in(asked: argparse.Namespace) -> dict[str, Any]:
    from eval.built_in import retrieval_report
    from eval.collection import open_collection

    settings = get_settings()
    questions = load_questions(asked.split, which=asked.which, folder=asked.data)
    collection = open_collection(
        settings, index=asked.index, articles=asked.articles, progress=Counter("texts embedded")
    )
    return retrieval_report(
        collection,
        questions,
        dataset=f"{asked.which}.{asked.split}",
        model=settings.encoder.model,
        k=asked.k,
        with_quick_start=not asked.no_quick_start,
        run_out=asked.run_out,
        progress=Counter("queries"),
    )
