# ruff: noqa: T201 — a command line prints
"""Check articles: `python -m rag.lint PATH… [--against PATH] [--coverage] [--json]`."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rag.errors import CitewellError
from rag.lint import Coverage, check_articles, coverage, load_rules
from rag.lint.check import collection_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Print findings, one a line; return 0 when there are none, else 1."""
    parser = argparse.ArgumentParser(
        prog="python -m rag.lint",
        description="Check articles against the rules of their collection (.citewell-checks.yaml).",
        epilog="example: python -m rag.lint corpus --coverage",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="article or folder")
    parser.add_argument("--against", action="append", default=[], type=Path, metavar="PATH")
    parser.add_argument("--coverage", action="store_true", help="fail when the registry is not used up")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(arguments)
    try:
        rules = load_rules(collection_of(asked.paths[0]))
        if asked.against:
            rules = dataclasses.replace(
                rules,
                against=(*rules.against, *asked.against),
                enabled=rules.enabled | {"shared-words"},
            )
        findings = check_articles(asked.paths, rules)
        unused = (
            coverage(asked.paths, rules.registry, allowed=rules.unused_allowed)
            if asked.coverage and rules.registry
            else None
        )
    except CitewellError as error:
        print(f"citewell: {error}", file=sys.stderr)
        return 1
    if asked.json:
        report: dict[str, object] = {"findings": [dataclasses.asdict(finding) for finding in findings]}
        if unused:
            report["coverage"] = dataclasses.asdict(unused)
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            print(finding)
        if unused:
            _print_coverage(unused)
    return 1 if findings or (unused and not unused.complete) else 0


def _print_coverage(unused: Coverage) -> None:
    for name, total in unused.totals.items():
        left = getattr(unused, name)
        rest = f"; not used: {', '.join(left)}" if left else ""
        print(f"{name}: {total - len(left)} of {total} used or excused{rest}")


if __name__ == "__main__":
    sys.exit(main())
