"""`citewell chat`: a conversation in the terminal."""

import argparse
import sys
from contextlib import suppress

from rag.cli.options import add_command, add_index_option, add_mode_option
from rag.errors import IndexStoreError
from rag.loading import loading
from rag.logs import log_answer
from rag.settings import get_settings
from rag.types import Question, Role, Turn

MAX_TURNS = 40
"""Earlier turns that are kept; the safety check looks at all of them."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands, "chat", "talk in the terminal; an empty line or Ctrl-D ends it", "citewell chat --region GB"
    )
    parser.add_argument("--region", metavar="CODE", help="country for emergency numbers, such as GB or US")
    add_mode_option(parser)
    add_index_option(parser)
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Answer until the reader leaves."""
    with loading():
        from rag.assemble import make_plain_answerer, renewed  # the parts behind it take half a second to import
        from rag.cli.render import answer_text

        settings = get_settings()
        answerer = make_plain_answerer(settings, index=asked.index, region=asked.region, mode=asked.mode)
    history: list[Turn] = []
    while True:
        if sys.stdin.isatty():
            print("\n> ", end="", flush=True)
        line = sys.stdin.readline()
        if not line.strip():
            return 0
        with suppress(IndexStoreError):  # then the old index goes on answering
            answerer = renewed(answerer, settings, index=asked.index)
        answer = answerer.invoke(Question(line.strip(), tuple(history)))
        log_answer(answer, channel="chat")
        print(answer_text(answer), flush=True)
        history += [Turn(Role.USER, line.strip()), Turn(Role.ASSISTANT, answer.text)]
        history = history[-MAX_TURNS:]
