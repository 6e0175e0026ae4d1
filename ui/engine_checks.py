"""What must work before a reader is sent to this process: the model, the index, the feedback database."""

from collections.abc import Callable

from rag.errors import CitewellError
from ui.readiness import Check
from ui.resources import Engine

PROBE = "heat for a sore back"
"""Embedded and searched to see whether that works; what comes back does not matter."""


class NotLoadedError(CitewellError):
    """The model is still being loaded."""


def engine_checks(find_engine: Callable[[], Engine]) -> dict[str, Check]:
    """Return the checks of the page's parts, by name.

    Args:
        find_engine: gives the engine that answers; may raise, then every part fails with its error.
    """

    def model() -> None:
        engine = find_engine()
        engine.start()  # begins to load where that failed before; moves to a newer index
        answerer = engine.answerer
        if answerer is None:
            raise NotLoadedError(engine.problem or "the model is being loaded")
        answerer.encoder.encode([PROBE])

    def index() -> None:
        engine = find_engine()
        if engine.settings.index.uri is not None:
            engine.source.check()  # the server, not only what this process holds of it
        reader = engine.reader()
        rows = [row for row, _ in reader.search_words(PROBE, k=1)]
        if engine.answerer is not None:
            rows += [row for row, _ in reader.search_vectors(engine.answerer.encoder.encode([PROBE]), k=1)]
        if not rows or len(reader.chunks(rows)) != len(set(rows)):
            raise CitewellError("the index gives no passage")

    def feedback() -> None:
        engine = find_engine()
        if engine.settings.feedback.enabled:
            engine.feedback().try_out()

    return {"model": model, "index": index, "feedback": feedback}
