"""`citewell eval compare`: what changed between two saved reports."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.commands.options import add_command, add_json_option, print_json
from eval.saved_reports import read_report
from rag.errors import EvaluationDataError


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "compare",
        "show which questions changed between two reports, with p-values",
        "citewell eval compare before.json after.json",
    )
    parser.add_argument("first", type=Path, metavar="A.json", help="a report saved with --json")
    parser.add_argument("second", type=Path, metavar="B.json", help="another one")
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Compare and print."""
    from eval.compare import compare

    result = compare(read_report(asked.first), read_report(asked.second))
    if not result["sections"]:
        raise EvaluationDataError(
            f"{asked.second}:1: of another kind than {asked.first}; expected two reports of one command"
        )
    if asked.json:
        print_json(result)
    else:
        print("\n\n".join(_tables(name, section) for name, section in result["sections"].items()))
    return 0


def _tables(name: str, section: Mapping[str, Any]) -> str:
    from eval.tables import probability, table

    rows = [
        [
            measure,
            *(found[key] for key in ("first", "second", "value", "low", "high")),
            probability(found["p"]),
            found["n"],
        ]
        for measure, found in section["measures"].items()
    ]
    parts = [f"{name}: {section['datasets'][1]}", table((" ", "A", "B", "B - A", "low", "high", "p", "n"), rows)]
    alone = max((found["only_first"] + found["only_second"] for found in section["measures"].values()), default=0)
    if alone:
        parts.append(f"{alone} questions stand in one report only and are left out")
    lines = [
        f"  {query_id}  " + ", ".join(f"{measure} {old:.3f} → {new:.3f}" for measure, (old, new) in changes.items())
        for query_id, changes in section["changed"].items()
    ]
    parts.append("\n".join([f"{len(lines)} questions changed", *lines]))
    return "\n\n".join(parts)
