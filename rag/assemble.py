"""Settings in, working parts out: the only place where parts are wired together."""

from pathlib import Path

from rag.chain.answerer import Answerer
from rag.chain.other_subjects import OtherSubjects
from rag.chain.quoting import Limits
from rag.chain.writing.chat_model import load_chat_model
from rag.chain.writing.verify import Verifier
from rag.chain.writing.writer import Writer, WritingLimits
from rag.chunk.windows import ChunkSettings
from rag.embed.encoder import load_encoder
from rag.errors import SettingsError
from rag.index.build import BuildReport, build_index
from rag.index.generations import EXAMPLES_FILE
from rag.index.remembering_encoder import RememberingEncoder
from rag.index.store import IndexReader, open_index
from rag.index.vector_cache import Progress
from rag.retrieve.hybrid import HybridRetriever, Method
from rag.safety import SafetyLayer, load_safety
from rag.settings import Settings
from rag.types import Encoder


def make_encoder(settings: Settings) -> Encoder:
    """Return the encoder that the settings name.

    Raises:
        ModelError: its weights are missing or altered.
    """
    return load_encoder(settings.encoder.model, batch_size=settings.encoder.batch_size)


def make_index(
    settings: Settings,
    paths: list[Path],
    *,
    index: Path | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Index the given files and folders, the collection of the settings when there are none.

    Raises:
        CitewellError: nothing could be read, the index is locked, damaged or of other settings, or cannot be written.
    """
    encoder = make_encoder(settings)
    folder = index or settings.index.path
    report = build_index(
        paths or [settings.corpus.path],
        folder,
        encoder=encoder,
        chunking=ChunkSettings(max_tokens=encoder.max_tokens, target_tokens=settings.chunk.target_tokens),
        rebuild=rebuild,
        lock_timeout_s=settings.index.lock_timeout_s,
        progress=progress,
    )
    OtherSubjects.embedded_by(RememberingEncoder(encoder, folder / EXAMPLES_FILE))
    return report


def make_safety(settings: Settings, encoder: Encoder, *, region: str | None = None) -> SafetyLayer:
    """Return the safety layer.

    Raises:
        SafetyDataError: a file of the safety layer is malformed, or the region is unknown.
    """
    return load_safety(encoder, region=region or settings.safety.region)


def open_reader(settings: Settings, *, index: Path | None = None) -> IndexReader:
    """Return the index, without a model.

    Raises:
        IndexStoreError: it is missing, damaged, or of another model.
    """
    return open_index(index or settings.index.path)


def make_retriever(settings: Settings, *, index: Path | None = None, method: Method = Method.HYBRID) -> HybridRetriever:
    """Return a retriever over the index.

    Raises:
        IndexStoreError: the index is missing, damaged, or of another model.
        ModelError: the encoder's weights are missing or altered.
    """
    encoder = make_encoder(settings)
    reader = open_index(index or settings.index.path, model=encoder.name)
    return HybridRetriever(reader, encoder, method)


def make_writer(settings: Settings, encoder: Encoder) -> Writer:
    """Return the writer with the chat model of the settings.

    Raises:
        SettingsError: no chat model is named, or it cannot be used as named.
    """
    chat = settings.chat
    if not chat.model:
        raise SettingsError("writing needs a chat model; set CITEWELL_CHAT__MODEL, for instance to openai:gpt-4o-mini")
    model = load_chat_model(
        chat.model,
        base_url=chat.base_url,
        api_key=chat.api_key.get_secret_value() if chat.api_key else None,
        timeout_s=chat.timeout_s,
    )
    limits = WritingLimits(settings.answer.max_sentences, settings.answer.max_words, chat.timeout_s)
    return Writer(model, Verifier(encoder), limits=limits, rewrites=chat.rewrite_follow_ups)


def make_answerer(
    settings: Settings, *, index: Path | None = None, region: str | None = None, mode: str | None = None
) -> Answerer:
    """Return the answerer over the index.

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
    mode = mode or settings.answer.mode
    writes = mode == "writing" or (mode == "auto" and bool(settings.chat.model))
    encoder = make_encoder(settings)
    folder = index or settings.index.path
    reader = open_index(folder, model=encoder.name)
    remembering = RememberingEncoder(encoder, folder / EXAMPLES_FILE)
    return Answerer(
        reader,
        encoder,
        make_safety(settings, encoder, region=region),
        subjects=OtherSubjects.embedded_by(remembering),
        limits=Limits(sentences=settings.answer.max_sentences, words=settings.answer.max_words),
        candidates=settings.answer.candidates,
        writer=make_writer(settings, encoder) if writes else None,
    )
