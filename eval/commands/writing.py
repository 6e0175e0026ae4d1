"""`citewell eval writing`: how many lies of a chat model would be shown, and how many true sentences dropped."""

import argparse
from dataclasses import asdict

from eval.commands.options import add_command, add_data_option, add_json_option, add_split_option, print_json
from eval.dataset import Split
from eval.tables import table
from rag.settings import get_settings


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "writing",
        "check the check of written sentences against labelled lies and true sentences",
        "citewell eval writing --split train --show",
    )
    add_split_option(parser, Split.TEST)
    parser.add_argument("--show", action="store_true", help="print every sentence that is told wrongly")
    add_data_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure and print."""
    from eval.drafts import load_drafts, summarize_drafts, tell_apart
    from rag.assemble import make_encoder
    from rag.chain.writing.verify import Verifier

    told = tell_apart(load_drafts(asked.split, folder=asked.data), Verifier(make_encoder(get_settings())))
    summary = summarize_drafts(told)
    if asked.json:
        print_json(asdict(summary))
        return 0
    print(
        f"{summary.lies_shown} of {summary.lies} lies would be shown, "
        f"{summary.true_dropped} of {summary.true} true sentences dropped"
    )
    print(table(("kind", "n", "shown"), [[kind, n, shown] for kind, (n, shown) in summary.by_kind.items()]))
    if summary.dropped_for:
        print("true ones dropped for: " + ", ".join(f"{why} {n}" for why, n in summary.dropped_for.items()))
    if asked.show:
        for one in told:
            if one.labelled.supported == (one.fault is not None):
                print(
                    f"{one.labelled.passage_id} {one.labelled.kind} [{one.fault or 'shown'}] {one.labelled.draft.text}"
                )
    return 0
