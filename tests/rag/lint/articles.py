"""A tiny collection for the checker's tests: one sound article, and ways to spoil it."""

from pathlib import Path

from rag.lint import RuleSet, check_articles
from rag.lint.findings import Finding
from rag.lint.registry import Fact, Registry
from rag.lint.rule_set import STRICT, Limits

SOUND = """---
id: heat
title: Heat for a sore back
topic: T1
facts: [T1.1, T1.2]
seed_claims:
  - {id: C1, verdict: partly}
sources:
  - key: TRIAL06
    who: French and others
    document: Heat or cold for back pain
    year: 2006
    url: https://example.org/trial
safety: [G1, G2]
audience: adults
reviewed: 2026-01-31
reviewer: Editors
clinician_reviewed: false
sections:
  - heading: Does heat help back pain?
    evidence: review
    questions: [does heat help, is a heat pack any good, will warmth ease my back]
  - heading: When to get help
    evidence: guideline
    questions: [when should I see a doctor, which signs are urgent, who should I call]
---

## Does heat help back pain?

Heat wraps may ease new back pain a little for a few days. Use heat in these ways at home:

- a warm pack on the sore place
- Warm baths relax tight muscles for a short time.

## When to get help

Call 999 at once when both legs become weak or numb.
"""

_LINES = SOUND.split("\n")
HEADER_END = _LINES.index("---", 1) + 1
FIRST_HEADING = _LINES.index("## Does heat help back pain?") + 1
TEXT = FIRST_HEADING + 2
ITEM = TEXT + 2
LAST_HEADING = _LINES.index("## When to get help") + 1

REGISTRY = Registry(
    sources={
        "TRIAL06": {"who": "French", "document": "Heat", "year": "2006", "url": "https://example.org/trial"},
        "BOOK": {"who": "Writer", "document": "Book", "year": "n.d.", "url": ""},
    },
    facts={
        "T1.1": Fact(("TRIAL06",), "R"),
        "T1.2": Fact((), "M"),
        "T1.3": Fact(("BOOK",), "R*"),
        "T1.4": Fact((), "INF"),
    },
    topics=("T1", "T2"),
    claims={"C1": ("partly",), "C2": ("partly", "unproven")},
    safety_groups=("G1", "G2"),
)

RULES = RuleSet(enabled=frozenset(STRICT), limits=Limits(min_words=20, max_words=60), registry=REGISTRY)


def findings_in(folder: Path, text: str, *, rules: RuleSet = RULES, name: str = "heat.md") -> list[Finding]:
    """Return the findings for an article of this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return check_articles([path], rules)


def spoiled(old: str, new: str) -> str:
    """Return the sound article with a change, which must find its place."""
    if old not in SOUND:
        raise ValueError(f"{old!r} is not in the sound article")
    return SOUND.replace(old, new)


def with_sentence(sentence: str) -> str:
    """Return the sound article with another first sentence, on the line TEXT."""
    return spoiled("Heat wraps may ease new back pain a little for a few days.", sentence)
