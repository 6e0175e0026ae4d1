"""A classifier over a message's embedding, its words, and what the rules made of it: a support vector machine.

It is trained by `citewell eval train-safety` on the files of `data/examples`; its weights are in `classifier.npz`, in
the order of the terms in `classifier_terms.json`. A score is a sum: of the weights of words and pieces of words, and of
likeness to training messages. There is one score for each level ("at least this urgent"), turned into a probability by
what unseen messages got, and one for each group, which says what the sign is about.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from rag.errors import SafetyDataError
from rag.safety.features import piece_terms, weigh_terms, word_terms
from rag.safety.kernel import SupportVectors, sign_weight
from rag.types import TriageLevel, Vectors

WEIGHTS = "classifier.npz"
TERMS = "classifier_terms.json"

KINDS = ("words", "pieces")
HEADS = (TriageLevel.EMERGENCY, TriageLevel.SAME_DAY, TriageLevel.SOON)
"""Levels in the order of their rows in the weights."""

_HALF = ("level_words", "level_pieces", "word_rarity", "piece_rarity", "group_embedding", "group_signs", "group_bias")
_SINGLE = ("level_bias", "support_weights", "support_scale")
_BYTES = ("support_embeddings", "support_signs")
_ARRAYS = dict.fromkeys(_HALF, np.float16) | dict.fromkeys(_SINGLE, np.float32) | dict.fromkeys(_BYTES, np.int8)
"""The arrays of the file and how they are kept there."""

_LARGEST = 127
"""Largest value of a byte with a sign."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the classifier makes of a message.

    Attributes:
        emergency: probability of an emergency.
        urgent: probability of an emergency or something for the same day; at least that of an emergency.
        soon: probability of anything that a clinician should see; at least that of something urgent.
        groups: probability of each group, were there a sign at all.
    """

    emergency: float
    urgent: float
    soon: float
    groups: dict[str, float]


class Classifier:
    """Weights and the terms they belong to."""

    def __init__(self, encoder: str, terms: dict[str, list[str]], arrays: dict[str, NDArray[Any]]) -> None:
        """Take the parts of a model.

        Args:
            encoder: name of the weights that embedded the training messages.
            terms: "words", "pieces", "signs" and "groups", each in the order of their weights.
            arrays: `level_*`, shape (levels, terms), `*_rarity`, `group_*`, shape (groups, terms), and `support_*`,
                which are those of `SupportVectors`, the embeddings as bytes that `support_scale` turns into numbers.

        Raises:
            SafetyDataError: terms and weights do not fit together.
        """
        self.encoder = encoder
        self._places = {kind: {term: n for n, term in enumerate(terms[kind])} for kind in (*KINDS, "signs")}
        # Columns are looked up by the dozen, so they have to lie together.
        self._columns = {kind: np.ascontiguousarray(arrays[f"level_{kind}"].T) for kind in KINDS}
        self._arrays = arrays
        self._groups = terms["groups"]
        embeddings, signs = arrays["support_embeddings"], arrays["support_signs"]
        wanted = {kind: (len(terms[kind]), len(HEADS)) for kind in KINDS} | {
            "signs": (len(terms["signs"]), len(embeddings))
        }
        found = {kind: self._columns[kind].shape for kind in KINDS} | {"signs": signs.shape}
        if found != wanted or len(arrays["group_bias"]) != len(self._groups):
            raise SafetyDataError(f"{WEIGHTS}: weights for {found}; expected {wanted}: run citewell eval train-safety")
        self._support = SupportVectors(
            embeddings.astype(np.float32) * np.float32(arrays["support_scale"]),
            signs.astype(np.int8),
            signs.sum(axis=0, dtype=np.float32),
            arrays["support_weights"],
        )

    def judge(self, text: str, signs: Sequence[str], vector: Vectors) -> Judgement:
        """Return the judgement of a message.

        Args:
            text: as `Message.text` gives it.
            signs: from `sign_terms`.
            vector: its embedding, shape (d,) or (1, d).
        """
        arrays, columns = self._arrays, self._columns
        vector = vector.reshape(-1)
        words, word_weights = weigh_terms(word_terms(text), self._places["words"], arrays["word_rarity"])
        pieces, piece_weights = weigh_terms(piece_terms(text), self._places["pieces"], arrays["piece_rarity"])
        known = {sign: self._places["signs"][sign] for sign in signs if sign in self._places["signs"]}
        rows = list(known.values())
        scores = (
            self._support.scores(vector, rows, sum(map(sign_weight, known)))
            + word_weights @ columns["words"][words]
            + piece_weights @ columns["pieces"][pieces]
            + arrays["level_bias"]
        )
        # Whatever is an emergency is urgent too, though each level is judged by itself.
        levels = np.maximum.accumulate(1 / (1 + np.exp(-np.clip(scores, -50, 50))))
        groups = arrays["group_embedding"] @ vector + arrays["group_signs"][:, rows].sum(axis=1) + arrays["group_bias"]
        shares = np.exp(groups - groups.max())
        shares /= shares.sum()
        emergency, urgent, soon = map(float, levels)
        return Judgement(
            emergency, urgent, soon, {name: float(share) for name, share in zip(self._groups, shares, strict=True)}
        )


def load_classifier(folder: Path) -> Classifier | None:
    """Return the classifier of a data folder; None when it holds none.

    Raises:
        SafetyDataError: its files are damaged or do not belong together.
    """
    if not (folder / WEIGHTS).is_file():
        return None
    try:
        terms = json.loads((folder / TERMS).read_text(encoding="utf-8"))
        with (folder / WEIGHTS).open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = {n: file[n] if kind is np.int8 else file[n].astype(np.float32) for n, kind in _ARRAYS.items()}
        return Classifier(terms["encoder"], terms, arrays)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise SafetyDataError(
            f"{WEIGHTS}, {TERMS}: damaged ({type(error).__name__}); expected what citewell eval train-safety writes"
        ) from error


def as_bytes(embeddings: NDArray[np.float32]) -> tuple[NDArray[np.int8], np.float32]:
    """Return embeddings as bytes, and the number that turns them back."""
    scale = np.float32(np.abs(embeddings).max() / _LARGEST)
    return np.round(embeddings / scale).astype(np.int8), scale


def save_classifier(folder: Path, encoder: str, terms: dict[str, list[str]], arrays: dict[str, NDArray[Any]]) -> None:
    """Write a classifier into a data folder, each file whole or not at all."""
    Classifier(encoder, terms, arrays)
    weights, names = folder / f"new-{WEIGHTS}", folder / f"new-{TERMS}"
    np.savez_compressed(weights, **{n: arrays[n].astype(kind) for n, kind in _ARRAYS.items()})  # type: ignore[arg-type]
    names.write_text(json.dumps({"encoder": encoder, **terms}, ensure_ascii=False, indent=0), encoding="utf-8")
    names.replace(folder / TERMS)
    weights.replace(folder / WEIGHTS)
