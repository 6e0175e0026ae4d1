"""The maintainers' page with what readers say."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from eval.candidates import read_candidates
from rag.feedback.candidates import CANDIDATES
from rag.settings import FeedbackSettings, Settings
from tests.rag.feedback.test_store import DOWN, UP
from tests.ui.conftest import html_of
from tests.ui.made import MadeEngine, made_answer
from ui.resources import ENGINE_KEY


def _page() -> None:
    from ui.maintainers.feedback import show_feedback

    show_feedback()


@pytest.fixture
def engine(tmp_path: Path) -> MadeEngine:
    engine = MadeEngine([made_answer()])
    url = SecretStr(f"sqlite:///{tmp_path}/feedback.sqlite3")
    engine.settings = Settings(feedback=FeedbackSettings(url=url))
    return engine


def show(engine: MadeEngine) -> AppTest:
    page = AppTest.from_function(_page, default_timeout=180)
    page.session_state[ENGINE_KEY] = engine
    page.run()
    assert not page.exception
    return page


def test_feedback_is_listed_filtered_and_shown_as_words(engine: MadeEngine) -> None:
    engine.feedback().add(UP)
    engine.feedback().add(DOWN)
    page = show(engine)
    assert "2 of 2" in html_of(page)
    assert "How long do they stay warm?" in html_of(page)

    page.selectbox(key="feedback-verdict").set_value("up").run()

    assert "1 of 1" in html_of(page)
    assert "How long" not in html_of(page)


def test_hostile_words_stay_words(engine: MadeEngine) -> None:
    from dataclasses import replace

    engine.feedback().add(replace(DOWN, note="<script>alert(1)</script>", question="<img src=x>"))

    html = html_of(show(engine))

    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "<img" not in html


def test_one_click_makes_candidates_that_the_evaluation_reads(engine: MadeEngine) -> None:
    engine.feedback().add(DOWN)
    page = show(engine)

    page.button(key="export-all").click().run()

    assert [one.reason for one in read_candidates(CANDIDATES)] == ["missing"]
    assert "1 written to" in html_of(page)
    assert "made an evaluation candidate" in html_of(page)
    assert "export-1" not in [button.key for button in page.button]


def test_feedback_can_be_deleted(engine: MadeEngine) -> None:
    number = engine.feedback().add(UP)
    page = show(engine)

    page.button(key=f"delete-{number}").click().run()

    assert "0 of 0" in html_of(page)


def test_a_database_that_is_gone_is_a_line(engine: MadeEngine, tmp_path: Path) -> None:
    (tmp_path / "feedback.sqlite3").mkdir()

    assert "cannot be read" in html_of(show(engine))
