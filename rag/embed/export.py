"""Export a sentence-transformers model once, so that questions are answered without the libraries that trained it.

Importing torch, transformers and sentence-transformers takes more time than everything else in an answer together.
The export holds the same weights in the same 32-bit floats; it is kept only when its vectors agree with the model's.
"""

import io
import shutil
import uuid
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.embed.encoder import SentenceEncoder
from rag.embed.exported import (
    DESCRIPTION_FILE,
    EXPORTED_WEIGHTS_FILE,
    GRAPH_FILE,
    OUTPUT,
    TOKENIZER_FILE,
    Description,
    ExportedEncoder,
    file_sha256,
)
from rag.errors import ModelError
from rag.types import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

OPSET = 17
"""The first that has layer normalisation as one operation."""

MIN_COSINE = 0.9999
MIN_OVERLAP = 0.995
"""Least agreement, over the sample, of single vectors and of the ten best passages of each question."""

MAX_DIFFERENCE = 1e-5
"""Largest difference in any place of any vector, so that vectors of both may stand in one index."""

TOP = 10

LIBRARIES = ("torch", "sentence-transformers", "transformers", "onnx", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Sample:
    """Real texts to compare vectors on.

    Attributes:
        passages: as they are embedded for an index.
        questions: as readers ask them.
        vectors: of all passages of the collection, shape (n, d); the best ten are looked for among these.
    """

    passages: Sequence[str]
    questions: Sequence[str]
    vectors: Vectors


def export_encoder(encoder: SentenceEncoder, folder: Path, sample: Sample) -> dict[str, float]:
    """Export a model into a folder, which appears whole or not at all, and return how well it agrees.

    Args:
        encoder: holds the model.
        folder: where the export goes; what stands there is replaced.
        sample: texts on which the export and the model must agree.

    Raises:
        ModelError: the model cannot be exported, or the export does not agree with it.
    """
    aside = folder.parent / f"new-{uuid.uuid4().hex}"
    try:
        aside.mkdir(parents=True)
        described = _written(encoder, aside)
        exported = ExportedEncoder(aside)
        agreement = agreement_of(encoder.encode(sample.passages), exported.encode(sample.passages))
        asked, answered = encoder.encode(sample.questions), exported.encode(sample.questions)
        agreement |= {
            name: min(value, agreement[name]) if name == "min_cosine" else max(value, agreement[name])
            for name, value in agreement_of(asked, answered).items()
        }
        agreement["top_10_overlap"] = top_overlap(asked, answered, sample.vectors)
        _accept(agreement, encoder.name)
        described = Description(
            described.name,
            described.dimension,
            described.max_tokens,
            described.files,
            {name: round(value, 8) for name, value in agreement.items()},
            described.made_with,
        )
        described.save(aside)
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
        return agreement
    except OSError as error:
        raise ModelError(f"{folder} cannot be written ({error.strerror}); choose another --index") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def is_whole(folder: Path) -> bool:
    """Return whether a folder holds an undamaged export."""
    try:
        files = Description.load(folder).files
        return all(file_sha256(folder / name) == digest for name, digest in files.items())
    except ModelError:
        return False


def agreement_of(one: Vectors, other: Vectors) -> dict[str, float]:
    """Return the least cosine of paired unit vectors, shape (n, d), and their largest difference in any place."""
    if not len(one):
        return {"min_cosine": 1.0, "max_difference": 0.0}
    return {
        "min_cosine": float((one * other).sum(axis=1).min()),
        "max_difference": float(np.abs(one - other).max()),
    }


def top_overlap(one: Vectors, other: Vectors, passages: Vectors, *, k: int = TOP) -> float:
    """Return which share of the k best passages two embeddings of the same questions have in common.

    Args:
        one: shape (q, d).
        other: the same questions, shape (q, d).
        passages: shape (n, d).
        k: how many of the best count.
    """
    k = min(k, len(passages))
    if not len(one) or k == 0:
        return 1.0
    best = [np.argsort(-(vectors @ passages.T), axis=1, kind="stable")[:, :k] for vectors in (one, other)]
    return float(np.mean([len({*mine} & {*theirs}) / k for mine, theirs in zip(*best, strict=True)]))


def _accept(agreement: dict[str, float], name: str) -> None:
    cosine, overlap, difference = (agreement[key] for key in ("min_cosine", "top_10_overlap", "max_difference"))
    if not (cosine >= MIN_COSINE and overlap >= MIN_OVERLAP and difference <= MAX_DIFFERENCE):
        raise ModelError(
            f"the export of {name} differs from the model: least cosine {cosine:.6f} (expected {MIN_COSINE}), "
            f"top {TOP} overlap {overlap:.4f} (expected {MIN_OVERLAP}), largest difference {difference:.1e} "
            f"(expected {MAX_DIFFERENCE:.0e})"
        )


def _written(encoder: SentenceEncoder, folder: Path) -> Description:
    """Write graph, weights, tokenizer and description."""
    model = encoder.model()
    graph = _graph(model, encoder.name)
    try:
        import onnx

        # Weights in a file of their own are mapped into memory instead of read and copied: a third of the loading
        # time and 50 MB less memory (2026-11-22).
        onnx.save_model(
            onnx.load_model_from_string(graph),
            str(folder / GRAPH_FILE),
            save_as_external_data=True,
            all_tensors_to_one_file=True,
            location=EXPORTED_WEIGHTS_FILE,
            size_threshold=1024,
        )
        shutil.copymode(folder / GRAPH_FILE, folder / EXPORTED_WEIGHTS_FILE)  # it comes readable by its owner alone
    except ImportError as error:
        raise ModelError("onnx is not installed; run: pip install onnx") from error
    tokenizer = encoder.tokenizer_copy()
    tokenizer.no_padding()
    tokenizer.enable_truncation(encoder.max_tokens)
    tokenizer.save(str(folder / TOKENIZER_FILE))
    described = Description(
        name=encoder.name,
        dimension=encoder.dimension,
        max_tokens=encoder.max_tokens,
        files={path.name: file_sha256(path) for path in sorted(folder.iterdir()) if path.name != DESCRIPTION_FILE},
        agreement={},
        made_with={library: version(library) for library in LIBRARIES},
    )
    described.save(folder)
    return described


def _graph(model: "SentenceTransformer", name: str) -> bytes:
    """The whole model, pooling and normalisation included, as a graph from word pieces to unit vectors."""
    import torch

    example = model.tokenizer(["Two texts of", "different length"], padding=True, return_tensors="pt")
    inputs = list(example)

    class Whole(torch.nn.Module):  # type: ignore[misc]
        """Takes tensors one by one, as the exporter gives them."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *given: Any) -> Any:  # noqa: ANN401 - torch tensors
            vectors = self.model(dict(zip(inputs, given, strict=True)))["sentence_embedding"]
            return torch.nn.functional.normalize(vectors, dim=1)

    graph = io.BytesIO()
    try:
        with torch.no_grad(), warnings.catch_warnings():
            # It warns that it is the older of torch's exporters, and of Python values that it takes for constants;
            # the comparison with the model decides whether what it wrote is right.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                Whole().eval(),
                tuple(example[given] for given in inputs),
                graph,
                input_names=inputs,
                output_names=[OUTPUT],
                dynamic_axes={given: {0: "n", 1: "t"} for given in inputs} | {OUTPUT: {0: "n"}},
                opset_version=OPSET,
                dynamo=False,
            )
    except Exception as error:  # whatever in a model the exporter does not know, it says so in its own ways
        first = (str(error).splitlines() or [""])[0][:200]
        raise ModelError(f"{name} cannot be exported ({type(error).__name__}: {first})") from error
    return graph.getvalue()
