"""Run an exported encoder: onnxruntime and a tokenizer, without the libraries that trained it.

EXPORTS/KEY/export.json      what it is, and the digests of the other files
EXPORTS/KEY/model.onnx       the graph: word pieces to unit vectors
EXPORTS/KEY/weights.bin      its weights, in 32-bit floats, mapped into memory
EXPORTS/KEY/tokenizer.json   texts to word pieces, cut where the model's window ends
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Encoding, Tokenizer

from rag.embed.weights import ModelFiles
from rag.errors import ModelError
from rag.types import Vectors

FORMAT = 1
"""Raised when the files of an export change their meaning."""

DESCRIPTION_FILE = "export.json"
GRAPH_FILE = "model.onnx"
EXPORTED_WEIGHTS_FILE = "weights.bin"
TOKENIZER_FILE = "tokenizer.json"
OUTPUT = "vectors"

BATCH_TOKENS = 1024
"""Word pieces, padding included, that are run together: larger matrices are multiplied no faster."""

MAX_THREADS = 4
"""Batches that are run at the same time, at most."""

_PARTS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
"""What a model may ask for, and its name in a tokenizer's encoding."""


@dataclass(frozen=True, slots=True)
class Description:
    """What an export is.

    Attributes:
        name: identity of the weights it was made from.
        dimension: width of its vectors.
        max_tokens: longest input in word pieces.
        files: SHA-256 (hex) by file name.
        agreement: how near its vectors are to the model's own, as measured when it was made.
        made_with: versions of the libraries that made it.
    """

    name: str
    dimension: int
    max_tokens: int
    files: dict[str, str]
    agreement: dict[str, float]
    made_with: dict[str, str]

    def save(self, folder: Path) -> None:
        """Write it into the folder of the export."""
        (folder / DESCRIPTION_FILE).write_text(self.text, encoding="utf-8")

    @property
    def text(self) -> str:
        """The content of the file: it has one form only, so that every byte of it counts."""
        fields = {"format": FORMAT, **asdict(self)}
        fields["check"] = _check_of(fields)
        return json.dumps(fields, indent=1, sort_keys=True) + "\n"

    @classmethod
    def load(cls, folder: Path) -> "Description":
        """Read the description of an export.

        Raises:
            ModelError: it is missing, altered or of another format.
        """
        path = folder / DESCRIPTION_FILE
        try:
            text = path.read_bytes().decode()
            fields = json.loads(text)
            del fields["check"], fields["format"]
            described = cls(**fields)
            if described.text != text:
                raise ValueError("not as written")
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise _damaged(path) from error
        return described


class ExportedEncoder:
    """An `Encoder` without its count of word pieces. Safe to share between threads.

    A question is one batch and is run by the thread that asks. Several batches are run side by side, on as many
    processors as there are.
    """

    def __init__(self, folder: Path) -> None:
        """Load an export.

        Raises:
            ModelError: a file is missing, cut short or altered, or onnxruntime cannot run it.
        """
        described = Description.load(folder)
        for name, digest in described.files.items():
            if file_sha256(folder / name) != digest:
                raise _damaged(folder / name)
        self.name = described.name
        self.dimension = described.dimension
        self.max_tokens = described.max_tokens
        self._session = open_session(folder / GRAPH_FILE)
        self._inputs = [given.name for given in self._session.get_inputs()]
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (n, d); shape (0, d) for no texts."""
        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        encoded = self._tokenizer.encode_batch_fast(list(texts))
        parts = batches([len(one.ids) for one in encoded])

        def run(places: Sequence[int]) -> None:
            inputs = padded([encoded[place] for place in places], self._inputs)
            found[places] = self._session.run([OUTPUT], inputs)[0]

        if len(parts) == 1:
            run(parts[0])
        elif parts:
            with ThreadPoolExecutor(min(MAX_THREADS, os.cpu_count() or 1)) as workers:
                list(workers.map(run, parts))
        return found


def open_session(graph: Path) -> Any:  # noqa: ANN401 - onnxruntime has no types
    """Return a session that runs a graph on the processor.

    It has no threads of its own: whoever runs it works alone. Dividing the small matrices of one question between two
    threads cost 14 % more processor time (5.5 against 4.8 ms, measured 2026-11-22), with threads that spin while they
    wait, the default, twice as much.

    Raises:
        ModelError: onnxruntime is missing or cannot load the graph.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise ModelError("onnxruntime is not installed; run: pip install onnxruntime") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own that share nothing but this
        raise _damaged(graph) from error


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return the places of texts in batches of like length, longest first, `BATCH_TOKENS` at most in each.

    Args:
        lengths: of each text in word pieces.
    """
    found: list[list[int]] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        # The first text of a batch is its longest: all others are padded to it.
        if found and (len(found[-1]) + 1) * lengths[found[-1][0]] <= BATCH_TOKENS:
            found[-1].append(place)
        else:
            found.append([place])
    return found


def padded(encoded: Sequence[Encoding], inputs: Sequence[str]) -> dict[str, np.ndarray]:
    """Return a batch's inputs by name, shape (n, longest), zeros where a text has ended."""
    longest = max(len(one.ids) for one in encoded)
    found = {}
    for name in inputs:
        rows = np.zeros((len(encoded), longest), dtype=np.int64)
        for row, one in zip(rows, encoded, strict=True):
            row[: len(one.ids)] = getattr(one, _PARTS[name])
        found[name] = rows
    return found


def export_folder(exports: Path, files: ModelFiles) -> Path | None:
    """Return where the export of a model is kept, None when its weights are not known.

    The folder is named by everything that decides the vectors: the weights and the small files beside them.
    """
    if not files.digest:
        return None
    content = hashlib.sha256(f"{FORMAT}\x00{files.digest}".encode())
    root = Path(files.reference)
    for path in sorted(root.rglob("*")):
        if path.suffix in (".json", ".txt", ".model") and path.is_file():
            content.update(f"\x00{path.relative_to(root).as_posix()}\x00".encode())
            content.update(path.read_bytes())
    return exports / content.hexdigest()[:32]


def file_sha256(path: Path) -> str:
    """Return a file's SHA-256 in hex.

    Raises:
        ModelError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _damaged(path) from error


def _check_of(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def _damaged(path: Path) -> ModelError:
    return ModelError(f"{path} is missing or damaged; to make it anew, remove its folder and run: citewell index")
