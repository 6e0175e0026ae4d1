"""`citewell eval check`: whether the question files are sound and fit the articles."""

import argparse
import sys
from pathlib import Path

from eval.commands.options import add_command, add_data_option, add_json_option, print_json
from rag.errors import CorpusError
from rag.settings import get_settings
from rag.types import Article

MALFORMED = 2


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands, "check", "check the question files against the articles", "citewell eval check --fix"
    )
    parser.add_argument("--fix", action="store_true", help="rewrite the offsets of labels whose text has moved")
    parser.add_argument(
        "--articles", type=Path, metavar="PATH", help="the raw web article, to check the first_article questions too"
    )
    add_data_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Check, mend where asked, and print what is left."""
    from eval.check import check_files
    from eval.label_moves import apply_moves

    articles = read_by_id(get_settings().corpus.path)
    first = read_by_id(asked.articles) if asked.articles else {}
    findings = check_files(asked.data, articles, first)
    fixed = 0
    if asked.fix and findings.moves:
        fixed = sum(apply_moves(findings.moves).values())
        findings = check_files(asked.data, articles, first)
    if asked.json:
        print_json({"rows": findings.rows, "problems": findings.problems, "notes": findings.notes, "fixed": fixed})
    else:
        for problem in findings.problems:
            print(problem, file=sys.stderr)
        for note in findings.notes:
            print(note, file=sys.stderr)
        print(", ".join(f"{name} {count}" for name, count in findings.rows.items()))
        print(f"{len(findings.problems)} problems" + (f", {fixed} labels moved to their new places" if fixed else ""))
    return MALFORMED if findings.problems else 0


def read_by_id(path: Path) -> dict[str, Article]:
    """Return the articles of a file or folder by id.

    Raises:
        CorpusError: there are none.
    """
    from rag.ingest.articles import find_files, read_articles

    found = [result for result in read_articles(find_files([path])[0]) if isinstance(result, Article)]
    if not found:
        raise CorpusError(f"{path}: no articles found; set CITEWELL_CORPUS__PATH to the folder with the articles")
    return {article.article_id: article for article in found}
