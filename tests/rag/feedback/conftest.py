"""The same tests over SQLite and over a real PostgreSQL server."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from rag.feedback.store import FeedbackStore
from rag.feedback.table import METADATA
from tests.rag.feedback.postgres import REQUIRED, postgres_server, programs


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a real PostgreSQL server."""
    binaries = programs()
    if binaries is None:
        if os.environ.get(REQUIRED):
            pytest.fail(f"{REQUIRED} is set, but there is no PostgreSQL; run: apt-get install postgresql")
        pytest.skip("needs PostgreSQL on this machine; on Debian run: apt-get install postgresql")
    with postgres_server(binaries) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FeedbackStore]:
    """An empty store."""
    if request.param == "sqlite":
        found = FeedbackStore(f"sqlite:///{tmp_path}/deep/feedback.sqlite3")
    else:
        url = request.getfixturevalue("postgres_url")
        engine = create_engine(url)
        METADATA.drop_all(engine)
        engine.dispose()
        found = FeedbackStore(url)
    yield found
    found.close()
