"""Likeness to examples: the decision, and stored vectors."""

from pathlib import Path

import numpy as np

from rag.safety import Example, MeaningDetector, SafetyLayer, load_safety
from rag.safety.example_vectors import embed_examples, store_examples
from rag.safety.meaning import Threshold
from rag.types import Encoder, Question, TriageLevel

EXAMPLES = (Example("leg", "RF2", TriageLevel.SAME_DAY), Example("harmless"))
VECTORS = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)


def find(x: float, y: float, floor: float = 0.6, margin: float = 0.1) -> list[str]:
    """Return the groups found for one vector."""
    detector = MeaningDetector(EXAMPLES, VECTORS, {"default": Threshold(floor, margin)})
    return [f.group for f in detector.find(np.array([[x, y]], dtype=np.float32))]


def test_likeness_above_floor_and_margin_is_found() -> None:
    """0.8 reaches 0.6 and is 0.2 above the harmless 0.6."""
    assert find(0.8, 0.6) == ["RF2"]


def test_likeness_below_the_floor_is_not() -> None:
    """0.5 does not reach 0.6."""
    assert find(0.5, 0.1) == []


def test_a_harmless_example_as_near_prevents_it() -> None:
    """0.7 is not 0.1 above 0.65."""
    assert find(0.7, 0.65) == []


def test_stored_vectors_equal_fresh_ones(encoder: Encoder, tmp_path: Path) -> None:
    """Rounding to eight bits moves a cosine by less than 0.01."""
    texts = ["numb between the legs", "which oil is best"]
    store_examples(encoder, texts, tmp_path / "v.npz")
    stored = embed_examples(encoder, texts, tmp_path / "v.npz")
    assert float((stored * encoder.encode(texts)).sum(axis=1).min()) > 0.99


def test_meaning_finds_what_no_rule_foresaw(encoder: Encoder) -> None:
    """With likeness, at least as much is found as by rules alone."""
    message = Question("sex feels like nothing since the back pain started, no feeling at all inside")
    assert load_safety(encoder).assess(message).level is TriageLevel.EMERGENCY


def test_ordinary_questions_stay_ordinary(encoder: Encoder) -> None:
    """Likeness does not alarm on common questions."""
    layer: SafetyLayer = load_safety(encoder)
    for text in ("does walking help sciatica?", "which pillow is best for my back", "how long is a massage"):
        assert layer.assess(Question(text)).level is TriageLevel.NONE
