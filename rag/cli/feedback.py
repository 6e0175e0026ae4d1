"""`citewell feedback`: list what readers say, make evaluation candidates of it, delete it."""

import argparse
import dataclasses
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rag.cli.options import add_command, add_json_option, print_json
from rag.errors import CitewellError
from rag.feedback.records import Choice, KeptFeedback, Reason, Verdict
from rag.settings import get_settings

if TYPE_CHECKING:
    from rag.feedback.store import FeedbackStore

WIDTH = 72
LISTED = 50


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand with its own subcommands."""
    parser = add_command(
        commands, "feedback", "list, export and delete what readers say", "citewell feedback list --verdict down"
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    listing = add_command(actions, "list", "list feedback, newest first", "citewell feedback list --reason unsafe")
    listing.add_argument("--verdict", choices=[str(one) for one in Verdict], help="only this thumb")
    listing.add_argument("--reason", choices=[str(one) for one in Reason], help="only with this reason")
    listing.add_argument("--with-question", action="store_true", help="only where the question was sent")
    listing.add_argument("--limit", type=int, default=LISTED, metavar="N", help=f"so many (default: {LISTED})")
    add_json_option(listing)
    listing.set_defaults(run=list_feedback)

    exporting = add_command(
        actions,
        "export",
        "append feedback that came with its question to the candidates of the evaluation",
        "citewell feedback export",
    )
    exporting.add_argument("numbers", nargs="*", type=int, metavar="NUMBER", help="only these (default: all new)")
    exporting.add_argument(
        "--output", type=Path, metavar="FILE", help="the candidates (default: .citewell/candidates.jsonl)"
    )
    add_json_option(exporting)
    exporting.set_defaults(run=export)

    deleting = add_command(
        actions, "delete", "delete feedback for good", "citewell feedback delete --before 2026-01-01"
    )
    deleting.add_argument("numbers", nargs="*", type=int, metavar="NUMBER")
    deleting.add_argument("--before", type=_day, metavar="DATE", help="all that is older than this day")
    add_json_option(deleting)
    deleting.set_defaults(run=delete)


def list_feedback(asked: argparse.Namespace) -> int:
    """Print feedback."""
    if asked.limit < 1:
        raise CitewellError(f"--limit {asked.limit} lists nothing; expected 1 or more")
    choice = Choice(
        verdict=Verdict(asked.verdict) if asked.verdict else None,
        reason=Reason(asked.reason) if asked.reason else None,
        with_question=asked.with_question,
    )
    store = _store()
    found, total = store.find(choice, limit=asked.limit), store.count(choice)
    if asked.json:
        print_json([_as_json(kept) for kept in found])
        return 0
    for kept in found:
        print(_row(kept))
    print(f"{len(found)} of {total}")
    return 0


def export(asked: argparse.Namespace) -> int:
    """Append new candidates to the file."""
    from rag.feedback.candidates import CANDIDATES, export_candidates

    file = asked.output or CANDIDATES
    done = export_candidates(_store(), file, numbers=asked.numbers or None)
    if asked.json:
        print_json({"exported": [kept.number for kept in done], "file": str(file)})
    else:
        mend = "; next run: citewell eval candidates" if done else ""
        print(f"{len(done)} new candidates in {file}{mend}")
    return 0


def delete(asked: argparse.Namespace) -> int:
    """Delete feedback by number or by age."""
    if not asked.numbers and asked.before is None:
        raise CitewellError("nothing was named; run: citewell feedback delete NUMBER, or with --before DATE")
    count = _store().delete(numbers=asked.numbers, before=asked.before)
    if asked.json:
        print_json({"deleted": count})
    else:
        print(f"{count} deleted")
    return 0


def _store() -> "FeedbackStore":
    from rag.assemble import make_feedback_store

    return make_feedback_store(get_settings())


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no date; expected for instance 2026-01-31") from None


def _as_json(kept: KeptFeedback) -> dict[str, object]:
    fields = dataclasses.asdict(kept.feedback)
    return {"number": kept.number, "created": kept.created, "candidate": kept.candidate, **fields}


def _row(kept: KeptFeedback) -> str:
    """One line of a terminal, without signs that would steer it."""
    feedback = kept.feedback
    said = "  ".join(part for part in (_line(feedback.question or ""), _line(feedback.note)) if part)
    mark = "*" if kept.candidate else " "
    reason = str(feedback.reason or "-")
    return f"{kept.number:>6}{mark} {kept.created}  {feedback.verdict:<4}  {reason:<13}  {feedback.behavior:<7}  {said}"


def _line(text: str) -> str:
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
