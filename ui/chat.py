"""The chat: the empty page, the conversation, and one question on its way."""

import logging

import streamlit as st

from rag.errors import CitewellError
from rag.settings import PageSettings
from rag.types import Question
from ui.carrying import carrying_key
from ui.notices import lost_html, problem_html, too_long_html, too_many_html
from ui.observing import observed
from ui.places import library_place
from ui.reload import find_again, keep
from ui.replies import bring_into_view, show_conversation, show_growing, show_pinned
from ui.resources import UNEXPECTED, Engine, current_engine
from ui.session import Session, Stage, current_session
from ui.shown_text import as_html, as_label, visible
from ui.sidebar import chosen_region, show_sidebar
from ui.suggestions import article_questions, example_questions

logger = logging.getLogger(__name__)

INPUT_KEY = "question"
LINK_PARAMETER = "q"
POLL_S = 0.7
"""How often the status line looks whether the model is ready, in seconds."""


def show_chat() -> None:
    """Show the chat page."""
    try:
        engine = current_engine()
        session = _found_again(engine.settings.page)
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
    with st.bottom:
        _show_within(session)
    typed = st.chat_input(_invitation(session), key=INPUT_KEY, submit_mode="stop")
    if typed:
        session.waiting = typed
    question = _take_waiting(session, engine.settings.page)
    start = st.empty()  # a place of its own, so that the examples go at once when a question is asked
    bring_into_view(session)
    if session.pinned is not None:
        show_pinned(session, engine)
    elif session.exchanges or question is not None:
        show_conversation(session, engine)
    else:
        with start.container():
            _show_start(session, engine)
    keep(session)
    if session.lost:
        st.html(lost_html())
    if session.too_long is not None:
        st.html(too_long_html(session.too_long, engine.settings.page.max_question_chars))
    if session.wait_s > 0:
        st.html(too_many_html(session.wait_s))
    if question is not None:
        _ask(question, session, engine)
    _show_status(engine)


def _found_again(page: PageSettings) -> Session:
    """The conversation of this tab, which is told the question that this run is about to answer."""
    session = current_session()
    asked = visible(str(st.session_state.get(INPUT_KEY) or session.waiting or "")).strip()
    return find_again(session, carrying_key(page), asked=asked if 0 < len(asked) <= page.max_question_chars else None)


def show_problem(message: str) -> None:
    """Show in place of the page what is wrong and what to run."""
    st.title("Citewell", anchor=False)
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


def _take_waiting(session: Session, page: PageSettings) -> str | None:
    """Return the question that waits, unless it is empty, too long or one too many; say which."""
    question, session.waiting = session.waiting, None
    if question is None:
        return None
    shown = visible(question).strip()
    session.wait_s = 0.0
    session.too_long = shown if len(shown) > page.max_question_chars else None
    if not shown or session.too_long or not session.may_ask(per_minute=page.max_questions_per_minute):
        return None
    return shown


def _invitation(session: Session) -> str:
    return "Ask about this article" if session.within else "Ask about the articles"


def _show_within(session: Session) -> None:
    """Say that one article only is asked, with the way back to all."""
    if session.within is None:
        return
    with st.container(key="within", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="cw-status">Asking only: <b>{as_html(session.within[1])}</b></p>', width="content")
        st.button("All articles", icon=":material/close:", type="tertiary", key="ask-all", on_click=session.ask_all)


def _show_start(session: Session, engine: Engine) -> None:
    articles = engine.articles()
    only = next((one for one in articles if session.within and one.article_id == session.within[0]), None)
    count = len(articles)
    if only is not None:
        st.title(as_label(only.title), anchor=False)
        lead = "Ask in your own words. Answers are quoted from this article only."
        questions = article_questions(only)
    else:
        st.title("Citewell", anchor=False)
        lead = (
            f"Ask in your own words. Answers are quoted from {count} article{'' if count == 1 else 's'} "
            "on this machine, sentence by sentence, and every quotation can be opened in its place."
        )
        questions = example_questions(articles, seed=session.seed)
    st.html(f'<p class="cw-lead">{lead}</p>')
    if questions:
        st.html('<h2 class="cw-kicker">For example</h2>')
    with st.container(key="examples", horizontal=True):
        for at, question in enumerate(questions):
            st.button(as_label(question), key=f"example-{at}", on_click=session.ask_next, args=(question,), wrap=True)
    st.page_link(library_place(), label="Or read in the library", icon=":material/menu_book:")


def _ask(question: str, session: Session, engine: Engine) -> None:
    """Answer a question on the page; what was shown stays when the reader stops it."""
    history = session.history()
    exchange = session.begin(question)
    try:
        show_growing(
            exchange,
            session,
            observed(
                engine.stream(
                    Question(question, history),
                    region=chosen_region(),
                    within=session.within[0] if session.within else None,
                )
            ),
            waiting=engine.is_ready,
        )
        session.finish(exchange)
    except CitewellError as error:
        exchange.stage, exchange.note = Stage.FAILED, str(error)
    except Exception as error:  # the page stays usable whatever a part does
        logger.error("a question could not be answered (%s)", type(error).__name__)  # never what was asked
        exchange.stage, exchange.note = Stage.FAILED, UNEXPECTED
    st.rerun()  # the next run shows the whole reply and keeps it


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
