"""`citewell ask`: answer one question, or a file of them."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.cli.options import (
    TerminalProgress,
    add_command,
    add_index_option,
    add_json_option,
    add_mode_option,
    print_json,
)
from rag.errors import CitewellError
from rag.loading import loading
from rag.logs import log_answer
from rag.settings import get_settings
from rag.types import Question


@dataclass(frozen=True, slots=True)
class InputLine:
    """One line of a file of questions."""

    question_id: str
    question: Question


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = add_command(
        commands,
        "ask",
        "answer a question, or every question of a JSON Lines file",
        'citewell ask "Does heat help sciatica?" --json\n'
        "         citewell ask --input questions.jsonl --output answers.jsonl",
    )
    parser.add_argument("question", nargs="?", metavar="QUESTION", help="the question, in quotation marks")
    parser.add_argument("--input", type=Path, metavar="FILE", help='lines of {"id", "question", "history"}')
    parser.add_argument("--output", type=Path, metavar="FILE", help="where the answers go, one JSON object a line")
    parser.add_argument("--region", metavar="CODE", help="country for emergency numbers, such as GB or US")
    add_mode_option(parser)
    add_index_option(parser)
    add_json_option(parser)
    parser.set_defaults(run=run, parser=parser)


def run(asked: argparse.Namespace) -> int:
    """Answer and print or write."""
    many = asked.input is not None
    if many == (asked.question is not None):
        asked.parser.error("give either a question or --input FILE")
    if asked.output is not None and not many:
        asked.parser.error("--output goes with --input")
    lines = list(read_questions(asked.input)) if many else []

    with loading():
        from rag.assemble import make_plain_answerer  # the parts behind it take half a second to import
        from rag.chain.answer_json import answer_record
        from rag.cli.render import answer_text

        answerer = make_plain_answerer(get_settings(), index=asked.index, region=asked.region, mode=asked.mode)
    if not many:
        answer = answerer.invoke(Question(asked.question))
        log_answer(answer, channel="ask")
        if asked.json:
            print_json(answer_record(answer))
        else:
            print(answer_text(answer))
        return 0
    progress = TerminalProgress("questions answered")

    def records() -> Iterator[str]:
        for done, line in enumerate(lines, start=1):
            answer = answerer.invoke(line.question)
            log_answer(answer, channel="ask")
            record = answer_record(answer, question_id=line.question_id)
            progress(done, len(lines))
            yield json.dumps(record, ensure_ascii=False) + "\n"

    if asked.output is None:
        sys.stdout.writelines(records())
    else:
        _write_whole(asked.output, records())
    return 0


def read_questions(path: Path) -> Iterator[InputLine]:
    """Yield the questions of a JSON Lines file; blank lines are passed over.

    Raises:
        CitewellError: the file cannot be read, or a line is not as expected.
    """
    from rag.chain.request import as_question

    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CitewellError(f"{path} cannot be read as UTF-8 text ({error}); expected JSON lines") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            question = as_question(value)
            question_id = value.get("id", str(number))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise CitewellError(
                f'{path}:{number}: {error}; expected {{"id": …, "question": …, "history": […]}}'
            ) from error
        if not isinstance(question_id, str | int):
            raise CitewellError(f"{path}:{number}: id is {question_id!r}; expected text")
        yield InputLine(str(question_id), question)


def _write_whole(path: Path, lines: Iterator[str]) -> None:
    """Write a file that appears only when it is complete."""
    handle, name = -1, ""
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(lines)
        os.replace(name, path)
    except OSError as error:
        raise CitewellError(f"{path} cannot be written ({error.strerror}); name a file in a folder that can") from error
    finally:
        if name and Path(name).exists():
            Path(name).unlink()
