"""The maintainers' page with evaluation reports: off for readers, filters, comparison, hostile and broken files."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from rag.settings import IndexSettings, PageSettings, Settings, get_settings
from tests.ui.conftest import OpenPage, html_of
from tests.ui.made import MadeEngine, made_answer
from tests.ui.maintainers.made_reports import answers, everything, verdict
from ui.maintainers.pages import maintainers_pages
from ui.maintainers.reports import MAX_BYTES, list_reports, read_sections
from ui.resources import ENGINE_KEY

HOSTILE = "<img src=x onerror=alert(1)> ![x](https://h.example/x.png) :red[hot] $x$"


def engine_for(folder: Path, *, maintainer: bool = True) -> MadeEngine:
    """An engine whose settings name a folder of reports."""
    engine = MadeEngine([made_answer()])
    page = PageSettings(maintainer=maintainer, reports=folder)
    engine.settings = Settings(index=IndexSettings(path=Path("made")), page=page)
    return engine


def save(folder: Path, name: str, report: object, *, age_s: int = 0) -> Path:
    """Save a report that is so many seconds old."""
    path = folder / f"{name}.json"
    path.write_text(json.dumps(report), encoding="utf-8")
    os.utime(path, (2_000_000 - age_s, 2_000_000 - age_s))
    return path


def _page() -> None:
    from ui.maintainers.evaluation import show_evaluation

    show_evaluation()


def show(folder: Path) -> AppTest:
    """Run the page over a folder."""
    page = AppTest.from_function(_page, default_timeout=180)
    page.session_state[ENGINE_KEY] = engine_for(folder)
    page.run()
    assert not page.exception
    return page


def choose(page: AppTest, key: str, value: str) -> str:
    """Choose in a list and return the page's HTML."""
    page.selectbox(key=f"evaluation-{key}").set_value(value).run()
    assert not page.exception
    return html_of(page)


@pytest.mark.parametrize("maintainer", [False, True])
def test_the_page_is_in_the_navigation_only_by_setting(
    maintainer: bool, tmp_path: Path, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def record(pages: list[Any], **options: Any) -> Any:  # noqa: ANN401 - Streamlit's own
        offered.extend(page.title for page in pages)
        return navigation(pages, **options)

    navigation = st.navigation
    monkeypatch.setattr("streamlit.navigation", record)
    page = open_page(engine_for(tmp_path, maintainer=maintainer))
    assert not page.exception
    assert offered == ["Ask", "Library", *(["Evaluation", "Feedback", "Index"] if maintainer else [])]


def test_readers_get_no_page_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert get_settings().page.maintainer is False
    assert get_settings().page.reports == Path(".citewell/reports")
    monkeypatch.setenv("CITEWELL_PAGE__MAINTAINER", "true")
    get_settings.cache_clear()
    assert get_settings().page.maintainer is True


def test_settings_that_cannot_be_read_offer_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    st.cache_resource.clear()
    monkeypatch.setenv("CITEWELL_PAGE__MAINTAINER", "perhaps")
    get_settings.cache_clear()
    assert maintainers_pages() == []
    get_settings.cache_clear()


def test_without_reports_it_says_how_to_make_one(tmp_path: Path) -> None:
    assert "<code>citewell eval all --save-report NAME</code>" in html_of(show(tmp_path / "none"))


def test_questions_open_to_what_happened_and_are_filtered(tmp_path: Path) -> None:
    found = answers(
        verdict("q1", passed=True, kind="direct"), verdict("q2", passed=False), verdict("q3", passed=True, text=None)
    )
    save(tmp_path, "one", everything(found))
    page = show(tmp_path)
    html = html_of(page)
    assert "0.667" in html
    assert "3 of 3 questions" in html
    assert "retrieved but abstained" in html
    assert "warm-packs › Use" in html
    assert "The wording of this question is not in the report." in html
    html = choose(page, "outcome", "failed")
    assert "1 of 3 questions" in html
    assert "Question of q2?" in html
    assert "Question of q1?" not in html
    choose(page, "outcome", "")
    assert "Question of q1?" not in choose(page, "kind-answers", "lay")
    html = choose(page, "part", "retrieval")
    assert "RR@10 (dense)" in html
    assert "nothing that answers among the first ten passages" in html
    assert page.selectbox(key="evaluation-kind-retrieval").options == ["All", "direct", "lay"]
    html = choose(page, "part", "safety")
    assert "warning sign missed" in html
    assert "o1 · other · passed" in html


def test_long_lists_grow_on_demand(tmp_path: Path) -> None:
    save(tmp_path, "one", answers(*(verdict(f"q{number:03}", passed=True) for number in range(60))))
    page = show(tmp_path)
    assert "q049" in html_of(page)
    assert "q050" not in html_of(page)
    page.button[0].click().run()
    assert "q059" in html_of(page)
    assert not page.button


def test_two_reports_show_the_questions_that_changed(tmp_path: Path) -> None:
    save(
        tmp_path, "after", answers(verdict("q1", passed=True), verdict("q2", passed=False), verdict("q4", passed=True))
    )
    before = answers(verdict("q1", passed=False), verdict("q2", passed=False), verdict("q3", passed=True))
    save(tmp_path, "before", before, age_s=60)
    page = show(tmp_path)
    assert page.selectbox(key="evaluation-report").value == "after"
    html = choose(page, "other", "before")
    assert "1 of 1 questions that changed" in html
    assert "2 questions stand in one report only" in html
    assert "passed → failed" in html
    assert "-0.333" in html
    assert "q2" not in html
    assert "0 of 1 questions" in choose(page, "outcome", "passed")
    save(tmp_path, "before", everything(before)["safety"])
    page.run()
    assert "is of another kind than after" in html_of(page)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"command":\n', "bad.json:2: Expecting value"),
        (b"\xff\xfe", "bad.json:1: cannot be read as JSON"),
        (b"[" * 100_000, "bad.json:1: "),
        (b"[]", "bad.json:1: no measures"),
        (b'{"command": "all", "answers": 5, "safety": {"per_question": []}}', "bad.json:1: no measures"),
        (
            b'{"command": "answers", "per_question": {"pass": {"q": true, "r": NaN, "s": "x"}}}',
            "bad.json:1: no measures",
        ),
    ],
)
def test_a_broken_file_is_a_line_not_a_stack_trace(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    page = show(tmp_path)
    assert said in html_of(page)
    assert "expected a report from citewell eval" in html_of(page)
    assert page.button[0].label == "Try again"


def test_odd_values_inside_a_report_are_passed_over(tmp_path: Path) -> None:
    odd = answers(verdict("q1", passed=False, kind=7, found="x", wanted=[1, "a"], text=["no"], got=None))
    odd |= {"measures": {"pass": None, "huge": 10**400, "n": 3}, "systems": [], "passes": [1, None], "dataset": 4}
    save(tmp_path, "odd", odd)
    html = html_of(show(tmp_path))
    assert "q1 · other · failed" in html
    assert "huge" not in html


def test_files_that_are_no_reports_are_not_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path, "one", answers(verdict("q1", passed=True)))
    save(tmp_path, ".hidden", {})
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "note.txt").write_text("x")
    assert list_reports(tmp_path) == [path]
    monkeypatch.setattr("ui.maintainers.reports.MAX_BYTES", 10)
    assert MAX_BYTES > 1_000_000
    with pytest.raises(Exception, match="more than 0 MB"):
        read_sections(path)


def test_hostile_text_is_shown_as_text(tmp_path: Path) -> None:
    fields = dict.fromkeys(("kind", "expected", "got", "diagnosis", "text", "reply"), HOSTILE)
    hostile = verdict(HOSTILE, passed=False, found=[HOSTILE], wanted=[HOSTILE], **fields)
    report = answers(hostile | {"kind": HOSTILE + "\u202e"})
    report |= {"dataset": HOSTILE, "measures": {HOSTILE: 1.0}}
    save(tmp_path, "<b>one", report)
    save(tmp_path, "two", answers(verdict(HOSTILE, passed=True, kind=HOSTILE)), age_s=9)
    page = show(tmp_path)
    for html in (html_of(page), choose(page, "other", "two")):
        assert "<img" not in html
        assert "&lt;img src=x onerror=alert(1)&gt;" in html
        assert "\u202e" not in html
    assert all("\u202e" not in option for box in page.selectbox for option in box.options)
    assert not page.markdown
