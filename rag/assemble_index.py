"""Settings in, an index brought up to date: files and folders are read, cut, embedded and written to its place."""

from contextlib import suppress
from pathlib import Path

from rag.assemble import make_encoder, open_reader
from rag.assemble_store import on_server
from rag.chain.other_subjects import OtherSubjects
from rag.chunk.windows import ChunkSettings
from rag.distributed.cluster import require_ray
from rag.distributed.prepare import RayPreparation
from rag.embed.encoder import PreparedEncoder, SentenceEncoder
from rag.errors import IndexLockedError
from rag.index.build import build_index, preview_index
from rag.index.encoder_export import keep_export
from rag.index.generations import EXAMPLES_FILE, EXPORTS
from rag.index.last_build import save_last_build
from rag.index.lock import building_lock
from rag.index.prepared import Preparation
from rag.index.remembering_encoder import RememberingEncoder
from rag.index.report import BuildReport, Changes
from rag.index.roll_back import RollBack
from rag.index.store import IndexReader
from rag.index.target import FolderTarget, IndexTarget
from rag.index.vector_cache import Progress
from rag.ingest.limits import ReadingLimits
from rag.retrieve.english import keep_english
from rag.settings import Settings
from rag.types import Encoder


def make_limits(settings: Settings) -> ReadingLimits:
    """Return how large a file may be and how long reading it may take."""
    return ReadingLimits(**settings.corpus.model_dump(exclude={"path"}))


def make_target(settings: Settings, *, index: Path | None = None) -> IndexTarget:
    """Return where an index is written: to the server that the settings name, else to the folder.

    Args:
        settings: name the server and the folder.
        index: an index folder in place of both.

    Raises:
        SettingsError: the client of the server is not installed.
    """
    if not on_server(settings, index):
        return FolderTarget(index or settings.index.path, settings.index.checked_bytes)
    from rag.index.milvus.server import MilvusServer  # brings gRPC, which no folder needs
    from rag.index.milvus.target import MilvusTarget

    server = MilvusServer(**settings.index.server)
    return MilvusTarget(server, settings.index.path.absolute(), settings.index.checked_bytes)


def make_index(
    settings: Settings,
    paths: list[Path],
    *,
    index: Path | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
    prepare: Preparation | None = None,
) -> BuildReport:
    """Index the given files and folders; without any, the collection, or what a rebuilt index was built from.

    Args:
        settings: all settings.
        paths: files and folders.
        index: an index folder in place of what the settings name.
        rebuild: start from nothing.
        progress: told how many texts are embedded.
        prepare: reads, cuts and embeds beforehand; see `make_ray_preparation`.

    Raises:
        CitewellError: nothing could be read, the index is locked, damaged or of other settings, or cannot be written.
    """
    target = make_target(settings, index=index)
    encoder = make_encoder(settings, index=index)
    report = build_index(
        _paths(settings, paths, target, rebuild=rebuild),
        target,
        encoder=encoder,
        chunking=_chunking(settings, encoder),
        rebuild=rebuild,
        lock_timeout_s=settings.index.lock_timeout_s,
        progress=progress,
        limits=make_limits(settings),
        prepare=prepare,
    )
    # Where another run has begun meanwhile and holds the lock, it does this at its end.
    with suppress(IndexLockedError), building_lock(target.index, timeout_s=settings.index.lock_timeout_s):
        save_last_build(target.index, report)
        prepare_answers(encoder, target.index, open_reader(settings, index=index))
    return report


def make_ray_preparation(
    settings: Settings, address: str | None, *, workers: int | None = None, progress: Progress | None = None
) -> Preparation:
    """Return what prepares an index on a Ray cluster.

    Args:
        settings: all settings.
        address: `auto` or host:port of a running cluster; None starts one on this machine.
        workers: how many work at the same time in place of the setting.
        progress: told how many files are done.

    Raises:
        ClusterError: Ray is not installed.
    """
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


def prepare_answers(encoder: SentenceEncoder | PreparedEncoder, index: Path, reader: IndexReader) -> None:
    """Keep beside an index what a start would else make again: fixed vectors, a list of words, an exported encoder.

    Args:
        encoder: the model that the index was built with.
        index: the index folder.
        reader: what the exported encoder is tried with.

    Raises:
        IndexStoreError: the index is damaged.
        ModelError: the encoder's weights are missing or altered.
    """
    OtherSubjects.embedded_by(RememberingEncoder(encoder, index / EXAMPLES_FILE))
    keep_english(index)
    keep_export(encoder, index / EXPORTS, reader)


def preview_changes(
    settings: Settings, paths: list[Path], *, index: Path | None = None, rebuild: bool = False
) -> Changes:
    """Return what `make_index` with the same arguments would change; nothing is written.

    Raises:
        CitewellError: nothing could be read, or the index is damaged or of other settings.
    """
    target = make_target(settings, index=index)
    return preview_index(
        _paths(settings, paths, target, rebuild=rebuild),
        target,
        encoder=(encoder := make_encoder(settings, index=index)),
        chunking=_chunking(settings, encoder),
        rebuild=rebuild,
        limits=make_limits(settings),
    )


def roll_back_index(settings: Settings, *, index: Path | None = None) -> RollBack:
    """Let the generation before the one that answers answer again.

    Raises:
        CitewellError: there is no earlier generation, it is damaged or of another model, or the index is locked.
    """
    target = make_target(settings, index=index)
    return target.roll_back(model=make_encoder(settings).name, lock_timeout_s=settings.index.lock_timeout_s)


def _paths(settings: Settings, paths: list[Path], target: IndexTarget, *, rebuild: bool) -> list[Path]:
    return paths or (target.known_sources() if rebuild else []) or [settings.corpus.path]


def _chunking(settings: Settings, encoder: Encoder) -> ChunkSettings:
    return ChunkSettings(max_tokens=encoder.max_tokens, target_tokens=settings.chunk.target_tokens)
