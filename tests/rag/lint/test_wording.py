"""Doses, contact details and borrowed wording: what is caught and what is let through."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.rag.lint.articles import RULES, TEXT, findings_in, with_sentence

ONLY_WORDING = replace(RULES, enabled=frozenset({"no-dose", "no-contact", "shared-words"}))


@pytest.mark.parametrize(
    "words",
    [
        "take 200 mg now",
        "take 200mg now",
        "take 400-mg doses",
        "take 1,000 mcg now",
        "take 1.5 g now",
        "give 5 ml now",
        "give 800 IU now",
        "inject 10 units now",
        "take 2 tablets now",
        "take 1-2 tablets now",
        "take two tablets now",
        "take two paracetamol tablets now",
        "take half a pill now",
        "take three capsules now",
        "put 4 drops on sugar",
        "take five hundred milligrams now",
        "use a 5% gel now",
        "take one teaspoon now",
    ],
)
def test_dose_is_caught(tmp_path: Path, words: str) -> None:
    found = findings_in(tmp_path, with_sentence(f"Some people {words} for the pain."), rules=ONLY_WORDING)
    assert [finding.rule for finding in found] == ["no-dose"]
    assert found[0].line == TEXT


@pytest.mark.parametrize(
    "words",
    [
        "walk 10 minutes",
        "lift 10 kg",
        "are in the 5G age",
        "saw a 20 point drop in pain",
        "took tablets in two trials",
        "one in five took tablets",
        "ask about tablets",
        "are 37% of adults",
        "in 3 groups",
        "felt L4 to S3",
    ],
)
def test_other_figures_are_no_dose(tmp_path: Path, words: str) -> None:
    assert findings_in(tmp_path, with_sentence(f"Some people {words} here."), rules=ONLY_WORDING) == []


@pytest.mark.parametrize(
    "words",
    [
        "write to jo.bloggs@example.org",
        "write to jo (at) example.org",
        "follow @backpain_clinic",
        "call 020 7946 0958",
        "call +44 20 7946 0958",
        "call (555) 555-0123",
        "call 555-0123 now",
        "call 116 123 now",
        "text 85258 now",
        "call 08001111",
        "visit 12 High Street in town",
        "visit 221b Baker Street",
        "write to SW1A 1AA",
        "write to P.O. Box 12",
        "use [this link](mailto:jo) now",
        "use [this link](tel:999) now",
    ],
)
def test_contact_detail_is_caught(tmp_path: Path, words: str) -> None:
    found = findings_in(tmp_path, with_sentence(f"You can {words} about back pain."), rules=ONLY_WORDING)
    assert {finding.rule for finding in found} == {"no-contact"}
    assert found[0].line == TEXT


@pytest.mark.parametrize(
    "words",
    [
        "call 999 or 112",
        "call 999, 112 or 911",
        "call NHS 111 for advice",
        "read the years 2016-2020",
        "read the review of 2026-01-31",
        "take 1000-2000 steps",
        "see 100,000 people",
        "see 1,000,000 people",
        "bend 30-70 degrees",
        "open https://doi.org/10.1002/14651858.CD004750.pub2",
        "feel L5 and S1",
        "wait 12 to 16 weeks",
    ],
)
def test_other_numbers_are_no_contact_detail(tmp_path: Path, words: str) -> None:
    assert findings_in(tmp_path, with_sentence(f"You can {words} with this."), rules=ONLY_WORDING) == []


def test_run_of_more_than_eight_words_is_caught(tmp_path: Path) -> None:
    other = tmp_path / "source" / "text.md"
    other.parent.mkdir()
    other.write_text("They say: heat wraps may EASE new back pain a little — for some.", encoding="utf-8")
    rules = replace(ONLY_WORDING, against=(other.parent,))
    text = with_sentence("Heat wraps may ease new back pain a little for days.")
    found = findings_in(tmp_path, text, rules=rules)
    assert [(finding.rule, finding.line) for finding in found] == [("shared-words", TEXT)]
    assert "'heat wraps may ease new back pain a little for'" in found[0].message


def test_run_of_eight_words_passes(tmp_path: Path) -> None:
    other = tmp_path / "text.txt"
    other.write_text("heat wraps may ease new back pain a bit", encoding="utf-8")
    text = with_sentence("Heat wraps may ease new back pain a little for days.")
    assert findings_in(tmp_path, text, rules=replace(ONLY_WORDING, against=(other,))) == []


def test_article_is_not_held_against_itself(tmp_path: Path) -> None:
    text = with_sentence("Heat wraps may ease new back pain a little for days.")
    assert findings_in(tmp_path, text, rules=replace(ONLY_WORDING, against=(tmp_path,))) == []
