"""What stands under a reply: copy it, copy its address, say whether it helped."""

import streamlit as st

from rag.errors import CitewellError
from rag.feedback.records import MAX_NOTE_CHARS, Feedback, Reason, Verdict, feedback_on
from rag.types import Answer
from ui.export import answer_text, question_link
from ui.observing import shared_recorder
from ui.resources import Engine
from ui.session import Exchange, Session
from ui.shown_text import as_html

REASONS = {
    Reason.NOT_ASKED: "Not what I asked",
    Reason.WRONG_PASSAGE: "Wrong passage",
    Reason.UNCLEAR: "Unclear",
    Reason.UNSAFE: "Unsafe",
    Reason.MISSING: "Something is missing",
}
NOT_KEPT = "Your word could not be kept on this machine. The answer is not affected; you can go on asking."
UP, DOWN = 1, 0
"""What Streamlit's thumbs give."""


@st.fragment
def show_tools(exchange: Exchange, answer: Answer, session: Session, engine: Engine) -> None:
    """Show the tools of a reply; using them runs nothing else of the page again."""
    with st.container(key=f"tools-{exchange.number}", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(copy_html(exchange, answer, st.context.url), width="content")
        vote = _thumbs(exchange, answer, engine) if engine.settings.feedback.enabled else None
    if exchange.kept is not None:
        _show_thanks(exchange, engine)
    elif exchange.unsent is not None:
        _show_unsent(exchange, exchange.unsent, engine)
    elif vote == DOWN:
        _show_form(exchange, answer, session, engine)


def copy_html(exchange: Exchange, answer: Answer, page: str | None) -> str:
    """Return the copy buttons of a reply with what they copy."""
    number = exchange.number
    texts = {
        "Copy answer": ("answer", answer_text(answer)),
        "Copy link": ("link", question_link(page, exchange.question)),
    }
    parts = [
        f'<button type="button" class="cw-tool" data-cw-copy="cw-text-{name}-{number}">{label}</button>'
        f'<pre id="cw-text-{name}-{number}" hidden>{as_html(text)}</pre>'
        for label, (name, text) in texts.items()
        if text
    ]
    return f'<div class="cw-tools">{"".join(parts)}<span class="cw-status" role="status"></span></div>'


def _thumbs(exchange: Exchange, answer: Answer, engine: Engine) -> int | None:
    """The thumbs until one of them was sent; the one that points up is sent at once."""
    if exchange.kept is not None or exchange.unsent is not None:
        return None
    key = f"thumbs-{exchange.number}"

    def voted() -> None:
        if st.session_state.get(key) == UP:
            _keep(exchange, feedback_on(answer, Verdict.UP), engine)

    with st.container(key=f"vote-{exchange.number}", horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.html('<span class="cw-status">Was this helpful?</span>', width="content")
        return st.feedback("thumbs", key=key, on_change=voted)


def _show_form(exchange: Exchange, answer: Answer, session: Session, engine: Engine) -> None:
    """Ask for the reason; the question goes along only where the reader says so."""
    number = exchange.number
    earlier = session.history(before=exchange)

    def send() -> None:
        given = {
            name: st.session_state.get(f"{name}-{number}")
            for name in ("reason", "note", "with-question", "with-history")
        }
        if given["reason"] is None:
            st.session_state[f"unreasoned-{number}"] = True
            return
        before = earlier if given["with-history"] else ()
        feedback = feedback_on(
            answer,
            Verdict.DOWN,
            reason=Reason(str(given["reason"])),
            note=str(given["note"] or ""),
            question=exchange.question if given["with-question"] or before else None,
            history=before,
        )
        _keep(exchange, feedback, engine)

    with st.form(f"feedback-{number}", enter_to_submit=False):
        st.radio("What was wrong?", list(REASONS), index=None, format_func=REASONS.get, key=f"reason-{number}")
        st.text_area(
            "A note, if you like (please no names or personal details)", key=f"note-{number}", max_chars=MAX_NOTE_CHARS
        )
        st.checkbox("Include my question", key=f"with-question-{number}")
        if earlier:
            st.checkbox("Include my question and the conversation before it", key=f"with-history-{number}")
        st.html(
            '<p class="cw-notice">This keeps your choice, your note and which passages were shown, for the people who '
            "look after these articles. What you asked is kept only where you tick it.</p>"
        )
        st.form_submit_button("Send", type="primary", on_click=send)
    if st.session_state.pop(f"unreasoned-{number}", False):
        st.html('<p class="cw-notice" role="alert">Please choose what was wrong.</p>')


def _keep(exchange: Exchange, feedback: Feedback, engine: Engine) -> None:
    """Store what the reader says; where that fails it stays in this tab and nothing else changes."""
    try:
        exchange.kept = engine.feedback().add(feedback)
        exchange.unsent = None
        shared_recorder().voted(feedback)
    except CitewellError:
        exchange.unsent = feedback


def _show_unsent(exchange: Exchange, feedback: Feedback, engine: Engine) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="cw-notice" role="alert">{NOT_KEPT}</p>', width="content")
        again = f"send-again-{exchange.number}"
        st.button("Try again", key=again, type="tertiary", on_click=_keep, args=(exchange, feedback, engine))


def _show_thanks(exchange: Exchange, engine: Engine) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html('<p class="cw-status" role="status">Thank you for saying so.</p>', width="content")
        back = f"withdraw-{exchange.number}"
        st.button("Take it back", key=back, type="tertiary", on_click=_withdraw, args=(exchange, engine))
    if st.session_state.pop(f"not-withdrawn-{exchange.number}", False):
        st.html('<p class="cw-notice" role="alert">That could not be done now; please try again later.</p>')


def _withdraw(exchange: Exchange, engine: Engine) -> None:
    try:
        engine.feedback().delete(numbers=[exchange.kept or 0])
    except CitewellError:
        st.session_state[f"not-withdrawn-{exchange.number}"] = True
        return
    exchange.kept = None
    st.session_state.pop(f"thumbs-{exchange.number}", None)
