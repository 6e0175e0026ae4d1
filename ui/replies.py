"""One exchange on the page: what was asked, and the reply in the form that fits its kind."""

from collections.abc import Iterator

import streamlit as st

from rag.types import Answer, Article, Behavior, TriageLevel
from ui import notices
from ui.export import answer_text, question_link
from ui.library import open_article
from ui.resources import Engine
from ui.session import Exchange, Session, Stage
from ui.shown_text import as_html, as_label
from ui.sources import answer_html, passages_html
from ui.suggestions import follow_ups

_INTO_VIEW = """<script>
{
  let left = 26;
  const stop = () => { left = 0; };
  for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) {
    window.addEventListener(kind, stop, {once: true, passive: true});
  }
  const bring = () => {
    if (left-- <= 0) { return; }
    const all = document.querySelectorAll(".cw-question");
    const last = document.querySelector(".st-key-urgent") || all[all.length - 1];
    if (last) { (last.closest("[data-testid=stChatMessage]") || last).scrollIntoView({block: "start"}); }
    setTimeout(bring, 150);
  };
  setTimeout(bring, 50);
}
</script>"""
"""Fixed text of our own: a new reply is read from its beginning, not from its end where Streamlit scrolls to; it gives
way to the reader's own scrolling."""

_MARK_INTO_VIEW = """<script>
if (!window.citewellMarks) {
  window.citewellMarks = true;
  document.addEventListener("toggle", (event) => {
    const mark = event.newState === "open" && event.target.querySelector(".cw-quoted mark");
    if (mark) { mark.scrollIntoView({block: "nearest"}); }
  }, true);
}
</script>"""
"""Fixed text of our own: a long passage opens at its quoted words."""

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
            _show_topics(exchange, engine)
        if exchange.answer.behavior is not Behavior.URGENT:
            _show_copy(exchange, exchange.answer)
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
            place.html(_growing_html(part, exchange.number))


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
            for exchange in session.exchanges:
                show_exchange(exchange, session, engine)


def bring_into_view(session: Session) -> None:
    """Scroll to the beginning of the newest reply; the browser runs the script once for each."""
    count = len(session.exchanges)
    with st.container(key=f"into-view-{count}"):
        if count:
            st.html(f"<!-- {count} -->{_INTO_VIEW}{_MARK_INTO_VIEW}", unsafe_allow_javascript=True)


def reply_html(exchange: Exchange, engine: Engine) -> str:
    """Return a reply as HTML, with the disclaimer whatever its kind."""
    answer = exchange.answer
    if answer is None:
        return ""
    stopped = notices.stopped_html() if exchange.stage is Stage.STOPPED else ""
    return _body_html(answer, exchange.number, engine) + stopped + notices.disclaimer_html(answer.disclaimer)


def _body_html(answer: Answer, number: int, engine: Engine) -> str:
    match answer.behavior:
        case Behavior.URGENT:
            return notices.urgent_html(answer, announced=False)
        case Behavior.ABSTAIN:
            return notices.abstention_html(answer) + notices.advice_html(answer) + notices.notice_html(answer)
        case Behavior.ANSWER:
            passages = passages_html(answer, number=number, find_article=lambda name: _article(engine, name))
            extras = notices.advice_html(answer) + notices.notice_html(answer)
            return answer_html(answer, number=number) + extras + passages


def _growing_html(answer: Answer, number: int) -> str:
    """A reply on its way: the same form without the passages, which follow at once."""
    if answer.behavior is Behavior.URGENT:
        # The panel that is pinned next is the one that is announced: once is enough.
        return notices.urgent_html(answer, announced=False) + notices.disclaimer_html(answer.disclaimer)
    if answer.behavior is Behavior.ABSTAIN:
        return notices.abstention_html(answer) + notices.disclaimer_html(answer.disclaimer)
    return f'<div aria-live="polite">{answer_html(answer, number=number)}</div>' + notices.disclaimer_html(
        answer.disclaimer
    )


def _article(engine: Engine, article_id: str) -> Article | None:
    return next((article for article in engine.articles() if article.article_id == article_id), None)


def _show_question(exchange: Exchange) -> None:
    with st.chat_message("user", avatar=READER):
        st.html(f'<p class="cw-question">{as_html(exchange.question)}</p>')


def _show_note(exchange: Exchange) -> None:
    if exchange.stage is Stage.FAILED:
        st.html(notices.problem_html(exchange.note or ""))
    else:
        st.html(f"<p>{as_html(exchange.note or 'Stopped before there was an answer.')}</p>")


def _show_topics(exchange: Exchange, engine: Engine) -> None:
    """Buttons that open the articles nearest to a question that none of them covers."""
    answer = exchange.answer
    by_title = {article.title: article.article_id for article in engine.articles()}
    topics = [topic for topic in (answer.topics if answer else ()) if topic in by_title]
    if not topics:
        return
    with st.container(horizontal=True):
        for at, topic in enumerate(topics):
            if st.button(as_label(topic), key=f"topic-{exchange.number}-{at}", icon=":material/menu_book:", wrap=True):
                open_article(by_title[topic])


def _show_copy(exchange: Exchange, answer: Answer) -> None:
    with st.popover("Copy", icon=":material/content_copy:", type="tertiary", key=f"copy-{exchange.number}"):
        st.code(answer_text(answer), language=None, wrap_lines=True)
        link = question_link(st.context.url, exchange.question)
        if link:
            st.html('<p class="cw-kicker">Address that asks this question when it is opened</p>')
            st.code(link, language=None, wrap_lines=True)


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
