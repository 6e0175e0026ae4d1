"""Evaluation reports as HTML; every word of a report goes through `as_html`."""

from collections.abc import Iterable, Sequence

from ui.maintainers.reports import Asked, Section
from ui.shown_text import as_html

UNWORDED = "The wording of this question is not in the report."


def measures_html(sections: Sequence[Section]) -> str:
    """Return the measures of one section, or of two side by side with their difference."""
    names = list(dict.fromkeys(name for section in sections for name in section.measures))
    head = ("Measure", "Value") if len(sections) == 1 else ("Measure", "A", "B", "B − A")
    return _table("Measures", head, ([name, *_across(sections, name)] for name in names))


def question_html(asked: Asked) -> str:
    """Return a question that opens to what was expected, what came, why, and what was retrieved."""
    rows = [
        ("Question", asked.text or UNWORDED),
        ("Expected", asked.expected),
        ("Got", asked.got),
        ("Diagnosis", asked.diagnosis),
        ("Reply", asked.reply),
        ("Answer stands in", "\n".join(asked.wanted)),
        ("Retrieved", "\n".join(asked.found)),
        ("Measures", _values(asked)),
    ]
    outcome = "passed" if asked.passed else "failed"
    return _details(
        [asked.query_id, asked.kind, outcome, asked.text],
        _table(f"Question {asked.query_id}", (), ([name, text] for name, text in rows if text)),
    )


def change_html(before: Asked, after: Asked) -> str:
    """Return a question that changed, with both reports side by side."""
    rows = [
        ("Outcome", *("passed" if one.passed else "failed" for one in (before, after))),
        ("Got", before.got, after.got),
        ("Diagnosis", before.diagnosis, after.diagnosis),
        ("Reply", before.reply, after.reply),
        ("Retrieved", "\n".join(before.found), "\n".join(after.found)),
        ("Measures", _values(before), _values(after)),
    ]
    expected = after.expected or before.expected
    text = after.text or before.text
    told = f"<p>{as_html(text or UNWORDED)}</p>" + (f"<p>Expected: {as_html(expected)}</p>" if expected else "")
    steps = f"{rows[0][1]} → {rows[0][2]}" if before.passed != after.passed else "measures changed"
    return _details(
        [after.query_id, after.kind, steps, text],
        told + _table(f"Question {after.query_id}", (" ", "A", "B"), (row for row in rows if any(row[1:]))),
    )


def _details(summary: Sequence[str], body: str) -> str:
    line = " · ".join(as_html(part) for part in summary if part)
    return f'<details class="cw-asked"><summary>{line}</summary>{body}</details>'


def _table(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    heads = "".join(f'<th scope="col">{as_html(cell)}</th>' for cell in head)
    lines = "".join(
        f'<tr><th scope="row">{as_html(row[0])}</th>'
        + "".join(f"<td>{as_html(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    top = f"<thead><tr>{heads}</tr></thead>" if head else ""
    return (
        f'<div class="cw-scroll" role="region" tabindex="0" aria-label="{as_html(name)}">'
        f'<table class="cw-table">{top}<tbody>{lines}</tbody></table></div>'
    )


def _across(sections: Sequence[Section], name: str) -> list[str]:
    found = [section.measures.get(name) for section in sections]
    cells = [_number(value) for value in found]
    if len(found) == 2:
        before, after = found
        change = None if before is None or after is None else after - before
        cells.append(_number(change) if not change else f"+{_number(change)}" if change > 0 else _number(change))
    return cells


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _values(asked: Asked) -> str:
    return ", ".join(f"{name} {value:.3f}" for name, value in asked.values.items())
