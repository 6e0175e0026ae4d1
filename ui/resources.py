"""The answerer that all tabs share: loaded in the background, renewed when the index is."""

import copy
import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import streamlit as st

from rag.assemble import make_feedback_store, make_plain_answerer, make_safety
from rag.assemble_store import make_source
from rag.chain.answerer import Answerer
from rag.chain.renewal import answerer_over
from rag.errors import CitewellError
from rag.feedback.store import FeedbackStore
from rag.index.source import IndexSource
from rag.index.store import IndexReader
from rag.settings import Settings, get_settings
from rag.types import Answer, Article, ArticleId, Question

logger = logging.getLogger(__name__)

ENGINE_KEY = "citewell_engine"
"""A page may be handed its own engine under this name of its session state."""

RETRY_AFTER_S = 5.0
"""Loading that failed is tried again by the first page that is opened this much later, in seconds."""

WARM_UP = "How long does it usually take?"

UNEXPECTED = "Something went wrong on this machine; the terminal that started the page says what"


class Engine:
    """Answers for every tab. Safe to share between threads.

    The index is opened at once, for the library and the examples; the model is loaded beside it. Each question looks
    whether a new generation of the index has appeared and is answered from it, in milliseconds, since the model stays.
    While a new generation cannot be used, the old one goes on answering.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        load: Callable[[Settings], Answerer] = make_plain_answerer,
    ) -> None:
        self.settings = settings
        self._load = load
        self._lock = threading.RLock()
        self._reader: IndexReader | None = None
        self._articles: tuple[str, tuple[Article, ...]] = ("", ())
        self._ready: Future[Answerer] | None = None
        self._unusable = ""
        self._begun = 0.0
        self._region_lock = threading.Lock()
        self._by_region: dict[str, Answerer] = {}
        self._feedback: FeedbackStore | None = None

    @property
    def source(self) -> IndexSource:
        """Where the index comes from.

        Raises:
            SettingsError: the client of the server that the settings name is not installed.
        """
        return make_source(self.settings)

    def reader(self) -> IndexReader:
        """Return the index that answers now.

        Raises:
            IndexStoreError: it is missing, damaged, or of another model.
        """
        with self._lock:
            if self.is_ready and self.problem is None and self._ready is not None:
                self._renew(self._ready.result())
                return self._ready.result().reader
            if self._reader is None:
                self._reader = self.source.open()
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

    def feedback(self) -> FeedbackStore:
        """Return the store of what readers say.

        Raises:
            FeedbackStoreError: the setting is no database address, or its driver is not installed.
        """
        with self._lock:
            if self._feedback is None:
                self._feedback = make_feedback_store(self.settings)
            return self._feedback

    def start(self) -> None:
        """Load the model in the background unless that was done; move to a newer index; try again after a failure."""
        with self._lock:
            failed = self._ready is not None and self._ready.done() and self._ready.exception() is not None
            if self._ready is None or (failed and time.monotonic() - self._begun > RETRY_AFTER_S):
                self._begun = time.monotonic()
                self._ready = self._in_background()
            elif self._ready.done() and not failed:
                self._renew(self._ready.result())

    @property
    def is_ready(self) -> bool:
        """Whether loading is over: a question is answered, or its problem shown, without waiting for the model."""
        return self._ready is not None and self._ready.done()

    @property
    def answerer(self) -> Answerer | None:
        """What answers now; None while the model is being loaded or could not be. Waits for nothing."""
        ready = self._ready
        return ready.result() if ready is not None and ready.done() and ready.exception() is None else None

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

    def stream(
        self, question: Question, *, region: str | None = None, within: ArticleId | None = None
    ) -> Iterator[Answer]:
        """Yield the answer as it grows; waits for the model where it is still loading.

        Args:
            question: what to answer, with the conversation before it.
            region: country code for emergency numbers, None for the one of the settings.
            within: the only article to answer from, None for all.

        Raises:
            CitewellError: the index or the model cannot be used.
        """
        self.start()
        if self._ready is None:  # pragma: no cover - start() sets it
            raise CitewellError("the model was not loaded; reload the page")
        self._ready.result()
        self.start()  # the index may have changed while the model was loading
        answerer = self._for_region(self._ready.result(), region)
        yield from (answerer if within is None else answerer.within(within)).stream(question)

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
                _set_aside()
            except BaseException as error:  # handed to whoever waits
                logger.warning("the answerer could not be loaded (%s: %s)", type(error).__name__, error)
                future.set_exception(error)
            else:
                future.set_result(answerer)

        threading.Thread(target=work, name="citewell-load", daemon=True).start()
        return future

    def _renew(self, answerer: Answerer) -> None:
        """Move to the generation that answers now, unless it is the one in use or cannot be used."""
        try:
            newest = self.source.generation()
            if newest in (answerer.reader.generation, self._unusable):
                return
            self._unusable = newest
            new = answerer_over(answerer, self.source.open())
        except CitewellError as error:
            logger.warning("the old index goes on answering (%s)", error)
            return
        self._unusable = ""
        renewed: Future[Answerer] = Future()
        renewed.set_result(new)
        self._ready = renewed


def _set_aside() -> None:
    """Spare the garbage collector what stays for good: the model alone is hundreds of thousands of objects.

    Measured 2026-11-22 on a busy machine, with a collection after every click: a question took 1.5 to 2.5 s before,
    0.1 s with this.
    """
    gc.unfreeze()  # what an older index left behind goes now
    gc.collect()
    gc.freeze()


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
