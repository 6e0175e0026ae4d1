"""Feedback as candidate cases of the evaluation: a file of JSON lines that `citewell eval candidates` reads."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from rag.errors import FeedbackStoreError
from rag.feedback.records import Choice, KeptFeedback, Verdict
from rag.feedback.store import FeedbackStore

CANDIDATES = Path(".citewell/candidates.jsonl")
LOCK_WAIT_S = 10.0


def can_be_candidate(kept: KeptFeedback) -> bool:
    """Return whether feedback says enough for a case: a thumb down with a reason and the question."""
    feedback = kept.feedback
    return feedback.verdict is Verdict.DOWN and feedback.reason is not None and bool(feedback.question)


def candidate_fields(kept: KeptFeedback) -> dict[str, Any]:
    """Return feedback in the form of the file of candidates."""
    feedback = kept.feedback
    return {
        "id": f"f-{kept.number}",
        "question": feedback.question,
        "history": [{"role": str(turn.role), "content": turn.content} for turn in feedback.history],
        "behavior": str(feedback.behavior),
        "reason": str(feedback.reason),
        "note": feedback.note,
        "passages": [asdict(passage) for passage in feedback.passages],
        "created": kept.created,
    }


def export_candidates(
    store: FeedbackStore, file: Path = CANDIDATES, *, numbers: Sequence[int] | None = None
) -> list[KeptFeedback]:
    """Append feedback to the file of candidates and return what was appended, oldest first.

    What was exported before is left out, so that a candidate which was dropped does not come back. The file is
    written before the store is marked: a run that stops between the two appends nothing twice.

    Args:
        store: where feedback is kept.
        file: the candidates; made when missing.
        numbers: only these; None takes all that can be candidates.

    Raises:
        FeedbackStoreError: the store or the file cannot be read or written.
    """
    choice = Choice(candidate=False, numbers=None if numbers is None else tuple(numbers))
    found = [kept for kept in store.find(choice) if can_be_candidate(kept)][::-1]
    if not found:
        return []
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(file.with_name(f"{file.name}.lock"), timeout=LOCK_WAIT_S):
            before = file.read_bytes() if file.exists() else b""
            known = {_id_of(line) for line in before.splitlines()}
            rows = [fields for fields in map(candidate_fields, found) if fields["id"] not in known]
            gap = b"\n" if before and not before.endswith(b"\n") else b""
            lines = b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
            _replace(file, before + gap + lines)
    except (OSError, Timeout) as error:
        raise FeedbackStoreError(f"{file} cannot be written ({type(error).__name__}); name another file") from None
    store.mark_candidates([kept.number for kept in found])
    return found


def _id_of(line: bytes) -> object:
    try:
        fields = json.loads(line)
    except ValueError:
        return None  # `citewell eval candidates` says what is wrong with the line
    return fields.get("id") if isinstance(fields, dict) else None


def _replace(file: Path, content: bytes) -> None:
    """Write a file whole or not at all; readers' words are for this account only."""
    aside = file.with_name(f"{file.name}.{os.getpid()}.new")
    handle = os.open(aside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as output:
        output.write(content)
        output.flush()
        os.fsync(output.fileno())
    os.replace(aside, file)
