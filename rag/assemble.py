"""Settings in, working parts out: the only place where parts are wired together."""

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rag.assemble_store import make_source
from rag.assemble_writer import make_writer
from rag.chain.answerer import Answerer
from rag.chain.other_subjects import OtherSubjects
from rag.chain.quoting import Limits
from rag.chain.renewal import answerer_over
from rag.embed.batching import BatchingEncoder
from rag.embed.encoder import PreparedEncoder, SentenceEncoder, load_encoder
from rag.index.generations import EXAMPLES_FILE, EXPORTS
from rag.index.remembering_encoder import RememberingEncoder
from rag.index.store import IndexReader
from rag.retrieve.hybrid import HybridRetriever, Method
from rag.safety import SafetyLayer, load_safety
from rag.settings import Settings
from rag.types import Encoder

if TYPE_CHECKING:
    from rag.chain.runnable import RunnableAnswerer
    from rag.feedback.store import FeedbackStore

A = TypeVar("A", bound=Answerer)


def make_encoder(settings: Settings, *, index: Path | None = None) -> SentenceEncoder | PreparedEncoder:
    """Return the encoder that the settings name, its export from the index folder where there is one.

    Args:
        settings: name the model.
        index: an index folder in place of the one in the settings.

    Raises:
        ModelError: its weights are missing or altered.
    """
    exports = (index or settings.index.path) / EXPORTS
    return load_encoder(settings.encoder.model, batch_size=settings.encoder.batch_size, exports=exports)


def make_safety(settings: Settings, encoder: Encoder, *, region: str | None = None) -> SafetyLayer:
    """Return the safety layer.

    Raises:
        SafetyDataError: a file of the safety layer is malformed, or the region is unknown.
    """
    return load_safety(encoder, region=region or settings.safety.region)


def make_feedback_store(settings: Settings) -> "FeedbackStore":
    """Return the store of readers' feedback; nothing is opened or written yet.

    Raises:
        FeedbackStoreError: the setting is no database address, or its driver is not installed.
    """
    from rag.feedback.store import DEFAULT_URL, FeedbackStore  # SQLAlchemy: answering must not pay for its import

    url = settings.feedback.url
    return FeedbackStore(DEFAULT_URL if url is None else url.get_secret_value())


def open_reader(settings: Settings, *, index: Path | None = None) -> IndexReader:
    """Return the index, without a model.

    Raises:
        IndexStoreError: it is missing, damaged, or of another model.
    """
    return make_source(settings, index=index).open()


def make_retriever(settings: Settings, *, index: Path | None = None, method: Method = Method.HYBRID) -> HybridRetriever:
    """Return a retriever over the index.

    Raises:
        IndexStoreError: the index is missing, damaged, or of another model.
        ModelError: the encoder's weights are missing or altered.
    """
    encoder = make_encoder(settings, index=index)
    reader = make_source(settings, index=index).open(model=encoder.name)
    return HybridRetriever(reader, encoder, method)


def make_answerer(
    settings: Settings, *, index: Path | None = None, region: str | None = None, mode: str | None = None
) -> "RunnableAnswerer":
    """Return the answerer over the index as a LangChain runnable.

    Args:
        settings: all settings.
        index: an index folder in place of the one in the settings.
        region: country code for emergency numbers in place of the one in the settings.
        mode: auto, quoting or writing in place of the one in the settings.

    Raises:
        SettingsError: the chat model cannot be used as named.
        IndexStoreError: the index is missing, damaged, or of another model.
        ModelError: the encoder's weights are missing or altered.
        SafetyDataError: a file of the safety layer is malformed.
    """
    from rag.chain.runnable import RunnableAnswerer

    answerer = _answerer(RunnableAnswerer, settings, index, region, mode)
    answerer.traced = settings.log.tracing
    return answerer


def make_plain_answerer(
    settings: Settings, *, index: Path | None = None, region: str | None = None, mode: str | None = None
) -> Answerer:
    """Return the same answerer without LangChain, which saves its imports; it takes and raises the same."""
    return _answerer(Answerer, settings, index, region, mode)


def _answerer(made: type[A], settings: Settings, index: Path | None, region: str | None, mode: str | None) -> A:
    source = make_source(settings, index=index)
    encoder = BatchingEncoder(make_encoder(settings, index=index))
    reader = source.open(model=encoder.name)
    remembering = RememberingEncoder(encoder, source.folder / EXAMPLES_FILE)
    return made(
        reader,
        encoder,
        make_safety(settings, encoder, region=region),
        subjects=OtherSubjects.embedded_by(remembering),
        limits=Limits(sentences=settings.answer.max_sentences, words=settings.answer.max_words),
        candidates=settings.answer.candidates,
        writer=make_writer(settings, encoder, mode=mode),
    )


def renewed(answerer: Answerer, settings: Settings, *, index: Path | None = None) -> Answerer:
    """Return an answerer over the generation that answers now: the given one unless another has taken its place.

    Raises:
        IndexStoreError: the new generation cannot be used; the given answerer goes on working.
    """
    source = make_source(settings, index=index)
    if source.generation() == answerer.reader.generation:
        return answerer
    return answerer_over(answerer, source.open())
