"""`citewell articles`: list, show and check articles, and start new ones."""

import argparse
import dataclasses
import sys
from pathlib import Path

from rag.cli.options import add_command, add_index_option, add_json_option, print_json
from rag.errors import CitewellError
from rag.settings import get_settings


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand with its own subcommands."""
    parser = add_command(
        commands,
        "articles",
        "list, show and check articles, or start a new one",
        "citewell articles show heat-and-cold",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    listing = add_command(actions, "list", "list the indexed articles", "citewell articles list")
    add_index_option(listing)
    add_json_option(listing)
    listing.set_defaults(run=list_articles)

    showing = add_command(
        actions,
        "show",
        "print the text of an article, into which every offset counts",
        "citewell articles show heat-and-cold",
    )
    showing.add_argument("article_id", metavar="ID", help="id of an indexed article; with --cleaned a file or folder")
    showing.add_argument(
        "--cleaned", action="store_true", help="read a file and print what is kept, and what is taken out and why"
    )
    add_index_option(showing)
    add_json_option(showing)
    showing.set_defaults(run=show_article)

    comparing = add_command(
        actions,
        "duplicates",
        "list indexed articles with nearly the same text",
        "citewell articles duplicates",
    )
    add_index_option(comparing)
    add_json_option(comparing)
    comparing.set_defaults(run=list_duplicates)

    checking = add_command(
        actions,
        "check",
        "check articles against the rules of their collection",
        "citewell articles check corpus --coverage",
    )
    checking.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files and folders (default: the collection)"
    )
    checking.add_argument(
        "--against", action="append", type=Path, default=[], metavar="PATH", help="texts whose wording must not recur"
    )
    checking.add_argument("--coverage", action="store_true", help="also name facts and topics that no article uses")
    add_json_option(checking)
    checking.set_defaults(run=check)

    starting = add_command(
        actions, "new", "write a template for a new article", 'citewell articles new yoga --title "Yoga and sciatica"'
    )
    starting.add_argument("article_id", metavar="ID")
    starting.add_argument("--title", default="", help="its title (default: from the id)")
    starting.set_defaults(run=start)


def list_articles(asked: argparse.Namespace) -> int:
    """Print the indexed articles."""
    from rag.assemble import open_reader

    articles = open_reader(get_settings(), index=asked.index).articles()
    if asked.json:
        print_json(
            [
                {
                    "id": article.article_id,
                    "title": article.title,
                    "path": article.path,
                    "url": article.url,
                    "reviewed": article.reviewed,
                    "clinician_reviewed": article.clinician_reviewed,
                    "characters": len(article.text),
                }
                for article in articles
            ]
        )
        return 0
    width = max((len(article.article_id) for article in articles), default=0)
    for article in articles:
        print(f"{article.article_id:<{width}}  {article.reviewed or '          '}  {article.title}")
    return 0


def show_article(asked: argparse.Namespace) -> int:
    """Print one article's text exactly as offsets count it, or with `--cleaned` what reading a file leaves of it."""
    from rag.assemble import open_reader

    if asked.cleaned:
        from rag.cli.cleaned import show_cleaned

        return show_cleaned(Path(asked.article_id), as_json=asked.json)

    article = open_reader(get_settings(), index=asked.index).article(asked.article_id)
    if article is None:
        raise CitewellError(f"no article '{asked.article_id}' in the index; run: citewell articles list")
    if asked.json:
        fields = dataclasses.asdict(article)
        fields.pop("extra")
        print_json(fields)
    else:
        print(article.text)
    return 0


def list_duplicates(asked: argparse.Namespace) -> int:
    """Print pairs of indexed articles with nearly the same text; status 0 also when there are some."""
    from rag.assemble import open_reader
    from rag.ingest.near_duplicates import near_duplicates, sketch

    articles = open_reader(get_settings(), index=asked.index).articles()
    pairs = near_duplicates((article.article_id, sketch(article.text)) for article in articles)
    paths = {article.article_id: article.path for article in articles}
    if asked.json:
        print_json(
            [
                {"first": one.first, "second": one.second, "share": round(one.share, 2),
                 "paths": [paths[one.first], paths[one.second]]}
                for one in pairs
            ]
        )  # fmt: skip
        return 0
    for one in pairs:
        print(f"{one.share:.0%}  {one.first} ({paths[one.first]})  {one.second} ({paths[one.second]})")
    if not pairs:
        print("no two articles share most of their text", file=sys.stderr)
    return 0


def check(asked: argparse.Namespace) -> int:
    """Check articles; status 1 when something was found."""
    from rag.lint.__main__ import main

    paths = asked.paths or [get_settings().corpus.path]
    options = ["--coverage"] * asked.coverage + ["--json"] * asked.json
    for path in asked.against:
        options += ["--against", str(path)]
    return main([*options, *map(str, paths)])


def start(asked: argparse.Namespace) -> int:
    """Write a template into the collection."""
    from rag.lint import new_article_template

    folder = get_settings().corpus.path
    path = folder / f"{asked.article_id}.md"
    title = asked.title or asked.article_id.replace("-", " ").capitalize()
    text = new_article_template(asked.article_id, title)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise CitewellError(f"{path} exists already; choose another id") from None
    except OSError as error:
        raise CitewellError(f"{path} cannot be written ({error.strerror}); check CITEWELL_CORPUS__PATH") from error
    print(f"{path} written; fill it in, then run: citewell articles check {path}", file=sys.stderr)
    return 0
