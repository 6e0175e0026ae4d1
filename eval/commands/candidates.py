"""`citewell eval candidates`: turn readers' feedback into questions of the training half."""

import argparse
from dataclasses import asdict
from pathlib import Path

from eval.candidates import (
    CANDIDATES,
    Candidate,
    Ruling,
    accept,
    drop,
    question_fields,
    read_candidates,
)
from eval.commands.options import add_command, add_index_option, print_json
from eval.dataset import DATA, QUESTION_KINDS
from eval.json_rows import shown
from rag.errors import EvaluationDataError
from rag.settings import get_settings

KINDS = tuple(kind for kind in QUESTION_KINDS if kind != "red_flag")
"""Warning signs belong into the files of messages."""

WIDTH = 60
"""Characters of a question in the table."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand with its own."""
    parser = add_command(
        commands,
        "candidates",
        "list readers' feedback, and accept it as questions of the training half",
        'citewell eval candidates accept f-12 --label heat-and-cold:120-240 --fact "short=short[- ]term|brief"',
    )
    _add_shared(parser, first=True)
    parser.set_defaults(run=run_list)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    listing = add_command(actions, "list", "show the open candidates", "citewell eval candidates list --json")
    _add_shared(listing)
    listing.set_defaults(run=run_list)
    taking = add_command(
        actions,
        "accept",
        "append a candidate to the training half",
        "citewell eval candidates accept f-12 --not-covered",
    )
    taking.add_argument("id", metavar="ID", help="the candidate")
    right = taking.add_mutually_exclusive_group(required=True)
    right.add_argument(
        "--label",
        action="append",
        metavar="ARTICLE:START-END[:GRADE]",
        help="where the answer stands: 3 answers it (default), 2 answers a part, 1 helps; may be given again",
    )
    right.add_argument("--not-covered", action="store_true", help="no article answers it")
    taking.add_argument(
        "--fact",
        action="append",
        default=[],
        metavar="NAME=PATTERN|PATTERN",
        help="what a full answer holds; may be given again",
    )
    taking.add_argument("--kind", choices=KINDS, help="default: direct, follow_up after a conversation, or near_topic")
    taking.add_argument("--data", type=Path, metavar="DIR", default=DATA, help="folder with the question files")
    add_index_option(taking)
    _add_shared(taking)
    taking.set_defaults(run=run_accept)
    dropping = add_command(actions, "drop", "take a candidate off the list", "citewell eval candidates drop f-12")
    dropping.add_argument("id", metavar="ID", help="the candidate")
    _add_shared(dropping)
    dropping.set_defaults(run=run_drop)


def run_list(asked: argparse.Namespace) -> int:
    """Print the open candidates; a list that was never written is empty."""
    from eval.tables import table

    missing = asked.file is None and not CANDIDATES.exists()
    candidates = [] if missing else read_candidates(_file(asked))
    if asked.json:
        print_json([_as_json(one) for one in candidates])
        return 0
    if candidates:
        rows = [
            [
                _line(one.candidate_id),
                one.reason,
                str(one.behavior),
                _line(one.created),
                _line(one.question.text),
                _line(one.note),
            ]
            for one in candidates
        ]
        print(table(("id", "reason", "shown", "created", "question", "note"), rows) + "\n")
    print(f"{len(candidates)} open candidates" + (f"; {CANDIDATES} is not there yet" if missing else ""))
    return 0


def run_accept(asked: argparse.Namespace) -> int:
    """Check a candidate against the index, append it to the training half, and take it off the list."""
    from rag.assemble import open_reader

    candidate, others = _chosen(asked)
    reader = open_reader(get_settings(), index=asked.index)
    articles = {str(article.article_id): article for article in reader.articles()}
    ruling = Ruling(tuple(asked.label or ()), tuple(asked.fact), asked.kind)
    fields = question_fields(candidate, ruling, articles, asked.data)
    file = accept(candidate, fields, asked.data)
    if asked.json:
        print_json({"accepted": fields, "file": str(file), "open": others})
    else:
        print(f"{fields['id']} written to {file}; {others} open candidates")
    return 0


def run_drop(asked: argparse.Namespace) -> int:
    """Take a candidate off the list."""
    candidate, others = _chosen(asked)
    drop(candidate)
    if asked.json:
        print_json({"dropped": candidate.candidate_id, "open": others})
    else:
        print(f"{_line(candidate.candidate_id)} dropped; {others} open candidates")
    return 0


def _add_shared(parser: argparse.ArgumentParser, *, first: bool = False) -> None:
    """Options that may stand before or behind the action; only the first parser gives their defaults."""
    parser.add_argument(
        "--file",
        type=Path,
        metavar="FILE",
        default=None if first else argparse.SUPPRESS,
        help=f"the candidates (default: {CANDIDATES})",
    )
    parser.add_argument(
        "--json", action="store_true", default=False if first else argparse.SUPPRESS, help="print JSON for programs"
    )


def _file(asked: argparse.Namespace) -> Path:
    return CANDIDATES if asked.file is None else Path(asked.file)


def _chosen(asked: argparse.Namespace) -> tuple[Candidate, int]:
    """The candidate that was named, and how many others there are."""
    candidates = read_candidates(_file(asked))
    for one in candidates:
        if one.candidate_id == asked.id:
            return one, len(candidates) - 1
    raise EvaluationDataError(f"{_file(asked)}:0: no candidate {shown(asked.id)}; expected an id from the list")


def _as_json(candidate: Candidate) -> dict[str, object]:
    return {
        "id": candidate.candidate_id,
        "question": candidate.question.text,
        "history": [{"role": str(turn.role), "content": turn.content} for turn in candidate.question.history],
        "behavior": str(candidate.behavior),
        "reason": candidate.reason,
        "note": candidate.note,
        "passages": [asdict(passage) for passage in candidate.passages],
        "created": candidate.created,
    }


def _line(text: str) -> str:
    """A reader's words on one line of a terminal, without signs that would steer it."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    line = " ".join(line.split())
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
