"""The answerer that all tabs share: loaded in the background, renewed when the index is."""

import copy
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import streamlit as st

from rag.assemble import make_answerer, make_safety, open_reader
from rag.chain.answerer import Answerer
from rag.errors import CitewellError
from rag.index.generations import current_generation
from rag.index.store import IndexReader
from rag.settings import Settings, get_settings
from rag.types import Answer, Article, Question

logger = logging.getLogger(__name__)

ENGINE_KEY = "citewell_engine"
"""A page may be handed its own engine under this name of its session state."""

RETRY_AFTER_S = 5.0
"""Loading that failed is tried again by the first page that is opened this much later, in seconds."""

WARM_UP = "How long does it usually take?"

UNEXPECTED = "Something went wrong on this machine; the terminal that started the page says what"


class Engine:
    """Answers for every tab. Safe to share between threads.

    The index is opened at once, for the library and the examples; the model is loaded beside it. When a new
    generation of the index appears, questions go on being answered from the old one until the new one is ready.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        load: Callable[[Settings], Answerer] = make_answerer,
        open_index: Callable[[Settings], IndexReader] = open_reader,
    ) -> None:
        self.settings = settings
        self._load = load
        self._open = open_index
        self._lock = threading.RLock()
        self._reader: IndexReader | None = None
        self._articles: tuple[str, tuple[Article, ...]] = ("", ())
        self._ready: Future[Answerer] | None = None
        self._next: Future[Answerer] | None = None
        self._begun = 0.0
        self._region_lock = threading.Lock()
        self._by_region: dict[str, Answerer] = {}

    def reader(self) -> IndexReader:
        """Return the index that answers now.

        Raises:
            IndexStoreError: it is missing, damaged, or of another model.
        """
        with self._lock:
            if self.is_ready and self.problem is None and self._ready is not None:
                return self._ready.result().reader
            if self._reader is None:
                self._reader = self._open(self.settings)
            return self._reader

    def articles(self) -> tuple[Article, ...]:
        """Return every article of the index, by id.

        Raises:
            IndexStoreError: the index cannot be used.
        """
        reader = self.reader()
        with self._lock:
            if self._articles[0] != reader.index_id:
                self._articles = (reader.index_id, tuple(reader.articles()))
            return self._articles[1]

    def start(self) -> None:
        """Load the model in the background unless that was done; look for a newer index; try again after a failure."""
        with self._lock:
            failed = self._ready is not None and self._ready.done() and self._ready.exception() is not None
            if self._ready is None or (failed and time.monotonic() - self._begun > RETRY_AFTER_S):
                self._begun = time.monotonic()
                self._ready = self._in_background()
            elif self._ready.done() and not failed:
                self._take_next()
                if self._next is None and self._is_outdated(self._ready.result().reader):
                    self._next = self._in_background()

    @property
    def is_ready(self) -> bool:
        """Whether loading is over: a question is answered, or its problem shown, without waiting for the model."""
        return self._ready is not None and self._ready.done()

    @property
    def problem(self) -> str | None:
        """Why the last loading failed, or None."""
        error = self._ready.exception() if self._ready is not None and self._ready.done() else None
        if error is None:
            return None
        return str(error) if isinstance(error, CitewellError) else UNEXPECTED

    def prepare_region(self, region: str | None) -> None:
        """Load the numbers of a country in the background, so that the next question need not wait for them."""
        ready = self._ready
        if region is None or region in self._by_region or ready is None or not ready.done() or ready.exception():
            return
        threading.Thread(
            target=self._for_region, args=(ready.result(), region), name="citewell-region", daemon=True
        ).start()

    def stream(self, question: Question, *, region: str | None = None) -> Iterator[Answer]:
        """Yield the answer as it grows; waits for the model where it is still loading.

        Args:
            question: what to answer, with the conversation before it.
            region: country code for emergency numbers, None for the one of the settings.

        Raises:
            CitewellError: the index or the model cannot be used.
        """
        self.start()
        ready = self._ready
        if ready is None:  # pragma: no cover - start() sets it
            raise CitewellError("the model was not loaded; reload the page")
        yield from self._for_region(ready.result(), region).stream(question)

    def _for_region(self, answerer: Answerer, region: str | None) -> Answerer:
        """The same answerer with the numbers of another country; everything heavy is shared."""
        if region is None or region == self.settings.safety.region:
            return answerer
        with self._region_lock:
            known = self._by_region.get(region)
            if known is None or known.reader is not answerer.reader:
                safety = make_safety(self.settings, answerer.encoder, region=region)
                known = copy.copy(answerer)
                known.safety = safety
                self._by_region[region] = known
            return known

    def _in_background(self) -> Future[Answerer]:
        future: Future[Answerer] = Future()

        def work() -> None:
            try:
                answerer = self._load(self.settings)
                answerer.quoting().invoke(
                    WARM_UP
                )  # weights and examples are loaded at the first question; let it be this one
            except BaseException as error:  # handed to whoever waits
                logger.warning("the answerer could not be loaded (%s: %s)", type(error).__name__, error)
                future.set_exception(error)
            else:
                future.set_result(answerer)

        threading.Thread(target=work, name="citewell-load", daemon=True).start()
        return future

    def _take_next(self) -> None:
        if self._next is None or not self._next.done():
            return
        if self._next.exception() is None:
            self._ready = self._next
        self._next = None

    def _is_outdated(self, reader: IndexReader) -> bool:
        try:
            return current_generation(self.settings.index.path).name != Path(reader.folder).name
        except CitewellError:
            return False  # the old generation goes on answering


@st.cache_resource(show_spinner=False)
def shared_engine() -> Engine:
    """Return the engine of this process.

    Raises:
        SettingsError: a setting is unknown, malformed or out of range.
    """
    return Engine(get_settings())


def current_engine() -> Engine:
    """Return the engine of this page: the one it was handed, else the shared one.

    Raises:
        SettingsError: a setting is unknown, malformed or out of range.
    """
    handed = st.session_state.get(ENGINE_KEY)
    return handed if isinstance(handed, Engine) else shared_engine()
