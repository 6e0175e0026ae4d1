"""`citewell eval page`: how soon the page stands and answers, and what a reader costs."""

import argparse
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from eval.commands.options import (
    Counter,
    add_command,
    add_index_option,
    add_json_option,
    add_report_option,
    give,
    positive,
)
from rag.settings import get_settings

QUESTION = "Does massage help sciatica?"
REPEATS = 3
READERS = 20


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "page",
        "measure the start, first paint, first answer and memory of the page beside a bare Streamlit page; "
        "judges nothing",
        "citewell eval page --repeats 5",
    )
    parser.add_argument(
        "--repeats", type=positive, metavar="N", default=REPEATS, help=f"starts of each page (default: {REPEATS})"
    )
    parser.add_argument(
        "--readers",
        type=positive,
        metavar="N",
        default=READERS,
        help=f"tabs that join the first one (default: {READERS})",
    )
    parser.add_argument("--question", default=QUESTION, metavar="TEXT", help=f"typed into it (default: {QUESTION})")
    parser.add_argument("--browser", metavar="PATH", help="a Chromium browser (default: the one on the search path)")
    add_index_option(parser)
    add_report_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure and print; nothing is judged. Return 2 where there is no browser to measure with."""
    from eval.page_browser import chromium, find_browser, missing  # the parts behind these take time to import
    from eval.page_server import citewell_page, hello_page
    from eval.page_speed import page_report, page_tables, run_page_speed
    from eval.speed_report import machine
    from rag.assemble import open_reader

    lacking, path = missing(asked.browser), find_browser(asked.browser)
    if lacking or path is None:
        print(f"citewell eval page: {lacking}", file=sys.stderr)
        return 2
    articles = len(open_reader(get_settings(), index=asked.index).articles())
    before = machine()
    with tempfile.TemporaryDirectory(prefix="citewell-hello-") as folder, chromium(path) as browser:
        servers = (citewell_page(asked.index), hello_page(Path(folder)))
        values = run_page_speed(
            servers,
            browser,
            question=asked.question,
            repeats=asked.repeats,
            readers=asked.readers,
            progress=Counter("pages"),
        )
        conditions = {
            "repeats": asked.repeats,
            "further readers": asked.readers,
            "articles": articles,
            "streamlit": version("streamlit"),
            "chromium": browser.version,
            "question": asked.question,
        }
    give(asked, page_report(values, servers, conditions=conditions, machine=before), page_tables)
    return 0
