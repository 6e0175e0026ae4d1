"""The chat: the empty page, the conversation, and one question on its way."""

import logging

import streamlit as st

from rag.errors import CitewellError
from rag.types import Question
from ui.library import library_page
from ui.notices import problem_html
from ui.replies import bring_into_view, show_exchange, show_growing, show_pinned
from ui.resources import UNEXPECTED, Engine, current_engine
from ui.session import Session, Stage, current_session
from ui.shown_text import as_html, as_label
from ui.sidebar import chosen_region, show_sidebar
from ui.suggestions import example_questions

logger = logging.getLogger(__name__)

INPUT_KEY = "question"
LINK_PARAMETER = "q"
POLL_S = 0.7
"""How often the status line looks whether the model is ready, in seconds."""


def show_chat() -> None:
    """Show the chat page."""
    session = current_session()
    try:
        engine = current_engine()
        engine.reader()
        engine.start()
    except CitewellError as error:
        show_problem(str(error))
        return
    if engine.problem:
        show_problem(engine.problem)
        return
    show_sidebar(session, engine.settings)
    engine.prepare_region(chosen_region())
    _take_link(session)
    typed = st.chat_input("Ask about the articles", key=INPUT_KEY, submit_mode="stop")
    if typed and typed.strip():
        session.waiting = typed.strip()
    question = _take_waiting(session, limit=engine.settings.page.max_question_chars)
    start = st.empty()  # a place of its own, so that the examples go at once when a question is asked
    bring_into_view(session)
    if session.pinned is not None:
        show_pinned(session, engine)
    elif session.exchanges or question is not None:
        for exchange in session.exchanges:
            show_exchange(exchange, session, engine)
    else:
        with start.container():
            _show_start(session, engine)
    if session.too_long is not None:
        _show_too_long(session.too_long, engine.settings.page.max_question_chars)
    if question is not None:
        _ask(question, session, engine)
    _show_status(engine)


def show_problem(message: str) -> None:
    """Show in place of the page what is wrong and what to run."""
    st.title("Citewell")
    st.html(problem_html(message))
    st.button("Try again", icon=":material/refresh:")


def _take_link(session: Session) -> None:
    """Take the question in the page's address, once; it leaves the address so that a reload does not ask it again."""
    if session.link_taken:
        return
    session.link_taken = True
    asked = st.query_params.get(LINK_PARAMETER, "").strip()
    if LINK_PARAMETER in st.query_params:
        del st.query_params[LINK_PARAMETER]
    if asked:
        session.waiting = asked


def _take_waiting(session: Session, *, limit: int) -> str | None:
    """Return the question that waits, unless it is too long."""
    question, session.waiting = session.waiting, None
    if question is None:
        return None
    session.too_long = question if len(question) > limit else None
    return None if session.too_long else question


def _show_start(session: Session, engine: Engine) -> None:
    st.title("Citewell")
    count = len(engine.articles())
    st.html(
        f'<p class="cw-lead">Ask in your own words. Answers are quoted from {count} article{"" if count == 1 else "s"} '
        "on this machine, sentence by sentence, and every quotation can be opened in its place.</p>"
    )
    questions = example_questions(engine.articles(), seed=session.seed)
    if questions:
        st.html('<h2 class="cw-kicker">For example</h2>')
    with st.container(key="examples", horizontal=True):
        for at, question in enumerate(questions):
            st.button(as_label(question), key=f"example-{at}", on_click=session.ask_next, args=(question,), wrap=True)
    st.page_link(library_page(), label="Or read in the library", icon=":material/menu_book:")


def _show_too_long(question: str, limit: int) -> None:
    st.html(
        f'<div class="cw-problem" role="alert"><p>Your question has {len(question):,} characters; {limit:,} fit. '
        f"Please shorten it and ask again. If this is urgent, call your local emergency number.</p>"
        f"<details><summary>Your text, to copy</summary><p>{as_html(question)}</p></details></div>"
    )


def _ask(question: str, session: Session, engine: Engine) -> None:
    """Answer a question on the page; what was shown stays when the reader stops it."""
    history = session.history()
    exchange = session.begin(question)
    try:
        show_growing(
            exchange,
            session,
            engine.stream(Question(question, history), region=chosen_region()),
            waiting=engine.is_ready,
        )
        session.finish(exchange)
    except CitewellError as error:
        exchange.stage, exchange.note = Stage.FAILED, str(error)
    except Exception as error:  # the page stays usable whatever a part does
        logger.error("a question could not be answered (%s)", type(error).__name__)  # never what was asked
        exchange.stage, exchange.note = Stage.FAILED, UNEXPECTED
    st.rerun()


def _show_status(engine: Engine) -> None:
    """Say that the model is loading; the line goes as soon as it is there."""
    if not engine.is_ready:
        with st.bottom:
            _status_line(engine)


@st.fragment(run_every=POLL_S)
def _status_line(engine: Engine) -> None:
    if engine.is_ready:
        st.rerun()
    st.html(
        '<p class="cw-status" role="status">Getting ready. You can ask already; the first answer takes a moment.</p>'
    )
