"""The `citewell` command: one file for each subcommand, exit statuses here.

Exit status: 0 done, 1 a `CitewellError` in one line, 2 wrong usage, 3 some files were refused, 130 interrupted.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from rag import __version__
from rag.cli import articles, ask, chat, evaluate, feedback, index, password, search, serve, show_settings
from rag.errors import CitewellError
from rag.logs import configure_logging
from rag.settings import get_settings
from rag.threads import calm_threads
from rag.tracing import forget_outdated_tracing

COMMANDS = (index, ask, search, articles, chat, serve, feedback, password, evaluate, show_settings)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command."""
    parser = argparse.ArgumentParser(
        prog="citewell",
        description="Answers health questions from a collection of articles; every sentence is quoted.",
        epilog='example: citewell ask "Does heat help sciatica?"',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"citewell {__version__}")
    parser.add_argument("--debug", action="store_true", help="show a traceback when something fails")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.add_parser(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    calm_threads()
    forget_outdated_tracing()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["eval"]:
        return evaluate.hand_over(given[1:])  # it has a parser of its own, `--help` included
    asked = make_parser().parse_args(given)
    try:
        configure_logging(get_settings().log.level, form=get_settings().log.format)
        status = int(asked.run(asked))
        sys.stdout.flush()
    except CitewellError as error:
        if asked.debug:
            raise
        print(f"citewell: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of the pipe left; without this, Python complains once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("citewell: interrupted", file=sys.stderr)
        return 130
    return status
