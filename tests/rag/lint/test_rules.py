"""Each rule has cases that fire and cases that stay silent."""

from dataclasses import replace
from pathlib import Path

import pytest

from rag.lint.check import ARTICLE_RULES, COLLECTION_RULES
from rag.lint.rule_set import STRICT
from tests.rag.lint.articles import (
    FIRST_HEADING,
    HEADER_END,
    ITEM,
    LAST_HEADING,
    RULES,
    SOUND,
    TEXT,
    findings_in,
    spoiled,
    with_sentence,
)

QUESTIONS = "[does heat help, is a heat pack any good, will warmth ease my back]"
HEADING = "Does heat help back pain?"
SENTENCE = "Heat wraps may ease new back pain a little for a few days."
LONG = "Heat " + "is warm and " * 12 + "good for the back."

FIRES = [
    ("file-readable", spoiled("---\n\n##", "\n##"), 1),
    ("file-readable", "", 1),
    ("header-fields", spoiled("audience: adults\n", ""), 1),
    ("header-fields", spoiled("reviewer: Editors", "reviewer:"), "reviewer:"),
    ("header-types", spoiled("reviewed: 2026-01-31", "reviewed: last week"), "reviewed:"),
    ("header-types", spoiled("reviewed: 2026-01-31", "reviewed: '2026-02-31'"), "reviewed:"),
    ("header-types", spoiled("facts: [T1.1, T1.2]", "facts: T1.1"), "facts:"),
    ("header-types", spoiled("verdict: partly", "verdict: maybe"), "seed_claims:"),
    ("header-types", spoiled("    who: French and others\n", "    who: 7\n"), "sources:"),
    ("header-types", spoiled("topic: T1", "topic: 12"), "topic:"),
    ("header-unknown", spoiled("audience:", "audiance:"), "audiance:"),
    ("title-length", spoiled("Heat for a sore back", "Heat " * 17), "title:"),
    ("id-matches-file", spoiled("id: heat\n", "id: cold\n"), "id: cold"),
    ("topic-known", spoiled("topic: T1", "topic: [T1, T9]"), "topic:"),
    ("source-known", spoiled("key: TRIAL06", "key: TRIAL99"), "  - key:"),
    (
        "source-repeated",
        spoiled("safety:", "  - {key: TRIAL06, who: F, document: H, year: 2006}\nsafety:"),
        "  - key:",
    ),
    ("source-matches", spoiled("year: 2006", "year: 2007"), "  - key:"),
    ("source-matches", spoiled("org/trial", "org/other"), "  - key:"),
    ("fact-known", spoiled("T1.2]", "T1.9]"), "facts:"),
    ("fact-sources", spoiled("T1.2]", "T1.3]"), "sources:"),
    ("fact-support", spoiled("[T1.1, T1.2]", "[T1.2, T1.4]"), "facts:"),
    ("claim-known", spoiled("id: C1", "id: C9"), "{id: C"),
    ("claim-verdict", spoiled("verdict: partly", "verdict: agrees"), "{id: C"),
    ("safety-groups", spoiled("safety: [G1, G2]", "safety: []"), "safety:"),
    ("safety-groups", spoiled("safety: [G1, G2]", "safety: [G1, G7]"), "safety:"),
    ("help-last", SOUND.replace("When to get help", "What to do next"), LAST_HEADING),
    ("heading-repeated", SOUND.replace("When to get help", HEADING), LAST_HEADING),
    ("heading-vague", SOUND.replace(HEADING, "Introduction and overview"), FIRST_HEADING),
    ("heading-level", spoiled("## Does", "# Does"), FIRST_HEADING),
    ("heading-level", spoiled("## Does", "### Does"), FIRST_HEADING),
    ("section-empty", spoiled("Call 999 at once when both legs become weak or numb.\n", ""), LAST_HEADING),
    ("section-noted", spoiled(f"## {HEADING}", "## Does heat help my back?"), FIRST_HEADING),
    ("section-stray", spoiled(f"## {HEADING}", "## Does heat help my back?"), "heading: Does"),
    ("section-evidence", spoiled("evidence: review", "evidence: hearsay"), "heading: Does"),
    ("section-questions", spoiled(QUESTIONS, "[does heat help, is it good]"), "heading: Does"),
    ("question-repeated", spoiled("who should I call", "Does HEAT help"), "Does HEAT help"),
    ("sentence-length", with_sentence("Heat may help."), TEXT),
    ("sentence-length", with_sentence(LONG), TEXT),
    ("sentence-length", spoiled("Use heat in these ways at home:", "Try heat:"), TEXT),
    ("sentence-opening", with_sentence("It may ease new back pain a little for a few days."), TEXT),
    ("item-length", spoiled("- a warm pack on the sore place", "- warm pack"), ITEM),
    ("item-length", spoiled("- a warm pack on the sore place", f"- {LONG}"), ITEM),
    ("list-lead-in", spoiled("in these ways at home:", "in these ways at home."), ITEM),
    (
        "reading-grade",
        with_sentence("Physiotherapeutic multidisciplinary rehabilitation " * 4 + "helps."),
        HEADER_END + 1,
    ),
    ("article-length", with_sentence("Heat helps a little with new back pain at home. " * 8), HEADER_END + 1),
    ("article-length", with_sentence(""), HEADER_END + 1),
    ("no-dose", with_sentence("People often take 200 mg of the tablets with some food or milk."), TEXT),
    ("no-contact", with_sentence("Write to help@example.org when heat does not help your back."), TEXT),
    ("sentence-repeated", with_sentence(SENTENCE + " " + SENTENCE), TEXT),
]


@pytest.mark.parametrize(("rule", "text", "place"), FIRES)
def test_rule_fires_at_the_line_to_mend(tmp_path: Path, rule: str, text: str, place: int | str) -> None:
    rules = replace(RULES, limits=replace(RULES.limits, min_words=36)) if rule == "article-length" else RULES
    found = findings_in(tmp_path, text, rules=rules)
    lines = [finding.line for finding in found if finding.rule == rule]
    assert lines, [str(finding) for finding in found]
    if isinstance(place, str):
        place = next(number for number, line in enumerate(text.split("\n"), start=1) if place in line)
    assert place in lines


def test_sound_article_has_no_findings(tmp_path: Path) -> None:
    assert findings_in(tmp_path, SOUND) == []


SILENT = [
    ("header-types", spoiled("year: 2006", "year: '2016, updated 2020'")),
    ("header-types", spoiled("topic: T1", "topic: [T1, T2]")),
    ("header-unknown", spoiled("audience:", "url: https://example.org/heat\naudience:")),
    ("title-length", spoiled("Heat for a sore back", "H" * 80)),
    ("fact-sources", spoiled("T1.2]", "T1.4]")),
    ("claim-verdict", spoiled("{id: C1, verdict: partly}", "{id: C2, verdict: unproven}")),
    ("help-last", SOUND.replace("When to get help", "Emergency signs after heat")),
    ("heading-vague", SOUND.replace(HEADING, "More heat, less pain?")),
    ("heading-level", spoiled("## When", "### When")),
    ("sentence-length", spoiled("Use heat in these ways at home:", "Ways to use heat:")),
    ("item-length", spoiled("a warm pack on the sore place", "one warm pack")),
    ("sentence-repeated", spoiled("a warm pack on the sore place", "Heat wraps may ease new back pain")),
    ("article-length", spoiled("a warm pack on the sore place", "heat packs " * 10)),
]


@pytest.mark.parametrize(("rule", "text"), SILENT)
def test_rule_stays_silent(tmp_path: Path, rule: str, text: str) -> None:
    assert [str(finding) for finding in findings_in(tmp_path, text) if finding.rule == rule] == []


def test_every_rule_has_a_case_that_fires() -> None:
    elsewhere = {"id-unique", "shared-words"}
    assert {rule for rule, _, _ in FIRES} | elsewhere == set(STRICT)


def test_every_rule_of_the_profiles_exists_and_is_documented() -> None:
    known = set(ARTICLE_RULES) | set(COLLECTION_RULES)
    assert known == set(STRICT)
    for rule, look in {**ARTICLE_RULES, **COLLECTION_RULES}.items():
        assert (look.__doc__ or "").startswith(f"{rule}: ")
    page = (Path(__file__).parents[3] / ".github" / "ARTICLE_CHECKS.md").read_text(encoding="utf-8")
    assert [rule for rule in STRICT if f"`{rule}`" not in page] == []


def test_rule_that_is_off_stays_silent(tmp_path: Path) -> None:
    text = with_sentence("It may ease new back pain a little for a few days.")
    off = replace(RULES, enabled=RULES.enabled - {"sentence-opening"})
    assert findings_in(tmp_path, text, rules=off) == []


def test_registry_rules_are_silent_without_a_registry(tmp_path: Path) -> None:
    text = spoiled("facts: [T1.1, T1.2]", "facts: [X9]")
    assert findings_in(tmp_path, text, rules=replace(RULES, registry=None)) == []
