"""The maintainers' page: saved evaluation reports, question by question, alone or two side by side."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from rag.errors import CitewellError
from ui.maintainers.report_tables import change_html, measures_html, question_html
from ui.maintainers.reports import Asked, Section, changed_questions, list_reports, read_sections
from ui.notices import problem_html
from ui.resources import current_engine
from ui.shown_text import as_html, visible

SHOWN_AT_ONCE = 50
PASSED, FAILED = "passed", "failed"
ANY = ""
"""No kind, outcome or report is named so."""

_SHOWN_KEY = "evaluation-shown"


def show_evaluation() -> None:
    """Show the choice of reports and what the chosen ones say."""
    st.title("Evaluation", anchor=False)
    try:
        files = {path.stem: path for path in list_reports(current_engine().settings.page.reports)}
        if not files:
            st.html(problem_html("There are no saved reports; run: citewell eval all --save-report NAME"))
            return
        _show_chosen(files)
    except CitewellError as error:
        st.html(problem_html(str(error)))
        st.button("Try again", icon=":material/refresh:")


def _show_chosen(files: Mapping[str, Path]) -> None:
    left, right = st.columns(2)
    name = left.selectbox("Report (A)", list(files), format_func=_line, key="evaluation-report")
    others = [ANY, *(other for other in files if other != name)]
    other = right.selectbox(
        "Compare with (B)", others, format_func=lambda one: _line(one) or "None", key="evaluation-other"
    )
    first = read_sections(files[name])
    second = read_sections(files[other]) if other in files else None
    shared = [part for part in first if second is None or part in second]
    if not shared:
        raise CitewellError(f"{_line(other)} is of another kind than {_line(name)}; choose two reports of one command")
    part = st.selectbox("Part", shared, format_func=str.capitalize, key="evaluation-part")
    if second is None:
        _show_one(first[part])
    else:
        _show_two(first[part], second[part])


def _show_one(section: Section) -> None:
    st.html(_head(section.dataset) + measures_html([section]))
    found = _filtered(list(section.questions.values()), section.name)
    _show_list([question_html(asked) for asked in found], f"{len(found)} of {len(section.questions)} questions")


def _show_two(first: Section, second: Section) -> None:
    st.html(_head(f"A: {first.dataset}, B: {second.dataset}") + measures_html([first, second]))
    changed = changed_questions(first, second)
    found = _filtered([after for _, after in changed.values()], second.name)
    alone = len(first.questions.keys() ^ second.questions.keys())
    said = f"{len(found)} of {len(changed)} questions that changed; passed and failed are those of B"
    if alone:
        said += f"; {alone} questions stand in one report only and are left out"
    _show_list([change_html(*changed[asked.query_id]) for asked in found], said)


def _filtered(questions: Sequence[Asked], part: str) -> list[Asked]:
    """The questions of the kind and outcome that are chosen here."""
    left, right = st.columns(2)
    kinds = [ANY, *sorted({asked.kind for asked in questions})]
    kind = left.selectbox("Kind", kinds, format_func=lambda one: _line(one) or "All", key=f"evaluation-kind-{part}")
    outcome = right.selectbox(
        "Outcome", [ANY, PASSED, FAILED], format_func=lambda one: one.capitalize() or "All", key="evaluation-outcome"
    )
    return [
        asked
        for asked in questions
        if kind in (ANY, asked.kind) and outcome in (ANY, PASSED if asked.passed else FAILED)
    ]


def _show_list(lines: Sequence[str], said: str) -> None:
    shown = st.session_state.setdefault(_SHOWN_KEY, SHOWN_AT_ONCE)
    st.html(f'<p class="cw-notice" role="status">{as_html(said)}</p>' + "".join(lines[:shown]))
    if len(lines) > shown:
        st.button("Show more", on_click=_show_more)


def _show_more() -> None:
    st.session_state[_SHOWN_KEY] += SHOWN_AT_ONCE


def _head(text: str) -> str:
    return f'<h2 class="cw-kicker">{as_html(text)}</h2>'


def _line(text: str) -> str:
    """A name for a list of choices, which shows text as it is."""
    return " ".join(visible(text).split())
