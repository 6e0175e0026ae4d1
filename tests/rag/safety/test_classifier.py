"""The classifier: its features, its files, and what it adds to the rules."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from rag.errors import SafetyDataError
from rag.safety import load_safety
from rag.safety.classifier import TERMS, WEIGHTS, Judgement, load_classifier
from rag.safety.data_files import DATA_DIR
from rag.safety.examples import load_examples
from rag.safety.features import PIECE_ROW, WORD_PATTERN, WORD_ROW, piece_terms, weigh_terms, word_terms
from rag.safety.rules import Finding
from rag.safety.weighing import Limits, weigh
from rag.types import Encoder, Question, TriageLevel
from tests.fakes import HashedEncoder
from tests.rag.safety.test_boundaries import BOUNDARIES, TRAPS

SAMPLES = ("i cant feel my leg, is it a clot?", "a bath. a bath? a bath", "39.5 and shivering", "x")
LIMITS = Limits(alarm=0.3, veto=0.1, veto_kept=0.02, emergency=0.35, raising=0.5, soon=0.5, kept=frozenset({"RF8"}))
S, E = TriageLevel.SAME_DAY, TriageLevel.EMERGENCY


@pytest.mark.parametrize("kind", ["word", "char_wb"])
def test_features_are_those_of_the_library(kind: str) -> None:
    """Terms and weights equal scikit-learn's."""
    analyze, row = (word_terms, WORD_ROW) if kind == "word" else (piece_terms, PIECE_ROW)
    pattern = {"token_pattern": WORD_PATTERN} if kind == "word" else {}
    theirs = TfidfVectorizer(analyzer=kind, ngram_range=row, sublinear_tf=True, **pattern)
    expected = theirs.fit_transform(SAMPLES).toarray()
    places = {term: place for place, term in enumerate(theirs.get_feature_names_out())}
    for sample, wanted in zip(SAMPLES, expected, strict=True):
        columns, weights = weigh_terms(analyze(sample), places, theirs.idf_.astype(np.float32))
        found = np.zeros(len(places))
        found[columns] = weights
        assert np.allclose(found, wanted, atol=1e-6)


def test_the_same_message_has_the_same_judgement() -> None:
    """Two loads give equal numbers, without pickled objects."""
    one, other = load_classifier(DATA_DIR), load_classifier(DATA_DIR)
    assert one is not None
    assert other is not None
    vector = np.full(384, 384**-0.5, dtype=np.float32)
    assert one.judge("my leg is numb", ["stated numb"], vector) == other.judge(
        "my leg is numb", ["stated numb"], vector
    )
    with np.load(DATA_DIR / WEIGHTS, allow_pickle=False) as file:
        assert all(file[name].dtype.kind in "fi" for name in file.files)


def test_what_is_an_emergency_is_urgent_too() -> None:
    """Each level is at least as likely as the one above it."""
    classifier = load_classifier(DATA_DIR)
    assert classifier is not None
    vector = np.full(384, 384**-0.5, dtype=np.float32)
    for sample in SAMPLES:
        judgement = classifier.judge(sample, [], vector)
        assert judgement.emergency <= judgement.urgent <= judgement.soon


def test_damaged_weights_are_named(tmp_path: Path) -> None:
    """A cut file is a data error."""
    (tmp_path / WEIGHTS).write_bytes((DATA_DIR / WEIGHTS).read_bytes()[:1000])
    shutil.copy(DATA_DIR / TERMS, tmp_path)
    with pytest.raises(SafetyDataError, match="train-safety"):
        load_classifier(tmp_path)


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"text": "a"}', '{"text": "", "level": "none"}', '{"text": "a", "level": "bad"}']
)
def test_malformed_example_is_named_with_its_line(line: str, tmp_path: Path) -> None:
    """The complaint holds file and line."""
    (tmp_path / "RF1.jsonl").write_text('{"text": "a", "level": "none"}\n' + line + "\n")
    with pytest.raises(SafetyDataError, match=r"RF1\.jsonl:2: "):
        load_examples(tmp_path, ["RF1"])


def test_the_examples_are_sound() -> None:
    """Every line that ships can be read."""
    assert len(load_examples(DATA_DIR / "examples", list(load_safety().words_for))) > 7_000


def judged(urgent: float, *, emergency: float = 0.0, soon: float = 0.0) -> Judgement:
    """A judgement that is about RF2, or else RF6."""
    return Judgement(emergency, urgent, soon, {"RF2": 0.7, "RF6": 0.3})


def weighed(found: list[Finding], judgement: Judgement) -> list[tuple[str, TriageLevel]]:
    """Groups and levels that hold."""
    return [(f.group, f.level) for f in weigh(found, judgement, LIMITS, load_safety().words_for)[0]]


def test_the_classifier_alone_raises_an_alarm_from_its_limit() -> None:
    """Below it nothing is found; above it the likeliest group speaks."""
    assert weighed([], judged(0.29)) == []
    assert weighed([], judged(0.31)) == [("RF2", S)]


def test_the_classifier_tells_an_emergency() -> None:
    """From the limit of an emergency, alone or over a rule for the same day."""
    assert weighed([], judged(0.9, emergency=0.36)) == [("RF2", E)]
    assert weighed([Finding("RF3", S, "rule")], judged(0.9, emergency=0.4)) == [("RF3", S)]
    assert weighed([Finding("RF3", S, "rule")], judged(0.9, emergency=0.6)) == [("RF3", S), ("RF2", E)]


def test_the_classifier_denies_a_rule_less_readily_where_minutes_count() -> None:
    """The same low probability drops one finding and keeps the other."""
    rule, kept = Finding("RF3", S, "rule"), Finding("RF8", E, "rule")
    assert weigh([rule, kept], judged(0.05), LIMITS, load_safety().words_for) == ([kept], [rule])
    assert weighed([kept], judged(0.01)) == []


def test_a_sign_to_be_seen_soon_goes_to_a_group_that_has_words_for_it() -> None:
    """RF2 is likelier than RF6; the words decide."""
    (found,) = weighed([], judged(0.1, soon=0.6))
    assert found[1] is TriageLevel.SOON
    assert TriageLevel.SOON in load_safety().words_for[found[0]]


def test_another_encoder_leaves_the_rules_alone() -> None:
    """Weights hold only for the encoder they were trained with."""
    question = Question("which oil is best for a massage")
    assert load_safety(HashedEncoder()).assess(question) == load_safety().assess(question)


@pytest.mark.parametrize(
    "text",
    [
        "List some everyday habits that look after my back.",
        "does walking help sciatica?",
        "which pillow is best for my back",
        "how long is a massage",
    ],
)
def test_ordinary_questions_stay_ordinary(encoder: Encoder, text: str) -> None:
    """No alarm and no error on common questions."""
    assert load_safety(encoder).assess(Question(text)).level is TriageLevel.NONE


def test_a_finding_without_words_for_its_level_is_passed_over() -> None:
    """A group that has nothing to say at a level does not break the triage."""
    layer = load_safety()
    reading, _ = layer.look("hello")
    assert layer._triage([Finding("RF15", TriageLevel.SOON, "test")], reading, True, True).level is TriageLevel.NONE


@pytest.mark.parametrize(("message", "levels", "why"), BOUNDARIES + TRAPS)
def test_boundary_case_with_the_classifier(encoder: Encoder, message: str, levels: set[str], why: str) -> None:
    """Each boundary case keeps its level."""
    triage = load_safety(encoder).assess(Question(message))
    assert triage.level.value in levels, (why, triage.reasons)


def test_a_sign_that_no_rule_foresaw_is_found(encoder: Encoder) -> None:
    """The classifier finds what the rules alone do not."""
    message = Question("sex feels like nothing since the back pain started, no feeling at all inside")
    assert load_safety().assess(message).level is TriageLevel.NONE
    assert load_safety(encoder).assess(message).level is TriageLevel.EMERGENCY
