"""Every phrasing of the specification, by rules alone and with the real encoder."""

import pytest

from rag.safety import SafetyLayer, load_safety
from rag.safety.groups import level_of, rank
from rag.types import Encoder, Question, TriageLevel
from tests.rag.safety.phrasings_from_eleven import FROM_ELEVEN
from tests.rag.safety.phrasings_harmless import MUST_NOT_TRIGGER
from tests.rag.safety.phrasings_to_ten import TO_TEN

MUST_TRIGGER = TO_TEN + FROM_ELEVEN

SENSE_ONLY = {
    "sex feels like nothing since the back pain started, no feeling at all inside",
    "AAA 4.8cm on last scan, new pain in my side and groin since lunch",
}
"""Phrasings that no rule covers; the classifier does."""


@pytest.fixture(scope="module")
def rules_alone() -> SafetyLayer:
    """The layer without an encoder."""
    return load_safety()


@pytest.fixture(scope="module")
def layer(encoder: Encoder) -> SafetyLayer:
    """The layer with the real encoder."""
    return load_safety(encoder)


@pytest.mark.parametrize(("group", "least", "message"), MUST_TRIGGER)
def test_warning_message_reaches_its_level(rules_alone: SafetyLayer, group: str, least: str, message: str) -> None:
    """Rules alone give the level or a higher one."""
    if message in SENSE_ONLY:
        pytest.skip("left to the classifier")
    triage = rules_alone.assess(Question(message))
    assert rank(triage.level) <= rank(level_of("table", least)), (group, triage)


@pytest.mark.parametrize(("group", "message"), MUST_NOT_TRIGGER)
def test_near_miss_stays_quiet(rules_alone: SafetyLayer, group: str, message: str) -> None:
    """Rules alone raise no alarm."""
    triage = rules_alone.assess(Question(message))
    assert triage.level in (TriageLevel.NONE, TriageLevel.SOON), (group, triage.reasons)


def test_with_meaning_nearly_every_phrasing_is_right(layer: SafetyLayer) -> None:
    """At least 98% of warnings reach their level and at most 5% of near misses alarm."""
    missed = [
        message
        for _, least, message in MUST_TRIGGER
        if rank(layer.assess(Question(message)).level) > rank(level_of("table", least))
    ]
    alarmed = [
        message
        for _, message in MUST_NOT_TRIGGER
        if rank(layer.assess(Question(message)).level) < rank(TriageLevel.SOON)
    ]
    assert len(missed) <= 0.02 * len(MUST_TRIGGER), missed
    assert len(alarmed) <= 0.05 * len(MUST_NOT_TRIGGER), alarmed
