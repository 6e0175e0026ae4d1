"""The maintainers' page about the index, and the run that it starts."""

import threading
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rag.assemble_index import make_index
from rag.chain.answerer import Answerer
from rag.index.build import build_index
from rag.index.last_build import save_last_build
from rag.index.report import BuildReport
from rag.settings import CorpusSettings, IndexSettings, Settings
from tests.fakes import HashedEncoder
from tests.ui.conftest import html_of
from ui.maintainers.index_status import REBUILD_KEY
from ui.maintainers.rebuild import Rebuild
from ui.resources import ENGINE_KEY, UNEXPECTED, Engine


def _page() -> None:
    from ui.maintainers.index_status import show_index_status

    show_index_status()


def build(settings: Settings, paths: list[Path], *, rebuild: bool, progress: object) -> BuildReport:
    """The real indexer with a small encoder."""
    report = build_index(
        [settings.corpus.path],
        settings.index.path,
        encoder=HashedEncoder(),
        rebuild=rebuild,
        progress=progress,  # type: ignore[arg-type]
    )
    save_last_build(settings.index.path, report)
    return report


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "good.md").write_text("# Kneading\n\nPetrissage is kneading.\n", encoding="utf-8")
    (texts / "<b>bad.md").write_bytes(b"")
    return Settings(corpus=CorpusSettings(path=texts), index=IndexSettings(path=tmp_path / "index"))


def show(settings: Settings, rebuild: Rebuild) -> AppTest:
    page = AppTest.from_function(_page, default_timeout=180)
    page.session_state[ENGINE_KEY] = Engine(settings, load=_never)
    page.session_state[REBUILD_KEY] = rebuild
    page.run()
    assert not page.exception
    return page


def _never(settings: Settings) -> Answerer:
    raise RuntimeError("no model in this test")


def wait(rebuild: Rebuild) -> None:
    until = time.monotonic() + 30
    while rebuild.state.running:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_page_shows_what_answers_and_what_was_refused(settings: Settings) -> None:
    build(settings, [], rebuild=False, progress=None)

    html = html_of(show(settings, Rebuild(build)))

    assert '<th scope="row">Articles</th><td>1</td>' in html
    assert "<b>&lt;b&gt;bad.md</b>" in html
    assert "hashed" in html


def test_without_an_index_a_click_builds_one(settings: Settings) -> None:
    rebuild = Rebuild(build)
    page = show(settings, rebuild)
    assert "citewell index" in html_of(page)

    page.button(key="index-update").click().run()
    wait(rebuild)
    page.run()

    assert "1 added" in html_of(page)
    assert "Done." in html_of(page)


def test_one_run_at_a_time_and_its_progress_is_known(settings: Settings) -> None:
    gate, inside = threading.Event(), threading.Event()

    def slow(*arguments: object, progress: object, **options: object) -> BuildReport:
        progress(3, 10)  # type: ignore[operator]
        inside.set()
        gate.wait(20)
        return build(settings, [], rebuild=True, progress=None)

    rebuild = Rebuild(slow)
    assert rebuild.start(settings)
    assert inside.wait(20)
    assert not rebuild.start(settings)
    assert (rebuild.state.done, rebuild.state.total) == (3, 10)
    page = show(settings, rebuild)
    assert page.button(key="index-rebuild").disabled
    gate.set()
    wait(rebuild)
    assert rebuild.state.report is not None


def test_a_run_that_fails_says_why_in_a_line(tmp_path: Path) -> None:
    rebuild = Rebuild(make_index)
    rebuild.start(Settings(corpus=CorpusSettings(path=tmp_path / "none")))
    wait(rebuild)
    assert "no articles to index" in str(rebuild.state.problem)


def test_an_unexpected_failure_is_told_without_its_text(settings: Settings) -> None:
    def broken(*arguments: object, **options: object) -> BuildReport:
        raise RuntimeError("inner workings")

    rebuild = Rebuild(broken)
    rebuild.start(settings)
    wait(rebuild)
    assert rebuild.state.problem == UNEXPECTED
