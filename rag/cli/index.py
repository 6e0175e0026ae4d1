"""`citewell index`: bring the index up to date."""

import argparse
import sys
from pathlib import Path

from rag.cli.options import TerminalProgress, add_command, add_index_option, add_json_option, print_json
from rag.settings import get_settings

REFUSED_STATUS = 3


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "index",
        "index the collection, or the given files and folders; only what changed is embedded",
        "citewell index my-articles --index my-index",
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files and folders (default: the collection)"
    )
    add_index_option(parser)
    parser.add_argument("--rebuild", action="store_true", help="start from nothing, for instance after damage")
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Index and print what changed."""
    from rag.assemble import make_index  # the parts behind it take a second to import

    settings = get_settings()
    report = make_index(
        settings, asked.paths, index=asked.index, rebuild=asked.rebuild, progress=TerminalProgress("texts embedded")
    )
    counts = {name: len(getattr(report, name)) for name in ("added", "changed", "unchanged", "removed", "refused")}
    if asked.json:
        print_json(
            {
                **counts,
                "refusals": [{"path": refusal.path, "reason": refusal.reason} for refusal in report.refused],
                "near_duplicates": [
                    {"first": pair.first, "second": pair.second, "share": round(pair.share, 2)} for pair in report.alike
                ],
                "chunks": report.chunks,
                "embedded": report.embedded,
                "index": str(asked.index or settings.index.path),
                "index_id": report.index_id,
                "seconds": round(report.seconds, 2),
            }
        )
    else:
        for refusal in report.refused:
            print(f"refused {refusal.path}: {refusal.reason}", file=sys.stderr)
        for pair in report.alike:
            print(f"nearly the same text: {pair.first} and {pair.second} ({pair.share:.0%} shared)", file=sys.stderr)
        print(", ".join(f"{name} {count}" for name, count in counts.items()))
    return REFUSED_STATUS if report.refused else 0
