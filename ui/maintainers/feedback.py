"""The maintainers' page with what readers say: filters, candidates for the evaluation, deletion."""

from collections.abc import Callable

import streamlit as st

from rag.errors import CitewellError
from rag.feedback.candidates import CANDIDATES, can_be_candidate, export_candidates
from rag.feedback.records import Choice, KeptFeedback, Reason, Verdict
from rag.feedback.store import FeedbackStore
from ui.notices import problem_html
from ui.resources import current_engine
from ui.shown_text import as_html
from ui.tools import REASONS

SHOWN_AT_ONCE = 20
ANY = ""
_SHOWN_KEY, _SAID_KEY = "feedback-shown", "feedback-said"
THUMBS = {Verdict.UP: "Helpful", Verdict.DOWN: "Not helpful"}
READY = Choice(verdict=Verdict.DOWN, with_question=True, candidate=False)
NEW, MADE = "new", "made"
STATES = {ANY: "All", NEW: "Can be made one", MADE: "Was made one"}


def show_feedback() -> None:
    """Show the feedback and what can be done with it."""
    st.title("Feedback", anchor=False)
    store = current_engine().feedback()
    said = st.session_state.pop(_SAID_KEY, None)
    if said:
        st.html(f'<p class="cw-notice" role="status">{as_html(said)}</p>')
    choice = _choice()
    shown = st.session_state.setdefault(_SHOWN_KEY, SHOWN_AT_ONCE)
    try:
        total, found = store.count(choice), store.find(choice, limit=shown)
        ready = sum(map(can_be_candidate, store.find(READY)))
    except CitewellError as error:
        st.html(problem_html(str(error)))
        return
    st.html(f'<p class="cw-notice" role="status">{len(found)} of {total}</p>')
    if ready:
        label = f"Make evaluation candidates of all {ready} that came with their question"
        st.button(label, key="export-all", on_click=_doing(_export, store), wrap=True)
    for kept in found:
        _show_one(kept, store)
    if total > len(found):
        st.button("Show more", key="feedback-more", on_click=_show_more)


def _choice() -> Choice:
    """What is chosen here."""
    left, middle, right = st.columns(3)
    verdict = left.selectbox(
        "Vote", [ANY, *THUMBS], format_func=lambda one: THUMBS.get(one, "All"), key="feedback-verdict"
    )
    reason = middle.selectbox(
        "Reason", [ANY, *REASONS], format_func=lambda one: REASONS.get(one, "All"), key="feedback-reason"
    )
    state = right.selectbox("Evaluation candidate", list(STATES), format_func=STATES.__getitem__, key="feedback-state")
    return Choice(
        verdict=Verdict(verdict) if verdict else None,
        reason=Reason(reason) if reason else None,
        with_question=state == NEW,
        candidate={NEW: False, MADE: True}.get(state or ANY),
    )


def _show_one(kept: KeptFeedback, store: FeedbackStore) -> None:
    with st.container(key=f"feedback-{kept.number}", border=True, gap="small"):
        st.html(feedback_html(kept))
        with st.container(horizontal=True):
            if can_be_candidate(kept) and not kept.candidate:
                key = f"export-{kept.number}"
                st.button("Make a candidate", key=key, on_click=_doing(_export, store, kept.number))
            st.button(
                "Delete", key=f"delete-{kept.number}", type="tertiary", on_click=_doing(_delete, store, kept.number)
            )


def feedback_html(kept: KeptFeedback) -> str:
    """Return one reader's word as HTML."""
    feedback = kept.feedback
    head = [THUMBS[feedback.verdict], *([REASONS[feedback.reason]] if feedback.reason else [])]
    rest = [f"{feedback.behavior} shown", kept.created[:16].replace("T", " ") + " UTC", f"number {kept.number}"]
    if kept.candidate:
        rest.append("made an evaluation candidate")
    parts = [f'<p><b>{as_html(": ".join(head))}</b> <span class="cw-standing">{as_html(" · ".join(rest))}</span></p>']
    if feedback.question:
        parts.append(f'<p class="cw-question">{as_html(feedback.question)}</p>')
    if feedback.note:
        parts.append(f'<p class="cw-note">{as_html(feedback.note)}</p>')
    if feedback.history:
        turns = "".join(f"<p><b>{turn.role}:</b> {as_html(turn.content)}</p>" for turn in feedback.history)
        parts.append(f"<details><summary>The conversation before it</summary>{turns}</details>")
    if feedback.passages:
        shown = ", ".join(f"{one.source} {one.start} to {one.end}" for one in feedback.passages)
        parts.append(f'<p class="cw-standing">Passages: {as_html(shown)}</p>')
    return f'<div class="cw-feedback">{"".join(parts)}</div>'


def _doing(action: Callable[..., str], *arguments: object) -> Callable[[], None]:
    """A click that does something and has the next run say what came of it."""

    def click() -> None:
        try:
            st.session_state[_SAID_KEY] = action(*arguments)
        except CitewellError as error:
            st.session_state[_SAID_KEY] = str(error)

    return click


def _export(store: FeedbackStore, number: int | None = None) -> str:
    done = export_candidates(store, numbers=None if number is None else [number])
    return f"{len(done)} written to {CANDIDATES}. Next run: citewell eval candidates"


def _delete(store: FeedbackStore, number: int) -> str:
    return "Deleted." if store.delete(numbers=[number]) else "It was gone already."


def _show_more() -> None:
    st.session_state[_SHOWN_KEY] += SHOWN_AT_ONCE
