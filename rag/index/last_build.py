"""What the last run of the indexer did, beside the index: a small JSON file for people, which no search reads."""

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.index.generations import LAST_BUILD_FILE
from rag.index.report import BuildReport
from rag.ingest.articles import Refusal

COUNTED = ("added", "changed", "unchanged", "removed")


@dataclass(frozen=True, slots=True)
class LastBuild:
    """A run of the indexer.

    Attributes:
        finished: ISO time in UTC.
        counts: articles by what became of them: added, changed, unchanged, removed.
        refused: files that could not be read, with reasons.
        embedded: texts that had to be embedded.
        seconds: how long it took.
    """

    finished: str
    counts: dict[str, int]
    refused: tuple[Refusal, ...]
    embedded: int
    seconds: float


def save_last_build(index: Path, report: BuildReport) -> None:
    """Keep what a run did; an index folder that takes no more files keeps the older word."""
    last = LastBuild(
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        counts={name: len(getattr(report, name)) for name in COUNTED},
        refused=report.refused,
        embedded=report.embedded,
        seconds=round(report.seconds, 2),
    )
    aside = index / f"{LAST_BUILD_FILE}.{os.getpid()}"
    with contextlib.suppress(OSError):
        aside.write_text(_text(last), encoding="utf-8")
        os.replace(aside, index / LAST_BUILD_FILE)


def load_last_build(index: Path) -> LastBuild | None:
    """Return what the last run did, or None where nothing undamaged says so."""
    try:
        text = (index / LAST_BUILD_FILE).read_bytes().decode()
        fields = json.loads(text)
        refused = tuple(Refusal(str(one["path"]), str(one["reason"])) for one in fields["refused"])
        counts = {name: int(fields["counts"][name]) for name in COUNTED}
        last = LastBuild(str(fields["finished"]), counts, refused, int(fields["embedded"]), float(fields["seconds"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return last if _text(last) == text else None


def _text(last: LastBuild) -> str:
    """The content of the file: it has one form only, so that every byte of it counts."""
    fields = asdict(last)
    check = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
    return json.dumps({**fields, "check": check}, indent=1) + "\n"
