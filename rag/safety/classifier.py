"""A linear classifier over a message's embedding, its words, and what the rules made of it.

It is trained by `citewell eval train-safety` on the files of `data/examples`; its weights are in `classifier.npz`, in
the order of the terms in `classifier_terms.json`. An alarm's score is a sum of weights, so each can be looked up.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from rag.errors import SafetyDataError
from rag.safety.features import piece_terms, weigh_terms, word_terms
from rag.types import TriageLevel, Vectors

WEIGHTS = "classifier.npz"
TERMS = "classifier_terms.json"

_ARRAYS = (
    "alarm_embedding", "alarm_words", "alarm_pieces", "alarm_signs", "alarm_bias",
    "word_rarity", "piece_rarity", "class_embedding", "class_signs", "class_bias",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the classifier makes of a message.

    Attributes:
        alarm: probability of an emergency or same-day sign.
        shares: probability of each group and level; what is missing from 1 belongs to no group.
    """

    alarm: float
    shares: dict[tuple[str, TriageLevel], float]


class Classifier:
    """Weights and the terms they belong to."""

    def __init__(self, encoder: str, terms: dict[str, list[str]], arrays: dict[str, NDArray[np.float32]]) -> None:
        """Take the parts of a model.

        Args:
            encoder: name of the weights that embedded the training messages.
            terms: "words", "pieces", "signs" and "classes", each in the order of their weights.
            arrays: `alarm_*` (one for each term), `*_rarity`, and `class_*`, shape (classes, terms).

        Raises:
            SafetyDataError: terms and weights do not fit together.
        """
        self.encoder = encoder
        self._places = {kind: {term: n for n, term in enumerate(terms[kind])} for kind in ("words", "pieces", "signs")}
        self._arrays = arrays
        self._classes = [name.split() for name in terms["classes"]]
        wanted = {kind: len(terms[kind]) for kind in self._places}
        found = {kind: len(arrays[f"alarm_{kind}"]) for kind in self._places}
        if found != wanted or len(arrays["class_bias"]) != len(self._classes):
            raise SafetyDataError(f"{WEIGHTS}: weights for {found}; expected {wanted}: run citewell eval train-safety")

    def judge(self, text: str, signs: Sequence[str], vector: Vectors) -> Judgement:
        """Return the judgement of a message.

        Args:
            text: as `Message.text` gives it.
            signs: from `sign_terms`.
            vector: its embedding, shape (d,) or (1, d).
        """
        arrays = self._arrays
        vector = vector.reshape(-1)
        words, word_weights = weigh_terms(word_terms(text), self._places["words"], arrays["word_rarity"])
        pieces, piece_weights = weigh_terms(piece_terms(text), self._places["pieces"], arrays["piece_rarity"])
        known = [self._places["signs"][sign] for sign in signs if sign in self._places["signs"]]
        score = (
            float(vector @ arrays["alarm_embedding"])
            + float(word_weights @ arrays["alarm_words"][words])
            + float(piece_weights @ arrays["alarm_pieces"][pieces])
            + float(arrays["alarm_signs"][known].sum())
            + float(arrays["alarm_bias"][0])
        )
        classes = (
            arrays["class_embedding"] @ vector + arrays["class_signs"][:, known].sum(axis=1) + arrays["class_bias"]
        )
        shares = np.exp(classes - classes.max())
        shares /= shares.sum()
        return Judgement(
            alarm=float(1 / (1 + np.exp(-np.clip(score, -50, 50)))),
            shares={
                (name[0], TriageLevel(name[1])): float(share)
                for name, share in zip(self._classes, shares, strict=True)
                if len(name) == 2
            },
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
            arrays = {name: file[name].astype(np.float32) for name in _ARRAYS}
        return Classifier(terms["encoder"], terms, arrays)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise SafetyDataError(
            f"{WEIGHTS}, {TERMS}: damaged ({type(error).__name__}); expected what citewell eval train-safety writes"
        ) from error


def save_classifier(
    folder: Path, encoder: str, terms: dict[str, list[str]], arrays: dict[str, NDArray[np.float32]]
) -> None:
    """Write a classifier into a data folder, each file whole or not at all."""
    Classifier(encoder, terms, arrays)
    weights, names = folder / f"new-{WEIGHTS}", folder / f"new-{TERMS}"
    np.savez_compressed(weights, **{name: arrays[name].astype(np.float16) for name in _ARRAYS})  # type: ignore[arg-type]
    names.write_text(json.dumps({"encoder": encoder, **terms}, ensure_ascii=False, indent=0), encoding="utf-8")
    names.replace(folder / TERMS)
    weights.replace(folder / WEIGHTS)
