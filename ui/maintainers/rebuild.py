"""Bring the index up to date from the page, in the background, one run at a time."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from rag.assemble_index import make_index
from rag.errors import CitewellError
from rag.index.report import BuildReport
from rag.settings import Settings
from ui.resources import UNEXPECTED

logger = logging.getLogger(__name__)

Build = Callable[..., BuildReport]


@dataclass(frozen=True, slots=True)
class BuildState:
    """How far a run is.

    Attributes:
        running: whether it still runs.
        done: texts embedded.
        total: texts to embed, 0 until that is known.
        report: what it did, once it ended well.
        problem: why it failed, or None.
    """

    running: bool = False
    done: int = 0
    total: int = 0
    report: BuildReport | None = None
    problem: str | None = None


class Rebuild:
    """The run of this process. Safe to share between threads."""

    def __init__(self, build: Build = make_index) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._state = BuildState()

    @property
    def state(self) -> BuildState:
        """How far it is now."""
        return self._state

    def start(self, settings: Settings, *, from_nothing: bool = False) -> bool:
        """Start a run unless one is going on; return whether it was started.

        Args:
            settings: all settings.
            from_nothing: build everything anew; vectors of unchanged texts are still reused.
        """
        with self._lock:
            if self._state.running:
                return False
            self._state = BuildState(running=True)
        threading.Thread(target=self._work, args=(settings, from_nothing), name="citewell-index", daemon=True).start()
        return True

    def _work(self, settings: Settings, from_nothing: bool) -> None:
        try:
            report = self._build(settings, [], rebuild=from_nothing, progress=self._progress)
            self._state = BuildState(report=report)
        except CitewellError as error:
            self._state = BuildState(problem=str(error))
        except Exception as error:  # the page says that it failed; the terminal says how
            logger.exception("the index could not be built (%s)", type(error).__name__)
            self._state = BuildState(problem=UNEXPECTED)

    def _progress(self, done: int, total: int) -> None:
        self._state = BuildState(running=True, done=done, total=total)


@st.cache_resource(show_spinner=False)
def shared_rebuild() -> Rebuild:
    """Return the run of this process."""
    return Rebuild()
