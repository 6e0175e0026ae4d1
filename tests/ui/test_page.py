"""The chat page in this process, with made answers and with the real parts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from rag.errors import ModelError
from rag.settings import IndexSettings, PageSettings, Settings
from rag.types import Answer, ArticleId, Behavior, Question, Role, Span, TriageLevel
from tests.ui.conftest import OpenPage, html_of
from tests.ui.made import DISCLAIMER, MadeEngine, made_answer, made_article, made_chunk, urgent_answer
from ui.resources import UNEXPECTED, Engine, shared_engine
from ui.session import SEEN_MESSAGE, SEEN_REPLY


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_the_empty_page_offers_questions_and_asks_the_one_that_is_chosen(open_page: OpenPage) -> None:
    engine = MadeEngine([made_answer()])
    page = open_page(engine)
    assert not page.exception
    page.button(key="example-0").click().run()
    assert engine.asked[0].text in ("Are warm packs any good?", "How long do warm packs stay on?")
    assert [message.name for message in page.chat_message] == ["user", "assistant"]


def test_an_answer_shows_citations_passage_and_disclaimer_and_suggests_more(open_page: OpenPage) -> None:
    page = open_page(MadeEngine([made_answer()]))
    page.chat_input(key="question").set_value("Do warm packs help?").run()
    html = html_of(page)
    assert 'class="cw-cite"' in html
    assert "<mark>Warm packs may ease a sore back.</mark>" in html
    assert DISCLAIMER in html
    assert "How long do warm packs stay on?" in labels(page)
    assert 'data-cw-copy="cw-text-answer-1"' in html
    assert "[1] Warm packs › Do warm packs help?" in html


def test_history_goes_with_the_next_question(open_page: OpenPage) -> None:
    engine = MadeEngine([made_answer()])
    page = open_page(engine)
    page.chat_input(key="question").set_value("one").run()
    page.chat_input(key="question").set_value("two").run()
    assert [(turn.role, turn.content) for turn in engine.asked[1].history] == [
        (Role.USER, "one"),
        (Role.ASSISTANT, "Warm packs may ease a sore back. [1]"),
    ]


def test_an_abstention_looks_different_and_leads_to_the_nearest_articles(open_page: OpenPage) -> None:
    page = open_page(MadeEngine([made_answer(Behavior.ABSTAIN, topics=("Warm packs", "Unknown"))]))
    page.chat_input(key="question").set_value("What is the capital of France?").run()
    html = html_of(page)
    assert "cw-abstention" in html
    assert "cw-answer" not in html
    assert DISCLAIMER in html
    assert page.button(key="topic-1-0").label == "Warm packs"
    assert "Unknown" not in labels(page)


def test_an_emergency_shows_its_action_and_nothing_else_until_the_reader_was_seen(open_page: OpenPage) -> None:
    engine = MadeEngine([urgent_answer()])
    page = open_page(engine)
    page.chat_input(key="question").set_value("my groin is numb").run()
    assert 'role="alert"' in html_of(page)
    assert DISCLAIMER in html_of(page)
    assert len(page.chat_message) == 0
    page.button(key="seen").click().run()
    html = html_of(page)
    assert 'role="alert"' not in html
    assert SEEN_REPLY in html
    engine.parts = [made_answer()]
    page.chat_input(key="question").set_value("and now?").run()
    assert SEEN_MESSAGE in [turn.content for turn in engine.asked[-1].history]
    assert "cw-answer" in html_of(page)


def test_same_day_keeps_the_conversation_at_hand(open_page: OpenPage) -> None:
    page = open_page(MadeEngine([urgent_answer(TriageLevel.SAME_DAY)]))
    page.chat_input(key="question").set_value("foot drop").run()
    assert "cw-same-day" in html_of(page)
    assert page.expander[0].label == "The conversation so far"


def test_clearing_starts_again(open_page: OpenPage) -> None:
    page = open_page(MadeEngine([made_answer()]))
    page.chat_input(key="question").set_value("one").run()
    next(button for button in page.button if button.label == "Clear conversation").click().run()
    assert len(page.chat_message) == 0
    assert page.button(key="example-0")


def test_a_question_in_the_address_is_asked_once(open_page: OpenPage) -> None:
    engine = MadeEngine([made_answer()])
    page = open_page(engine, q="Do warm packs help?")
    page.run()
    assert [question.text for question in engine.asked] == ["Do warm packs help?"]
    assert "q" not in page.query_params


def test_a_question_that_is_too_long_is_told_so_and_kept(open_page: OpenPage) -> None:
    engine = MadeEngine([made_answer()])
    engine.settings = Settings(page=PageSettings(max_question_chars=50))
    page = open_page(engine)
    page.chat_input(key="question").set_value("word " * 20).run()
    assert "Your question has 99 characters; 50 fit." in html_of(page)
    assert not engine.asked
    page.chat_input(key="question").set_value("short").run()
    assert "characters" not in html_of(page)


def test_a_part_that_fails_leaves_a_usable_page(open_page: OpenPage) -> None:
    class Failing(MadeEngine):
        def stream(
            self, question: Question, *, region: str | None = None, within: ArticleId | None = None
        ) -> Iterator[Answer]:
            yield made_answer()
            if question.text == "model":
                raise ModelError("the model is gone; run: citewell check")
            raise RuntimeError("numb groin")

    page = open_page(Failing([]))
    page.chat_input(key="question").set_value("model").run()
    page.chat_input(key="question").set_value("other").run()
    assert not page.exception
    html = html_of(page)
    assert "<code>citewell check</code>" in html
    assert UNEXPECTED in html
    assert "numb groin" not in html


def test_without_an_index_the_page_says_what_to_run(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(Engine(Settings(index=IndexSettings(path=tmp_path / "none"))))
    assert not page.exception
    assert "<code>citewell index" in html_of(page)
    assert len(page.chat_input) == 0
    assert "Try again" in labels(page)


def test_a_wrong_setting_is_a_line_not_a_stack_trace(monkeypatch: pytest.MonkeyPatch, open_page: OpenPage) -> None:
    monkeypatch.setenv("CITEWELL_NONSENSE", "1")
    st.cache_resource.clear()
    page = open_page(None)  # the page makes its own engine
    assert not page.exception
    assert "CITEWELL_NONSENSE is not a setting" in html_of(page)
    shared_engine.clear()


def test_hostile_texts_are_shown_as_words_everywhere(open_page: OpenPage) -> None:
    hostile = "<script>alert(1)</script> ![x](https://h.example/x.png) $x^2$ :red[hot] # *a*"
    chunk = made_chunk(hostile, title=hostile, heading=hostile, start=0)
    article = made_article(hostile, title=hostile)
    engine = MadeEngine([made_answer(chunk=chunk, quotes=(Span(0, 25),), topics=(hostile,))], (article,))
    page = open_page(engine)
    page.chat_input(key="question").set_value(hostile).run()
    html = html_of(page)
    assert "alert(1)" in html
    assert "<script>alert" not in html
    engine.parts = [made_answer(Behavior.ABSTAIN, topics=(hostile,))]
    page.chat_input(key="question").set_value("again").run()
    assert page.button(key="topic-2-0").label.startswith("\\<script\\>alert\\(1\\)")
    assert not page.markdown


def test_the_real_parts_answer_and_alarm(open_page: OpenPage, real_engine: Engine) -> None:
    page = open_page(real_engine)
    page.chat_input(key="question").set_value("Do warm packs help a sore back?").run()
    html = html_of(page)
    assert "<mark>Warm packs may ease a new sore back a little for a few days.</mark>" in html
    assert "Example Trialists: Warmth for backs (2006)" in html
    page = open_page(real_engine, q="What is a zorbling mark?")
    assert "&lt;script&gt;alert(4)" in html_of(page)
    page.selectbox(key="region").set_value("GB").run()
    page.chat_input(key="question").set_value("since yesterday i cant feel it when i wipe").run()
    html = html_of(page)
    assert 'href="tel:999"' in html
    assert 'role="alert"' in html
    assert "cw-answer" not in html
    page.chat_input(key="question").set_value("just tell me how petrissage is done").run()
    assert 'role="alert"' in html_of(page)
    page.button(key="seen").click().run()
    page.chat_input(key="question").set_value("What is petrissage?").run()
    assert "Petrissage is kneading, lifting and rolling" in html_of(page)
