"""The encoder: an exported model, or sentence-transformers, behind the `Encoder` Protocol, loaded when first needed."""

import logging
import threading
import time
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from rag.embed.exported import Description, ExportedEncoder, export_folder
from rag.embed.onednn import with_onednn
from rag.embed.weights import BUNDLED_DIMENSION, BUNDLED_MAX_TOKENS, BUNDLED_MODEL, ModelFiles, find_model, set_offline
from rag.errors import ModelError
from rag.types import Vectors

if TYPE_CHECKING:
    # Importing it takes seconds, so it waits until a text is really embedded.
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

BATCH_SIZE = 8
"""Texts that are run together. With 32 the numbers between two layers no longer fit beside a core, which takes 1.05 to
1.3 times as long (measured 2026-11-22)."""


def load_encoder(
    model: str = BUNDLED_MODEL, *, batch_size: int = BATCH_SIZE, exports: Path | None = None
) -> "SentenceEncoder | PreparedEncoder":
    """Return an encoder; its weights are loaded when the first text is embedded.

    Args:
        model: `all-MiniLM-L6-v2` for the bundled one, a folder, or a sentence-transformers model name.
        batch_size: texts that are embedded together, at least 1.
        exports: folder of exported encoders; one made from the same weights embeds in place of sentence-transformers.

    Raises:
        ModelError: the bundled weights are missing, or they are altered and there is no export of the right ones.
    """
    files = find_model(model)
    if files.bundled:
        set_offline()
    plain = SentenceEncoder(files, batch_size=batch_size)
    folder = export_folder(exports, files) if exports else None
    if folder is not None and folder.is_dir():
        return PreparedEncoder(plain, folder)
    files.check()
    return plain


class PreparedEncoder:
    """An `Encoder` that runs an export of a model, and the model itself when the export turns out to be damaged."""

    def __init__(self, plain: "SentenceEncoder", folder: Path) -> None:
        """Take the model and the folder of its export; neither is loaded yet."""
        self.plain = plain
        self._folder = folder
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Model name and the start of its weights' SHA-256."""
        return self.plain.name

    @property
    def dimension(self) -> int:
        """Width d of the vectors."""
        return self._described.dimension if self._described else self.plain.dimension

    @property
    def max_tokens(self) -> int:
        """Longest input in word pieces, special tokens included."""
        return self._described.max_tokens if self._described else self.plain.max_tokens

    @property
    def is_exported(self) -> bool:
        """Whether the export answers; False when it is damaged."""
        return isinstance(self._ready, ExportedEncoder)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in word pieces, special tokens included."""
        return self.plain.count_tokens(texts)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (n, d); shape (0, d) for no texts.

        Raises:
            ModelError: the export is damaged and the weights cannot be loaded.
        """
        return self._ready.encode(texts)

    @cached_property
    def _described(self) -> Description | None:
        """What the export says of itself, known before it is loaded."""
        try:
            return Description.load(self._folder)
        except ModelError:
            return None

    @property
    def _ready(self) -> "ExportedEncoder | SentenceEncoder":
        with self._lock:
            return self._chosen

    @cached_property
    def _chosen(self) -> "ExportedEncoder | SentenceEncoder":
        started = time.perf_counter()
        try:
            exported = ExportedEncoder(self._folder)
        except ModelError as error:
            logger.warning("%s; sentence-transformers answers, which starts more slowly", error)
            return self.plain
        logger.info("export of %s loaded in %.0f ms", self.name, (time.perf_counter() - started) * 1000)
        return exported


class SentenceEncoder:
    """An `Encoder` that runs a sentence-transformers model on the CPU.

    Source: Reimers and Gurevych 2019, Sentence-BERT, doi:10.18653/v1/D19-1410; Wang et al. 2020, MiniLM,
    arXiv:2002.10957.
    """

    def __init__(self, files: ModelFiles, *, batch_size: int = BATCH_SIZE) -> None:
        self._files = files
        self._batch_size = batch_size
        self._lock = threading.Lock()
        self._embedding: SentenceTransformer | None = None

    @property
    def files(self) -> ModelFiles:
        """Where the model is and what identifies it."""
        return self._files

    @property
    def name(self) -> str:
        """Model name and the start of its weights' SHA-256."""
        return self._files.name

    @cached_property
    def dimension(self) -> int:
        """Width d of the vectors."""
        if self._files.bundled:
            return BUNDLED_DIMENSION  # known, so that a run that embeds nothing loads nothing
        width = self.model().get_embedding_dimension()
        if width is None:
            raise ModelError(f"model {self.name} does not say how wide its vectors are; choose another model")
        return width

    @cached_property
    def max_tokens(self) -> int:
        """Longest input in word pieces, special tokens included."""
        if self._files.bundled:
            return BUNDLED_MAX_TOKENS
        return int(self.model().max_seq_length or BUNDLED_MAX_TOKENS)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in word pieces, special tokens included."""
        if not texts:
            return []
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch_fast(list(texts))]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (n, d); shape (0, d) for no texts.

        Raises:
            ModelError: the weights cannot be loaded.
        """
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._fast().encode(
            list(texts),
            batch_size=self._batch_size,
            show_progress_bar=False,
            convert_to_numpy=True,
            normalize_embeddings=True,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def tokenizer_copy(self) -> Tokenizer:
        """Return the tokenizer, without truncation and padding, to change at will."""
        return Tokenizer.from_str(self._tokenizer.to_str())

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        """The tokenizer alone, without the weights: counting must not cost seconds of imports."""
        path = Path(self._files.reference) / "tokenizer.json"
        if path.is_file():
            tokenizer = Tokenizer.from_file(str(path))
        else:
            tokenizer = Tokenizer.from_str(self.model().tokenizer.backend_tokenizer.to_str())
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def model(self) -> "SentenceTransformer":
        """Return the loaded model, for its export.

        Raises:
            ModelError: the weights are altered or cannot be loaded.
        """
        with self._lock:
            return self._loaded

    def _fast(self) -> "SentenceTransformer":
        """The loaded model, as it embeds."""
        with self._lock:
            if self._embedding is None:
                self._embedding = with_onednn(self._loaded)
            return self._embedding

    @cached_property
    def _loaded(self) -> "SentenceTransformer":
        # The import alone takes seconds, so commands that embed nothing must not pay for it.
        from sentence_transformers import SentenceTransformer

        self._files.check()
        started = time.perf_counter()
        try:
            model = SentenceTransformer(self._files.reference, device="cpu", local_files_only=self._files.bundled)
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"model '{self._files.reference}' cannot be loaded ({type(error).__name__}); "
                "name a folder that holds it or a model that is already on this machine"
            ) from error
        if self._files.bundled:
            model.max_seq_length = BUNDLED_MAX_TOKENS
        logger.info("encoder %s loaded in %.0f ms", self.name, (time.perf_counter() - started) * 1000)
        return model
