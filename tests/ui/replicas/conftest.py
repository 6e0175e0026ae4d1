"""Two replicas over one index and one feedback database, behind nginx."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import PROJECT, TINY_CORPUS
from tests.rag.feedback.postgres import postgres_server, programs
from tests.ui.browser import free_port
from tests.ui.replicas.proxy import proxied, require_nginx
from tests.ui.replicas.replica import Replica, replica, wait_until

SECRET = "the same for both replicas, and no other's"  # noqa: S105 - of servers that live for one test


@dataclass(frozen=True, slots=True)
class Site:
    """Two replicas and the address at which readers find them."""

    address: str
    replicas: tuple[Replica, Replica]
    articles: Path
    index: Path

    def add_article(self, name: str, text: str) -> None:
        """Put an article into the folder and bring the index up to date, as its maintainers do."""
        (self.articles / f"{name}.md").write_text(text, encoding="utf-8")
        _index(self.articles, self.index)


@pytest.fixture(scope="session")
def first_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with articles and their index."""
    folder = tmp_path_factory.mktemp("replicas")
    shutil.copytree(TINY_CORPUS, folder / "articles")
    _index(folder / "articles", folder / "index")
    return folder


@pytest.fixture
def site(tmp_path: Path, first_index: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """The whole of it; with the parameter None the replicas share no secret."""
    require_nginx()
    articles, index = tmp_path / "articles", tmp_path / "index"
    shutil.copytree(first_index / "articles", articles)
    shutil.copytree(first_index / "index", index)
    with ExitStack() as stack:
        binaries = programs()
        feedback = f"sqlite:///{tmp_path}/feedback.sqlite3"
        settings = {
            "CITEWELL_INDEX__PATH": str(index),
            "CITEWELL_FEEDBACK__URL": stack.enter_context(postgres_server(binaries)) if binaries else feedback,
            "CITEWELL_PAGE__SECRET": getattr(request, "param", SECRET) or "",
            "CITEWELL_LOG__FORMAT": "json",
            "CITEWELL_LOG__LEVEL": "INFO",
        }
        one, other = (stack.enter_context(replica(tmp_path, name, settings)) for name in ("one", "other"))
        for found in (one, other):
            wait_until(found.ready, seconds=90)
        folder = tmp_path / "nginx"
        folder.mkdir()
        address = stack.enter_context(proxied(free_port(), (one.port, other.port), folder))
        yield Site(address, (one, other), articles, index)


def _index(articles: Path, index: Path) -> None:
    command = [sys.executable, "-m", "rag", "index", str(articles), "--index", str(index)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "OMP_WAIT_POLICY": "PASSIVE"}
    subprocess.run(command, check=True, capture_output=True, env=environment, timeout=300)  # noqa: S603 - our own command
