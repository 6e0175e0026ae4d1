"""Rules on headings and on what the header says about each section."""

import re
from collections.abc import Iterator, Sequence

from rag.lint.findings import Flaw
from rag.lint.header import entries, names
from rag.lint.page import Page
from rag.lint.rule_set import RuleSet
from rag.types import BlockKind, Evidence

VAGUE = frozenset(
    "about background basics closing conclusion conclusions details discussion extra facts faq faqs final "
    "general info information intro introduction key miscellaneous more notes other others overview points "
    "questions read remarks section start summary takeaways thoughts tips to up welcome wrap wrapping".split()
)
"""A heading made of these words only (and of small words) does not say what its section answers."""

SMALL = frozenset("a an and further in of on our some the this".split())


def repeated(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """heading-repeated: no two sections of an article have the same heading."""
    seen: dict[str, int] = {}
    for heading, _, line, _ in page.headings():
        first = seen.setdefault(_plain(heading), line)
        if first != line:
            yield Flaw(line, f"heading '{heading}' stands in line {first} too", "say what sets this one apart")


def vague(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """heading-vague: a heading names what its section answers."""
    for heading, _, line, _ in page.headings():
        words = set(re.findall(r"[^\W_]+", heading.lower()))
        if words - SMALL <= VAGUE:
            yield Flaw(line, f"heading '{heading}' names nothing", "write the question or point it answers")


def levels(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """heading-level: headings are ##, or ### below a ##."""
    above = 1
    for heading, level, line, _ in page.headings():
        if level not in (2, 3):
            yield Flaw(line, f"heading '{heading}' is of level {level}", "use ## (or ### below a ##)")
        elif level == 3 and above < 2:
            yield Flaw(line, f"heading '{heading}' (###) stands below no ##", "make it ##")
        above = level


def empty(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """section-empty: text follows each heading."""
    blocks = page.article.blocks if page.article else ()
    for heading, level, line, number in page.headings():
        is_last = number + 1 == len(blocks)
        if is_last or (blocks[number + 1].kind is BlockKind.HEADING and level > 1):
            yield Flaw(line, f"no text below heading '{heading}'", "begin the section with its short answer")


def noted(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """section-noted: each heading has an entry under `sections`."""
    known = {_heading(entry) for entry in entries(page, "sections")}
    for heading, _, line, _ in page.headings():
        if heading not in known:
            yield Flaw(line, f"'sections' has no entry '{heading}'", "add it with evidence and questions")


def stray(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """section-stray: each entry under `sections` belongs to one heading."""
    if page.article is None:
        return
    headings = {heading for heading, *_ in page.headings()}
    seen: set[str] = set()
    for entry in entries(page, "sections"):
        heading = _heading(entry)
        if heading not in headings:
            message, mend = f"no heading '{heading}' in the body", "use the heading's exact words"
            yield Flaw(_entry_line(page, heading), message, mend)
        elif heading in seen:
            yield Flaw(_entry_line(page, heading), f"two entries for '{heading}'", "keep one of them")
        seen.add(heading)


def evidence(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """section-evidence: each entry has a known evidence label."""
    for entry in entries(page, "sections"):
        if entry.get("evidence") not in list(Evidence):
            yield Flaw(
                _entry_line(page, _heading(entry)),
                f"section '{_heading(entry)}' has evidence '{entry.get('evidence') or ''}'",
                f"use one of {', '.join(Evidence)}",
            )


def questions(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """section-questions: each entry has the right number of readers' questions."""
    low, high = rules.limits.min_questions, rules.limits.max_questions
    for entry in entries(page, "sections"):
        count = len(_questions(entry))
        if not low <= count <= high:
            message = f"section '{_heading(entry)}' has {count} questions"
            yield Flaw(_entry_line(page, _heading(entry)), message, f"give {low} to {high} in readers' words")


def questions_repeated(pages: Sequence[Page], rules: RuleSet) -> Iterator[tuple[Page, Flaw]]:
    """question-repeated: no question belongs to two sections, of one article or of two."""
    places: dict[str, list[tuple[Page, str, str]]] = {}
    for page in pages:
        for entry in entries(page, "sections"):
            for question in _questions(entry):
                places.setdefault(_plain(question), []).append((page, _heading(entry), question))
    for found in places.values():
        for number, (page, heading, question) in enumerate(found if len(found) > 1 else ()):
            other, other_heading, _ = found[0 if number else 1]
            where = f"'{other_heading}'" if other is page else f"'{other_heading}' of {other.path.name}"
            yield (
                page,
                Flaw(
                    page.header_line("sections:", heading, question),
                    f"question '{question}' is also under {where}",
                    "keep it where it is answered best",
                ),
            )


def safety_groups(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """safety-groups: `safety` names warning-sign groups, all of them known."""
    groups = names(page, "safety")
    if not groups:
        mend = "name the warning-sign groups of the section about getting help"
        yield Flaw(page.header_line("safety:"), "'safety' names no group", mend)
    known = rules.registry.safety_groups if rules.registry else ()
    for group in groups if known else ():
        if group not in known:
            yield Flaw(page.header_line("safety:", group), f"group '{group}' is not known", "correct the id")


def help_last(page: Page, rules: RuleSet) -> Iterator[Flaw]:
    """help-last: an article with `safety` groups ends with a section about getting help."""
    if page.article is None or not names(page, "safety"):
        return
    main = [(heading, line) for heading, level, line, _ in page.headings() if level <= 2]
    heading, line = main[-1] if main else ("", page.body_start + 1)
    if not set(re.findall(r"[^\W_]+", heading.lower())) & set(rules.limits.help_words):
        message = f"the last section is '{heading}'" if heading else "the article has no sections"
        yield Flaw(line, message, "end with a section such as 'When to get help'")


def _heading(entry: object) -> str:
    value = entry.get("heading") if isinstance(entry, dict) else None
    return " ".join(str(value or "").split())


def _questions(entry: object) -> list[str]:
    value = entry.get("questions") if isinstance(entry, dict) else None
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _entry_line(page: Page, heading: str) -> int:
    return page.header_line("sections:", heading or "heading:")


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.lower()))
