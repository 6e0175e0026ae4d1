"""One exchange on the page: what was asked, and the reply in the form that fits its kind."""

from collections.abc import Iterator

import streamlit as st

from rag.types import Answer, Article, Behavior, TriageLevel
from ui import notices
from ui.places import open_article
from ui.resources import Engine
from ui.scripts import INTO_VIEW, ONCE
from ui.session import Exchange, Session, Stage
from ui.shown_text import as_html, as_label
from ui.sources import answer_html, passages_html
from ui.suggestions import follow_ups
from ui.tools import show_tools

READER, CITEWELL = ":material/person:", ":material/menu_book:"


def show_exchange(exchange: Exchange, session: Session, engine: Engine) -> None:
    """Show a finished or interrupted exchange."""
    _show_question(exchange)
    is_last = exchange is session.exchanges[-1]
    with st.chat_message("assistant", avatar=CITEWELL):
        if exchange.answer is None:
            _show_note(exchange)
            return
        st.html(reply_html(exchange, engine))
        if exchange.stage is Stage.FAILED:
            _show_note(exchange)
        if exchange.answer.behavior is Behavior.ABSTAIN:
            _show_topics(exchange, session, engine)
        show_tools(exchange, exchange.answer, session, engine)
    if is_last and exchange.answer.behavior is Behavior.ANSWER:
        _show_follow_ups(exchange.answer, session, engine)


def show_growing(exchange: Exchange, session: Session, parts: Iterator[Answer], *, waiting: bool) -> None:
    """Show a question and its answer while it grows.

    Args:
        exchange: takes over every part, so that what was shown stays when the run is stopped.
        session: pins an urgent answer.
        parts: the growing answer.
        waiting: the model is there; otherwise the line says that it is still loading.

    Raises:
        CitewellError: the index or the model cannot be used.
    """
    _show_question(exchange)
    with st.chat_message("assistant", avatar=CITEWELL):
        place = st.empty()
        line = "Looking in the articles…" if waiting else "Getting ready, then looking in the articles…"
        place.html(f'<p class="cw-status" role="status">{line}</p>')
        for part in parts:
            session.show(exchange, part)
            place.html(_growing_html(part, exchange))


def show_pinned(session: Session, engine: Engine) -> None:
    """Show the urgent panel that stands; the conversation is folded away under it."""
    answer = session.pinned
    if answer is None:
        return
    with st.container(key="urgent"):
        st.html(notices.urgent_html(answer, announced=True))
        label = "I have been seen about this"
        st.button(label, key="seen", on_click=session.acknowledge, icon=":material/check:")
        st.html(notices.disclaimer_html(answer.disclaimer))
    if answer.triage.level is not TriageLevel.EMERGENCY:
        with st.expander("The conversation so far"):
            show_conversation(session, engine)


def show_conversation(session: Session, engine: Engine) -> None:
    """Show the newest exchanges; earlier ones come on demand, so that a long conversation stays quick."""
    shown = session.on_page()
    hidden = len(session.exchanges) - len(shown)
    if hidden:
        label = f"Show earlier ({hidden} more)"
        st.button(label, key="earlier", icon=":material/expand_less:", type="tertiary", on_click=session.show_earlier)
    for exchange in shown:
        show_exchange(exchange, session, engine)


def bring_into_view(session: Session) -> None:
    """Scroll to the beginning of the newest reply; the browser runs the script once for each."""
    count = session.exchanges[-1].number if session.exchanges else 0
    with st.container(key=f"into-view-{count}"):
        if count:
            st.html(f"<!-- {count} -->{INTO_VIEW}{ONCE}", unsafe_allow_javascript=True)


def reply_html(exchange: Exchange, engine: Engine) -> str:
    """Return a reply as HTML, with the disclaimer whatever its kind."""
    answer = exchange.answer
    if answer is None:
        return ""
    stopped = notices.stopped_html() if exchange.stage is Stage.STOPPED else ""
    return _body_html(answer, exchange, engine) + stopped + notices.disclaimer_html(answer.disclaimer)


def _body_html(answer: Answer, exchange: Exchange, engine: Engine) -> str:
    match answer.behavior:
        case Behavior.URGENT:
            return notices.urgent_html(answer, announced=False)
        case Behavior.ABSTAIN:
            body = notices.abstention_html(answer, one_article=exchange.within is not None)
            return body + notices.advice_html(answer) + notices.notice_html(answer)
        case Behavior.ANSWER:
            passages = passages_html(answer, number=exchange.number, find_article=lambda name: _article(engine, name))
            extras = notices.advice_html(answer) + notices.notice_html(answer)
            return answer_html(answer, number=exchange.number) + extras + passages


def _growing_html(answer: Answer, exchange: Exchange) -> str:
    """A reply on its way: the same form without the passages, which follow at once."""
    if answer.behavior is Behavior.URGENT:
        # The panel that is pinned next is the one that is announced: once is enough.
        return notices.urgent_html(answer, announced=False) + notices.disclaimer_html(answer.disclaimer)
    if answer.behavior is Behavior.ABSTAIN:
        body = notices.abstention_html(answer, one_article=exchange.within is not None)
        return body + notices.disclaimer_html(answer.disclaimer)
    return f'<div aria-live="polite">{answer_html(answer, number=exchange.number)}</div>' + notices.disclaimer_html(
        answer.disclaimer
    )


def _article(engine: Engine, article_id: str) -> Article | None:
    return next((article for article in engine.articles() if article.article_id == article_id), None)


def _show_question(exchange: Exchange) -> None:
    within = f'<p class="cw-standing">Only: {as_html(exchange.within)}</p>' if exchange.within else ""
    with st.chat_message("user", avatar=READER):
        st.html(f'<p class="cw-question">{as_html(exchange.question)}</p>{within}')


def _show_note(exchange: Exchange) -> None:
    if exchange.stage is Stage.FAILED:
        st.html(notices.problem_html(exchange.note or ""))
    else:
        st.html(f"<p>{as_html(exchange.note or 'Stopped before there was an answer.')}</p>")


def _show_topics(exchange: Exchange, session: Session, engine: Engine) -> None:
    """Buttons that open the articles nearest to a question that none of them covers, or that ask all of them."""
    if exchange.within:
        key = f"ask-all-{exchange.number}"
        st.button("Ask all articles", key=key, on_click=session.ask_all, args=(exchange.question,))
    answer = exchange.answer
    by_title = {article.title: article.article_id for article in engine.articles()}
    topics = [topic for topic in (answer.topics if answer else ()) if topic in by_title]
    if not topics:
        return
    with st.container(horizontal=True):
        for at, topic in enumerate(topics):
            if st.button(as_label(topic), key=f"topic-{exchange.number}-{at}", icon=":material/menu_book:", wrap=True):
                open_article(by_title[topic])


def _show_follow_ups(answer: Answer, session: Session, engine: Engine) -> None:
    asked = [exchange.question for exchange in session.exchanges]
    questions = follow_ups(answer, engine.articles(), asked=asked)
    if not questions:
        return
    with st.container(key="follow-ups"):
        st.html('<h2 class="cw-kicker">You could also ask</h2>')
        with st.container(horizontal=True):
            for at, question in enumerate(questions):
                key = f"follow-up-{len(session.exchanges)}-{at}"
                st.button(as_label(question), key=key, on_click=session.ask_next, args=(question,), wrap=True)
