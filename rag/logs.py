"""Logging for entry points: one handler on stderr, as text for people or as JSON for machines.

What is logged are stages, counts and milliseconds, never what a person asked or was told.
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

from rag.types import Answer

Form = Literal["text", "json"]

OURS = ("rag", "ui", "eval")
_FIELDS = "citewell_fields"

logger = logging.getLogger(__name__)


class JsonFormatter(logging.Formatter):
    """One JSON object a record: time, level, logger, event, fields; for other records the message as well.

    The event is the same for all records of one kind: its name, or the text of a message before values are put in.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": str(record.msg),
        }
        fields = getattr(record, _FIELDS, None)
        if isinstance(fields, Mapping):
            entry["fields"] = dict(fields)
        elif (message := record.getMessage()) != entry["event"]:
            entry["message"] = message
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


class TextFormatter(logging.Formatter):
    """A line for people; an event shows its fields as name=value."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line, with a traceback below it where there is one."""
        shown = super().format(record)
        fields = getattr(record, _FIELDS, None)
        return f"{shown} {' '.join(f'{name}={value}' for name, value in fields.items())}" if fields else shown


def configure_logging(level: str, *, form: Form = "text") -> None:
    """Send the project's own records from `level` up to stderr.

    Args:
        level: DEBUG, INFO, WARNING or ERROR.
        form: text for people, or json; then warnings and errors of every other library are JSON as well.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    for name in OURS:
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
    if form == "json":
        logging.captureWarnings(True)
        handler_of_root = logging.StreamHandler()
        handler_of_root.setFormatter(JsonFormatter())
        handler_of_root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
        logging.getLogger().handlers[:] = [handler_of_root]


def use_root_handler(logger: logging.Logger) -> None:
    """Have the root's handler write what a library logs, in place of handlers that it brought."""
    logger.handlers[:] = []
    logger.propagate = True


def log_event(at: logging.Logger, event: str, fields: Mapping[str, object], *, level: int = logging.INFO) -> None:
    """Log something that happened under a fixed name.

    Args:
        at: the logger of the module in which it happened.
        event: its name; the same words every time.
        fields: numbers and fixed names; never what a person wrote or was told.
        level: how much it matters.
    """
    at.log(level, event, extra={_FIELDS: fields})


def log_answer(answer: Answer, *, channel: str) -> None:
    """Log that a question was answered: how, by which index, and where the time went.

    Args:
        answer: the complete answer.
        channel: page, ask or chat.
    """
    log_event(
        logger,
        "answered",
        {
            "channel": channel,
            "behavior": str(answer.behavior),
            "mode": str(answer.mode),
            "index_id": answer.index_id,
            "ms": {stage: round(value, 1) for stage, value in answer.timing_ms.items()},
            "sentences": len(answer.sentences),
            "dropped": dict(answer.dropped),
        },
    )
