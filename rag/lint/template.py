"""The text that a new article starts from."""

import datetime
import json
import re

from rag.errors import FrontMatterError
from rag.lint.header import ID_FORM

HELP_HEADING = "When to get help"

_TEMPLATE = """---
id: {article_id}
title: {title}
topic: []
facts: []
seed_claims: []
sources: []
safety: []
audience: adults
reviewed: {today}
reviewer: to be named
clinician_reviewed: false
sections:
{sections}---

## {heading}

Answer the heading here in one sentence that can stand alone.

## {help_heading}

Say here which signs need care today and whom to call.
"""


def new_article_template(article_id: str, title: str, *, today: datetime.date | None = None) -> str:
    """Return a new article: a header with every field, two sections, and words to replace.

    Args:
        article_id: its id and file stem.
        title: a reader's words.
        today: date of the review; the current day by default.

    Raises:
        FrontMatterError: the id has another form than "heat-and-cold", or the title is empty.
    """
    line = " ".join(title.split())
    subject = " ".join(re.sub(r"[*_`#<>\[\]\\?]", " ", line).split())
    if not ID_FORM.fullmatch(article_id):
        raise FrontMatterError(f"id '{article_id}': expected lower-case letters, digits and single hyphens")
    if not subject:
        raise FrontMatterError("the title is empty; expected a reader's words, for instance 'Heat and cold'")
    heading = f"{subject}?" if line.endswith("?") else f"What should I know about {_inside(subject)}?"
    about = (
        f"first question about {subject}",
        f"second question about {subject}",
        f"third question about {subject}",
    )
    help_about = (
        f"urgent signs with {subject}",
        f"who can help with {subject}",
        f"when to see someone about {subject}",
    )
    return _TEMPLATE.format(
        article_id=article_id,
        title=_quoted(line),
        today=(today or datetime.date.today()).isoformat(),
        sections=_section(heading, "expert opinion", about) + _section(HELP_HEADING, "guideline", help_about),
        heading=heading,
        help_heading=HELP_HEADING,
    )


def _section(heading: str, evidence: str, questions: tuple[str, ...]) -> str:
    listed = "".join(f"      - {_quoted(question)}\n" for question in questions)
    return f"  - heading: {_quoted(heading)}\n    evidence: {evidence}\n    questions:\n{listed}"


def _quoted(text: str) -> str:
    """Return the text as a YAML string; JSON strings are such, so colons and quotation marks do no harm."""
    return json.dumps(text, ensure_ascii=False)


def _inside(title: str) -> str:
    """Return a title as it stands inside a sentence; abbreviations keep their capitals."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
