"""On one machine, without any setting, nothing is imported that only many machines need."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

ELSEWHERE = {"pymilvus", "langchain_milvus", "ray", "prometheus_client"}

SCRIPT = """
import json, sys
import rag.cli, rag.cli.index, rag.cli.serve, ui.__main__, ui.chat, ui.library, ui.maintainers.pages
from rag.settings import get_settings
from rag.types import Question
from ui.asgi import make_app
from ui.observing import observed
from ui.resources import Engine

settings = get_settings()
make_app("127.0.0.1", 8501, settings)
engine = Engine(settings)
*_, answer = observed(engine.stream(Question("What is petrissage?")))
engine.feedback().try_out()
print(json.dumps([str(answer.behavior), sorted({name.split(".")[0] for name in sys.modules})]))
"""


def packages_after_answering(index: Path, folder: Path, **settings: str) -> set[str]:
    """The packages that the page has imported once it has answered a question."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "CITEWELL_INDEX__PATH": str(index),
        **settings,
    }
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, cwd=folder, env=environment, timeout=300
    )
    assert done.returncode == 0, done.stderr
    behavior, packages = json.loads(done.stdout.splitlines()[-1])
    assert behavior == "answer"
    return set(packages)


def test_page_of_one_machine_imports_nothing_for_many(tiny_index: Path, tmp_path: Path) -> None:
    packages = packages_after_answering(tiny_index, tmp_path)

    assert "streamlit" in packages
    assert packages & ELSEWHERE == set()


def test_metrics_are_imported_once_they_are_switched_on(tiny_index: Path, tmp_path: Path) -> None:
    pytest.importorskip("prometheus_client")
    settings = {"CITEWELL_METRICS__ENABLED": "true", "CITEWELL_METRICS__TOKEN": "long enough for a test"}

    packages = packages_after_answering(tiny_index, tmp_path, **settings)

    assert packages & ELSEWHERE == {"prometheus_client"}
