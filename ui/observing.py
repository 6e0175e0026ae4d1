"""What of the page is counted and logged: numbers and fixed names, never what was asked or said."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Protocol

from rag.errors import CitewellError
from rag.feedback.records import Feedback
from rag.logs import log_answer
from rag.settings import get_settings
from rag.types import Answer


class Recorder(Protocol):
    """Takes what happens on the page."""

    def answered(self, answer: Answer) -> None:
        """A question was answered whole."""

    def unanswered(self, why: str) -> None:
        """A question was not: "stopped" by the reader, "unavailable" model or index, or "error"."""

    def voted(self, feedback: Feedback) -> None:
        """A reader's word was kept."""

    def came(self) -> None:
        """A tab connected."""

    def left(self) -> None:
        """A tab left."""


class NoRecorder:
    """Takes nothing: metrics are off."""

    def answered(self, answer: Answer) -> None:
        """Nothing."""

    def unanswered(self, why: str) -> None:
        """Nothing."""

    def voted(self, feedback: Feedback) -> None:
        """Nothing."""

    def came(self) -> None:
        """Nothing."""

    def left(self) -> None:
        """Nothing."""


@lru_cache(maxsize=1)
def shared_recorder() -> Recorder:
    """Return the recorder of this process.

    Raises:
        SettingsError: metrics are wanted and cannot be given.
    """
    if not get_settings().metrics.enabled:
        return NoRecorder()
    from ui.metrics import Metrics  # prometheus-client is an extra

    return Metrics()


def observed(parts: Iterator[Answer], recorder: Callable[[], Recorder] = shared_recorder) -> Iterator[Answer]:
    """Yield an answer's parts; log and count how it ended."""
    answer: Answer | None = None
    why = "stopped"
    try:
        for answer in parts:
            yield answer
        why = ""
    except CitewellError:
        why = "unavailable"
        raise
    except Exception:
        why = "error"
        raise
    finally:
        if why or answer is None:
            recorder().unanswered(why or "error")
        else:
            log_answer(answer, channel="page")
            recorder().answered(answer)
