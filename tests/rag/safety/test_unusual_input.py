"""Messages that are empty, huge, not text, or not English: a proper triage, and quickly."""

import json
import statistics
import time
from collections.abc import Sequence

import numpy as np
import pytest

from rag.safety import SafetyLayer, load_safety
from rag.safety.classifier import TERMS
from rag.safety.data_files import DATA_DIR
from rag.types import Encoder, Question, TriageLevel, Vectors

ODD = {
    "empty": "",
    "blanks": " \n\t" * 100_000,
    "a megabyte of words": "the weather is fine and the sea is calm today " * 22_000,
    "a megabyte of one letter": "a" * 1_000_000,
    "a megabyte of unknown words": "".join(f"zq{n}x vbk{n}w " for n in range(70_000)),
    "a megabyte about the body": "my sister walks a mile a day and her legs and her back are strong and warm " * 14_000,
    "control characters": "".join(chr(n % 32) for n in range(5_000)),
    "bytes read as text": bytes(n * 7 % 256 for n in range(50_000)).decode("latin-1"),
    "right to left": "رجلي تؤلمني منذ أسبوع",
    "emoji alone": "😭🦵🔥😭",
    "marks alone": "?!?!…" * 50,
    "lone surrogate": "leg \ud83d pain",
}

FOREIGN = (
    "me duele la espalda",
    "dolor de espalda",
    "ayuda",
    "mon dos me fait mal",
    "j'ai mal au dos",
    "ich habe Rückenschmerzen",
    "Hilfe, mein Rücken",
    "mal di schiena",
    "boli mnie noga",
    "背中が痛い",
    "у меня болит спина",
    "पीठ में दर्द है",
)

SECONDS = 0.005
"""Most that triage may take beyond embedding the question."""


@pytest.fixture(scope="module")
def layer(encoder: Encoder) -> SafetyLayer:
    """The layer with the real encoder."""
    return load_safety(encoder)


@pytest.mark.parametrize("name", ODD)
def test_odd_input_gets_a_calm_triage(layer: SafetyLayer, name: str) -> None:
    """No error and no alarm."""
    assert layer.assess(Question(ODD[name])).level is TriageLevel.NONE


@pytest.mark.parametrize("text", FOREIGN)
def test_a_message_in_another_language_gets_the_numbers(layer: SafetyLayer, text: str) -> None:
    """The reply says that only English is understood, and shows the table."""
    advice = " ".join(layer.assess(Question(text)).advice)
    assert "English only" in advice
    assert "UK 999" in advice


@pytest.mark.parametrize("text", ["leg pain", "help", "sciatica massage?", "my back hurts", "piriformis stretch", "ok"])
def test_short_english_is_taken_for_english(layer: SafetyLayer, text: str) -> None:
    """Few words are no reason to ask for English."""
    assert "English only" not in " ".join(layer.assess(Question(text)).advice)


def test_an_english_sign_in_a_foreign_message_still_counts(layer: SafetyLayer) -> None:
    """Rules hold whatever the language seems to be."""
    text = "hola, mi madre no puede hablar inglés: she has chest pain and cannot breathe"
    assert layer.assess(Question(text)).level is TriageLevel.EMERGENCY


def test_triage_is_fast_beyond_embedding(layer: SafetyLayer) -> None:
    """The median over plain and odd messages stays under the bound, the embedding given."""
    vector = np.full((1, 384), 384**-0.5, dtype=np.float32)
    texts = [f"{opening} my left leg hurts since Monday and tingles at night" for opening in ("hi", "so", "well", "ok")]
    quickest = []
    for text in [*texts, *ODD.values()]:
        taken = []
        for turn in range(5):  # the best of five: other programs take the processor too
            started = time.perf_counter()
            layer.assess(Question(f"{turn} {text}"), vector=vector)
            taken.append(time.perf_counter() - started)
        quickest.append(min(taken))
    assert statistics.median(quickest) < SECONDS


@pytest.mark.parametrize("name", ["a megabyte of words", "a megabyte about the body"])
def test_a_megabyte_of_repetition_takes_no_longer(layer: SafetyLayer, name: str) -> None:
    """The best of several turns stays under the bound."""
    vector = np.full((1, 384), 384**-0.5, dtype=np.float32)
    taken = []
    for turn in range(12):
        started = time.process_time()  # other programs' turns do not count
        layer.assess(Question(f"{turn} {ODD[name]}"), vector=vector)
        taken.append(time.process_time() - started)
    assert min(taken) < SECONDS


def test_no_sentence_is_embedded_beside_the_question() -> None:
    """One text, the message itself, and only when no vector is given."""

    class Counting:
        name = json.loads((DATA_DIR / TERMS).read_text(encoding="utf-8"))["encoder"]
        dimension = 384
        max_tokens = 256

        def __init__(self) -> None:
            self.texts: list[str] = []

        def count_tokens(self, texts: Sequence[str]) -> list[int]:
            return [len(text.split()) for text in texts]

        def encode(self, texts: Sequence[str]) -> Vectors:
            self.texts.extend(texts)
            return np.full((len(texts), 384), 384**-0.5, dtype=np.float32)

    encoder = Counting()
    layer = load_safety(encoder)
    question = Question("My back hurts. It started on Monday. What can I do? I walk a lot.")
    layer.assess(question, vector=np.full((1, 384), 384**-0.5, dtype=np.float32))
    assert encoder.texts == []
    layer.assess(Question("My calf aches. It is sore. What now?"))
    assert len(encoder.texts) == 1
