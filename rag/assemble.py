"""Settings in, working parts out: the only place where parts are wired together."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rag.assemble_writer import make_writer
from rag.chain.answerer import Answerer
from rag.chain.other_subjects import OtherSubjects
from rag.chain.quoting import Limits
from rag.chain.renewal import answerer_over
from rag.chunk.windows import ChunkSettings
from rag.embed.batching import BatchingEncoder
from rag.embed.encoder import PreparedEncoder, SentenceEncoder, load_encoder
from rag.errors import IndexLockedError
from rag.index.generations import EXAMPLES_FILE, EXPORTS
from rag.index.pointer import current_generation
from rag.index.remembering_encoder import RememberingEncoder
from rag.index.store import IndexReader, open_index
from rag.index.vector_cache import Progress
from rag.ingest.limits import ReadingLimits
from rag.retrieve.english import keep_english
from rag.retrieve.hybrid import HybridRetriever, Method
from rag.safety import SafetyLayer, load_safety
from rag.settings import Settings
from rag.types import Encoder

if TYPE_CHECKING:
    from rag.chain.runnable import RunnableAnswerer
    from rag.feedback.store import FeedbackStore
    from rag.index.prepared import Preparation
    from rag.index.report import BuildReport, Changes
    from rag.index.roll_back import RollBack

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


def make_limits(settings: Settings) -> ReadingLimits:
    """Return how large a file may be and how long reading it may take."""
    return ReadingLimits(**settings.corpus.model_dump(exclude={"path"}))


def make_index(
    settings: Settings,
    paths: list[Path],
    *,
    index: Path | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
    prepare: "Preparation | None" = None,
) -> "BuildReport":
    """Index the given files and folders; without any, the collection, or what a rebuilt index was built from.

    Args:
        settings: all settings.
        paths: files and folders.
        index: an index folder in place of the one in the settings.
        rebuild: start from nothing.
        progress: told how many texts are embedded.
        prepare: reads, cuts and embeds beforehand; see `make_ray_preparation`.

    Raises:
        CitewellError: nothing could be read, the index is locked, damaged or of other settings, or cannot be written.
    """
    # Reading files and exporting models is for those who index: it takes a tenth of a second to import.
    from rag.index.build import build_index
    from rag.index.last_build import save_last_build
    from rag.index.lock import building_lock

    folder = index or settings.index.path
    encoder = make_encoder(settings, index=folder)
    report = build_index(
        _sources(settings, paths, folder, rebuild=rebuild),
        folder,
        encoder=encoder,
        chunking=_chunking(settings, encoder),
        rebuild=rebuild,
        lock_timeout_s=settings.index.lock_timeout_s,
        checked_bytes=settings.index.checked_bytes,
        progress=progress,
        limits=make_limits(settings),
        prepare=prepare,
    )
    # Where another run has begun meanwhile and holds the lock, it does this at its end.
    with suppress(IndexLockedError), building_lock(folder, timeout_s=settings.index.lock_timeout_s):
        save_last_build(folder, report)
        prepare_answers(encoder, folder)
    return report


def make_ray_preparation(
    settings: Settings, address: str | None, *, workers: int | None = None, progress: Progress | None = None
) -> "Preparation":
    """Return what prepares an index on a Ray cluster.

    Args:
        settings: all settings.
        address: `auto` or host:port of a running cluster; None starts one on this machine.
        workers: how many work at the same time in place of the setting.
        progress: told how many files are done.

    Raises:
        ClusterError: Ray is not installed.
    """
    from rag.distributed.cluster import require_ray  # as above
    from rag.distributed.prepare import RayPreparation

    require_ray()
    model = settings.encoder.model
    return RayPreparation(
        address=address,
        workers=workers or settings.ray.workers,
        model=str(Path(model).absolute()) if Path(model).is_dir() else model,
        batch_size=settings.encoder.batch_size,
        limits=make_limits(settings),
        progress=progress,
    )


def prepare_answers(encoder: SentenceEncoder | PreparedEncoder, index: Path) -> None:
    """Keep beside an index what a start would else make again: fixed vectors, a list of words, an exported encoder.

    Raises:
        IndexStoreError: the index is missing, damaged, or of another model.
        ModelError: the encoder's weights are missing or altered.
    """
    from rag.index.encoder_export import keep_export  # as above: it brings the exporter

    OtherSubjects.embedded_by(RememberingEncoder(encoder, index / EXAMPLES_FILE))
    keep_english(index)
    keep_export(encoder, index / EXPORTS, open_index(index, model=encoder.name))


def preview_changes(
    settings: Settings, paths: list[Path], *, index: Path | None = None, rebuild: bool = False
) -> "Changes":
    """Return what `make_index` with the same arguments would change; nothing is written.

    Raises:
        CitewellError: nothing could be read, or the index is damaged or of other settings.
    """
    from rag.index.build import preview_index  # as above

    folder = index or settings.index.path
    return preview_index(
        _sources(settings, paths, folder, rebuild=rebuild),
        folder,
        encoder=(encoder := make_encoder(settings, index=folder)),
        chunking=_chunking(settings, encoder),
        rebuild=rebuild,
        checked_bytes=settings.index.checked_bytes,
        limits=make_limits(settings),
    )


def roll_back_index(settings: Settings, *, index: Path | None = None) -> "RollBack":
    """Let the generation before the one that answers answer again.

    Raises:
        CitewellError: there is no earlier generation, it is damaged or of another model, or the index is locked.
    """
    from rag.index.roll_back import roll_back  # as above

    model, place = make_encoder(settings).name, index or settings.index.path
    return roll_back(place, model=model, lock_timeout_s=settings.index.lock_timeout_s)


def _sources(settings: Settings, paths: list[Path], folder: Path, *, rebuild: bool) -> list[Path]:
    from rag.index.sources import known_sources  # as above

    return paths or (known_sources(folder) if rebuild else []) or [settings.corpus.path]


def _chunking(settings: Settings, encoder: Encoder) -> ChunkSettings:
    return ChunkSettings(max_tokens=encoder.max_tokens, target_tokens=settings.chunk.target_tokens)


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
    return open_index(index or settings.index.path, checked_bytes=settings.index.checked_bytes)


def make_retriever(settings: Settings, *, index: Path | None = None, method: Method = Method.HYBRID) -> HybridRetriever:
    """Return a retriever over the index.

    Raises:
        IndexStoreError: the index is missing, damaged, or of another model.
        ModelError: the encoder's weights are missing or altered.
    """
    encoder = make_encoder(settings, index=index)
    reader = open_index(index or settings.index.path, model=encoder.name, checked_bytes=settings.index.checked_bytes)
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

    return _answerer(RunnableAnswerer, settings, index, region, mode)


def make_plain_answerer(
    settings: Settings, *, index: Path | None = None, region: str | None = None, mode: str | None = None
) -> Answerer:
    """Return the same answerer without LangChain, which saves its imports; it takes and raises the same."""
    return _answerer(Answerer, settings, index, region, mode)


def _answerer(made: type[A], settings: Settings, index: Path | None, region: str | None, mode: str | None) -> A:
    folder = index or settings.index.path
    encoder = BatchingEncoder(make_encoder(settings, index=folder))
    reader = open_index(folder, model=encoder.name, checked_bytes=settings.index.checked_bytes)
    remembering = RememberingEncoder(encoder, folder / EXAMPLES_FILE)
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
    if current_generation(index or settings.index.path) == answerer.reader.folder:
        return answerer
    return answerer_over(answerer, open_reader(settings, index=index))
