"""What is said around an answer: directions to care, the disclaimer, what is not covered, what went wrong."""

import math

import regex

from rag.types import Answer, TriageLevel
from ui.shown_text import as_html

_NUMBER = regex.compile(r"(?<![\d\w.-])(?<!\btext \w+ to )\d(?:[ -]?\d){2,13}(?![\d\w]|-\w)")
"""Three to fourteen digits: in the fixed wording of directions to care these are telephone numbers only."""


def with_phone_links(text: str) -> str:
    """Return a line of the fixed wording as HTML in which telephone numbers can be tapped."""
    parts: list[str] = []
    at = 0
    for match in _NUMBER.finditer(text):
        digits = regex.sub(r"\D", "", match[0])
        parts.append(as_html(text[at : match.start()]))
        parts.append(f'<a href="tel:{digits}">{as_html(match[0])}</a>')
        at = match.end()
    parts.append(as_html(text[at:]))
    return "".join(parts)


def urgent_html(answer: Answer, *, announced: bool) -> str:
    """Return the panel with what to do first, and nothing else.

    Args:
        answer: an urgent one; its whole action is shown even while the answer is still growing.
        announced: read out at once by a screen reader (only where the panel is new).
    """
    emergency = answer.triage.level is TriageLevel.EMERGENCY
    texts = answer.triage.action or tuple(sentence.text for sentence in answer.sentences)
    lines = "".join(f"<p>{with_phone_links(text)}</p>" for text in texts)
    role = ' role="alert"' if announced and emergency else ' role="status"' if announced else ""
    kind = "cw-emergency" if emergency else "cw-same-day"
    return f'<div class="cw-urgent {kind}"{role}>{lines}</div>'


def abstention_html(answer: Answer, *, one_article: bool = False) -> str:
    """Return what is said when the articles do not cover a question; it does not look like an answer.

    Args:
        answer: an abstention.
        one_article: only one article was asked.
    """
    where = "this article" if one_article else "these articles"
    lines = "".join(f"<p>{as_html(sentence.text)}</p>" for sentence in answer.sentences)
    return f'<div class="cw-abstention"><p class="cw-kicker">Not in {where}</p>{lines}</div>'


def advice_html(answer: Answer) -> str:
    """Return the lines that go with an ordinary answer: when to book, what to watch for."""
    lines = "".join(f"<p>{with_phone_links(line)}</p>" for line in answer.advice)
    return f'<div class="cw-advice">{lines}</div>' if lines else ""


def notice_html(answer: Answer) -> str:
    """Return the line about how the answer was made, where there is one."""
    return f'<p class="cw-notice">{as_html(answer.notice)}</p>' if answer.notice else ""


def disclaimer_html(text: str) -> str:
    """Return the disclaimer."""
    return f'<p class="cw-disclaimer">{as_html(text)}</p>'


def stopped_html() -> str:
    """Return the line under an answer that was stopped."""
    return '<p class="cw-notice">Stopped. This is what was shown until then.</p>'


URGENT_HINT = "If this is urgent, do not wait for this page: call your local emergency number."
SHOWN_OF_LONG = 4000
"""So much of a text that is too long is given back to copy: pasted megabytes would only slow the page."""


def too_long_html(question: str, limit: int) -> str:
    """Return what is said to a question that is too long, with its beginning to copy."""
    cut = len(question) > SHOWN_OF_LONG
    label = "The beginning of your text, to copy" if cut else "Your text, to copy"
    return (
        f'<div class="cw-problem" role="alert"><p>Your question has {len(question):,} characters; {limit:,} fit. '
        f"Please shorten it and ask again. {URGENT_HINT}</p>"
        f"<details><summary>{label}</summary><p>{as_html(question[:SHOWN_OF_LONG])}</p></details></div>"
    )


def too_many_html(wait_s: float) -> str:
    """Return what is said when questions come faster than they are taken."""
    seconds = max(1, math.ceil(wait_s))
    return (
        '<div class="cw-problem" role="alert"><p>That was a lot of questions at once. Please ask again in '
        f"{seconds} second{'' if seconds == 1 else 's'}. {URGENT_HINT}</p></div>"
    )


def lost_html() -> str:
    """Return what is said when the conversation of a tab is gone."""
    return (
        '<div class="cw-notice" role="status"><p>Your conversation from before is no longer here: it is kept for half '
        f"an hour, and not beyond a new start of this page. Please ask again. {URGENT_HINT}</p></div>"
    )


def problem_html(message: str) -> str:
    """Return a problem in one line, with the command that mends it as the message gives it."""
    what, found, command = message.partition("; run: ")
    mend = (
        f'<p>To mend it, run:</p><pre class="cw-command" tabindex="0"><code>{as_html(command)}</code></pre>'
        if found
        else ""
    )
    return f'<div class="cw-problem" role="alert"><p>{as_html(what)}.</p>{mend}</div>'
