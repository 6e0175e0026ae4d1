"""Asking about one article only."""

from streamlit.testing.v1 import AppTest

from rag.types import Answer, Behavior
from tests.ui.conftest import OpenPage, html_of
from tests.ui.made import MadeEngine, made_answer
from ui.resources import Engine


def choose_article(page: AppTest) -> AppTest:
    """Have the session ask one article, as the library's button does."""
    page.session_state["citewell_session"].ask_only("warm-packs", "Warm packs")
    return page.run()


def test_questions_go_to_the_article_until_the_reader_widens_them(open_page: OpenPage) -> None:
    engine = MadeEngine([made_answer()])
    page = choose_article(open_page(engine))
    assert "Answers are quoted from this article only." in html_of(page)
    page.chat_input(key="question").set_value("one").run()
    assert "Only: Warm packs" in html_of(page)

    page.button(key="ask-all").click().run()
    page.chat_input(key="question").set_value("two").run()

    assert engine.within == ["warm-packs", None]


def test_what_the_article_does_not_cover_can_be_asked_of_all(open_page: OpenPage) -> None:
    engine = MadeEngine([made_answer(Behavior.ABSTAIN)])
    page = choose_article(open_page(engine))
    page.chat_input(key="question").set_value("one").run()

    page.button(key="ask-all-1").click().run()

    assert engine.within == ["warm-packs", None]
    assert [question.text for question in engine.asked] == ["one", "one"]


def test_the_real_parts_quote_from_the_article_only(open_page: OpenPage, real_engine: Engine) -> None:
    def answer_to(question: str) -> Answer:
        page = choose_article(open_page(real_engine))
        page.chat_input(key="question").set_value(question).run()
        found = page.session_state["citewell_session"].exchanges[0].answer
        assert isinstance(found, Answer)
        return found

    covered, elsewhere = answer_to("Do warm packs help a sore back?"), answer_to("What is petrissage?")

    assert {passage.chunk.article_id for passage in covered.passages} == {"warm-packs"}
    assert elsewhere.behavior is Behavior.ABSTAIN
