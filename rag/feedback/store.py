"""Keep feedback in SQLite or in any other database that SQLAlchemy knows."""

import contextlib
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, create_engine, delete, func, insert, or_, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.elements import ColumnElement

from rag.errors import FeedbackStoreError
from rag.feedback.records import EVERYTHING, Choice, Feedback, KeptFeedback, Reason, ShownPassage, Verdict
from rag.feedback.table import FEEDBACK
from rag.types import Behavior, Role, Turn

logger = logging.getLogger(__name__)

DEFAULT_URL = "sqlite:///.citewell/feedback.sqlite3"
SETTING = "CITEWELL_FEEDBACK__URL"
WAIT_S = 5
"""How long a busy or silent database is waited for, in seconds."""


class FeedbackStore:
    """Feedback in a database. Safe to share between threads; nothing is opened or written before it is needed.

    What is raised names the kind of database and never its address, which may hold a password.
    """

    def __init__(self, url: str = DEFAULT_URL) -> None:
        """Take a database address.

        Args:
            url: in SQLAlchemy's form, for instance `postgresql+psycopg://name:password@host/database`.

        Raises:
            FeedbackStoreError: it is no such address, or the driver for it is not installed.
        """
        try:
            self._url = make_url(url)
            self._engine = _engine_for(self._url)
        except (ArgumentError, SQLAlchemyError, ValueError):
            raise FeedbackStoreError(
                f"{SETTING} is no database address; expected for instance {DEFAULT_URL} or "
                "postgresql+psycopg://name:password@host/database"
            ) from None
        except ImportError as error:
            raise FeedbackStoreError(
                f"{SETTING} asks for {self._url.drivername}, whose driver is not installed ({error.name}); "
                "for PostgreSQL run: pip install 'citewell[postgres]'"
            ) from None
        self._lock = threading.Lock()
        self._made = False

    @property
    def place(self) -> str:
        """What kind of database it is, for people; without address and password."""
        return self._url.get_backend_name()

    def add(self, feedback: Feedback) -> int:
        """Keep feedback and return its number.

        Raises:
            FeedbackStoreError: the database cannot be written.
        """
        values = {
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "verdict": str(feedback.verdict),
            "reason": None if feedback.reason is None else str(feedback.reason),
            "behavior": str(feedback.behavior),
            "note": feedback.note,
            "question": feedback.question,
            "history": [{"role": str(turn.role), "content": turn.content} for turn in feedback.history],
            "passages": [asdict(passage) for passage in feedback.passages],
            "index_id": feedback.index_id,
        }
        with self._connected("written") as connection:
            key = connection.execute(insert(FEEDBACK).values(values)).inserted_primary_key
            return int(key[0]) if key else 0

    def find(self, choice: Choice = EVERYTHING, *, limit: int | None = None, offset: int = 0) -> list[KeptFeedback]:
        """Return kept feedback, newest first.

        Args:
            choice: which.
            limit: so many at most.
            offset: after so many.

        Raises:
            FeedbackStoreError: the database cannot be read.
        """
        query = select(FEEDBACK).where(*_conditions(choice)).order_by(FEEDBACK.c.number.desc())
        query = query.limit(limit).offset(offset)
        with self._connected("read") as connection:
            rows = connection.execute(query).all()
        try:
            return [_kept(row) for row in rows]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise FeedbackStoreError(
                f"a row of the feedback in {self.place} is malformed ({type(error).__name__}); "
                "it was written by another version or by hand"
            ) from None

    def count(self, choice: Choice = EVERYTHING) -> int:
        """Return how much feedback there is.

        Raises:
            FeedbackStoreError: the database cannot be read.
        """
        query = select(func.count()).select_from(FEEDBACK).where(*_conditions(choice))
        with self._connected("read") as connection:
            return int(connection.execute(query).scalar_one())

    def mark_candidates(self, numbers: Sequence[int]) -> None:
        """Note that these were made evaluation candidates.

        Raises:
            FeedbackStoreError: the database cannot be written.
        """
        with self._connected("written") as connection:
            connection.execute(update(FEEDBACK).where(FEEDBACK.c.number.in_(numbers)).values(candidate=True))

    def delete(self, *, numbers: Sequence[int] = (), before: str | None = None) -> int:
        """Delete feedback for good and return how much.

        Args:
            numbers: these.
            before: and all that is older than this ISO date or time in UTC.

        Raises:
            FeedbackStoreError: the database cannot be written.
        """
        chosen: ColumnElement[bool] = FEEDBACK.c.number.in_(numbers)
        if before is not None:
            chosen = or_(chosen, FEEDBACK.c.created < before)
        with self._connected("written") as connection:
            return int(connection.execute(delete(FEEDBACK).where(chosen)).rowcount)

    def try_out(self) -> None:
        """See whether the database takes changes, by one that changes nothing.

        Raises:
            FeedbackStoreError: it cannot be written.
        """
        with self._connected("written") as connection:
            connection.execute(update(FEEDBACK).where(FEEDBACK.c.number == -1).values(candidate=False))

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _connected(self, what: str) -> Iterator[Connection]:
        """A connection in a transaction; the table is there."""
        try:
            with self._lock:
                if not self._made:
                    self._make()
                    self._made = True
            with self._engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            logger.warning("feedback could not be %s (%s)", what, type(error).__name__)
            raise FeedbackStoreError(
                f"the feedback in {self.place} cannot be {what} ({type(error).__name__}); "
                f"check that the database is there and that {SETTING} names it"
            ) from None

    def _make(self) -> None:
        if self._url.get_backend_name() == "sqlite" and self._url.database not in (None, "", ":memory:"):
            _make_private(Path(str(self._url.database)))
        with self._engine.begin() as connection:
            connection.execute(CreateTable(FEEDBACK, if_not_exists=True))
            for index in FEEDBACK.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))


def _engine_for(url: URL) -> Engine:
    waits = {"sqlite": {"timeout": WAIT_S}, "postgresql": {"connect_timeout": WAIT_S}}
    return create_engine(
        url,
        connect_args=waits.get(url.get_backend_name(), {}),
        pool_pre_ping=True,  # a database that was restarted is found again
        hide_parameters=True,  # readers' words stay out of errors and logs
    )


def _make_private(path: Path) -> None:
    """Make the file of a database that only this account may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _conditions(choice: Choice) -> list[ColumnElement[bool]]:
    columns = FEEDBACK.c
    found: list[ColumnElement[bool]] = []
    if choice.verdict is not None:
        found.append(columns.verdict == str(choice.verdict))
    if choice.reason is not None:
        found.append(columns.reason == str(choice.reason))
    if choice.with_question:
        found.append(columns.question.is_not(None))
    if choice.candidate is not None:
        found.append(columns.candidate.is_(choice.candidate))
    if choice.numbers is not None:
        found.append(columns.number.in_(choice.numbers))
    return found


def _kept(row: Row[Any]) -> KeptFeedback:
    feedback = Feedback(
        verdict=Verdict(row.verdict),
        behavior=Behavior(row.behavior),
        index_id=row.index_id,
        passages=tuple(ShownPassage(**fields) for fields in row.passages),
        reason=None if row.reason is None else Reason(row.reason),
        note=row.note,
        question=row.question,
        history=tuple(Turn(Role(turn["role"]), turn["content"]) for turn in row.history),
    )
    return KeptFeedback(row.number, row.created, bool(row.candidate), feedback)
