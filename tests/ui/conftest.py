"""An index with the page's own hostile article, one engine over it, and pages that run in this process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from streamlit import config
from streamlit.testing.v1 import AppTest

from rag.index.build import build_index
from rag.settings import IndexSettings, Settings
from rag.types import Encoder
from tests.conftest import TINY_CORPUS
from tests.ui.browser import chromium
from ui.resources import ENGINE_KEY, Engine

SCRIPT = Path(__file__).parent.parent.parent / "ui" / "app.py"
OpenPage = Callable[..., AppTest]


@pytest.fixture(scope="session")
def page_index(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Path:
    """An index of the tiny articles and of one that is full of marks and commands."""
    folder = tmp_path_factory.mktemp("page") / "index"
    build_index([TINY_CORPUS, Path(__file__).parent / "articles"], folder, encoder=encoder)
    return folder


@pytest.fixture(scope="session")
def real_engine(page_index: Path) -> Engine:
    """The engine over that index, with the real model and the real safety layer."""
    return Engine(Settings(index=IndexSettings(path=page_index)))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this machine, one for the whole run: a second one in the same thread cannot be started."""
    with chromium() as found:
        yield found


@pytest.fixture
def open_page() -> Iterator[OpenPage]:
    """Open the chat page with a given engine."""
    before = config.get_option("client.showErrorDetails")
    config.set_option("client.showErrorDetails", "full")

    def open_with(engine: Engine | None, **parameters: str) -> AppTest:
        page = AppTest.from_file(str(SCRIPT), default_timeout=180)
        page.session_state[ENGINE_KEY] = engine
        for name, value in parameters.items():
            page.query_params[name] = value
        return page.run()

    yield open_with
    config.set_option("client.showErrorDetails", before)


def html_of(page: AppTest) -> str:
    """All app-written HTML of a page that ran, without its style sheet and scripts."""
    bodies = [element.proto.body for element in page.get("html")]
    return "\n".join(body for body in bodies if "<style>" not in body and "<script>" not in body)
