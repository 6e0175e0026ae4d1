"""Texts, numbers by region, the disclaimer, and complaints about malformed data."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from rag.errors import SafetyDataError
from rag.safety import load_safety
from rag.safety.concepts import load_concepts
from rag.safety.data_files import DATA_DIR
from rag.safety.examples import load_examples
from rag.safety.groups import load_groups
from rag.safety.wording import Wording
from rag.types import Question, TriageLevel

SIGN = Question("I have no feeling between my legs since yesterday")


@pytest.mark.parametrize(
    ("region", "number"),
    [("GB", "999"), ("IE", "112"), ("EU", "112"), ("US", "911"), ("AU", "000"), ("NZ", "111"), ("in", "112")],
)
def test_the_region_gives_the_number(region: str, number: str) -> None:
    """A known region names its own number and shows no table."""
    text = " ".join(load_safety(region=region).assess(SIGN).action)
    assert number in text
    assert "elsewhere" not in text


def test_every_region_fills_every_slot() -> None:
    """No slot is left open anywhere."""
    for region in Wording(DATA_DIR, None).regions:
        text = Wording(DATA_DIR, region).fill("{EMERGENCY} {ADVICE_LINE} {CRISIS}")
        assert "{" not in text


def test_the_table_says_when_and_against_what_it_was_checked() -> None:
    """A day, not in the future, and sources to look the rows up."""
    wording = Wording(DATA_DIR, None)
    assert wording.checked_on <= date.today()
    assert wording.checked_against


def test_without_a_region_no_number_stands_twice_in_one_action() -> None:
    """The table holds the emergency numbers, the sentences above it none of them."""
    concepts = load_concepts(DATA_DIR / "concepts")
    wording = Wording(DATA_DIR, None)
    groups = load_groups(DATA_DIR / "groups", concepts.lexicon.names)
    for level in (TriageLevel.EMERGENCY, TriageLevel.SAME_DAY):
        for group in groups:
            if level in group.actions:
                text = " ".join(wording.action([group.actions[level]], level))
                numbers = re.findall(r"\b(?!24\b)\d[\d -]+\d\b", text)
                assert len(numbers) == len(set(numbers)), (group.group_id, numbers)


def test_unknown_region_is_refused() -> None:
    """The complaint lists what there is."""
    with pytest.raises(SafetyDataError, match="GB"):
        load_safety(region="XX")


def test_crisis_text_comes_first_for_self_harm() -> None:
    """The crisis line stands in the first sentence, without any technique."""
    action = load_safety(region="GB").assess(Question("I want to end my life")).action
    assert "116 123" in action[0]


def test_actions_hold_no_technique_no_dose_and_no_comfort() -> None:
    """Every emergency action has a number slot and nothing that N2, N5 or N6 forbid."""
    concepts = load_concepts(DATA_DIR / "concepts")
    for group in load_groups(DATA_DIR / "groups", concepts.lexicon.names):
        for level, text in group.actions.items():
            assert not re.search(r"\d+ ?(mg|ml|g)\b|probably nothing|try to pass", text), group.group_id
            assert len(re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)) <= 3, group.group_id
            if level is TriageLevel.EMERGENCY:
                assert "{EMERGENCY}" in text, group.group_id


def test_every_group_has_sources_examples_and_near_misses() -> None:
    """A clinician finds who says so and what it is meant to catch."""
    concepts = load_concepts(DATA_DIR / "concepts")
    groups = load_groups(DATA_DIR / "groups", concepts.lexicon.names)
    assert {f"RF{n}" for n in range(1, 20)} <= {group.group_id for group in groups}
    examples = load_examples(DATA_DIR / "examples", [group.group_id for group in groups])
    for group in groups:
        assert group.sources
        levels = [example.level for example in examples if example.group == group.group_id]
        if group.group_id != "SOFT":
            assert sum(level is not TriageLevel.NONE for level in levels) >= 20, group.group_id
            assert levels.count(TriageLevel.NONE) >= 6, group.group_id


def test_the_disclaimer_is_short_and_says_what_it_must() -> None:
    """At most two sentences that cover D1 to D8."""
    text = load_safety().disclaimer
    assert len(re.split(r"(?<=[.!?])\s+(?=[A-Z])", text)) <= 2
    for word in ("adults", "doctor", "wrong", "emergency", "cure", "stop", "pregnancy", "child", "sources", "personal"):
        assert word in text, word


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("levels.yaml", "order: [RF17,", "order: [RF99, RF17,", "RF99"),
        ("groups/rf01.yaml", "level: emergency", "level: soonish", "soonish"),
        ("groups/rf01.yaml", "all: [saddle_numb]", "all: [sadle]", "sadle"),
        ("limits.yaml", "alarm: 0.45", "alarm: often", "alarm"),
        ("regions.yaml", 'checked_on: "2026', 'checked_on: "in 2026', "checked_on"),
        ("regions.yaml", "checked_on:", "chequed:", "chequed"),
        ("wording.yaml", "english_only:", "english:", "english"),
        ("review.yaml", "code: dose", "kode: dose", "kode"),
    ],
)
def test_malformed_data_is_named(tmp_path: Path, file: str, old: str, new: str, complaint: str) -> None:
    """The complaint names what is wrong."""
    folder = tmp_path / "data"
    shutil.copytree(DATA_DIR, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SafetyDataError, match=complaint):
        load_safety(data_dir=folder)
