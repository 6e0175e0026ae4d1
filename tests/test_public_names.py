"""What `import rag` offers, and that it costs little."""

import json
import subprocess
import sys

import pytest

import rag
from rag import errors
from tests.conftest import PROJECT

HEAVY = ("torch", "faiss", "langchain_core", "langchain", "streamlit", "sentence_transformers", "transformers")


def modules_after(code: str) -> set[str]:
    """Top-level modules loaded in a fresh interpreter after running some code."""
    script = f"{code}\nimport sys, json\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    run = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_public_names_are_there_and_sorted() -> None:
    assert all(hasattr(rag, name) for name in rag.__all__)
    assert list(rag.__all__) == sorted(rag.__all__)


def test_public_names_load_no_heavy_library() -> None:
    loaded = modules_after("from rag import *; import rag; [getattr(rag, name) for name in rag.__all__]")

    assert "rag" in loaded
    assert not loaded & set(HEAVY)


@pytest.mark.parametrize("arguments", [["--help"], ["index", "--help"], ["ask", "--help"], ["--version"], ["settings"]])
def test_command_line_answers_without_loading_a_model_library(arguments: list[str]) -> None:
    code = f"import contextlib, rag.cli\nwith contextlib.suppress(SystemExit): rag.cli.main({arguments!r})"

    assert not modules_after(code) & set(HEAVY)


def test_every_error_is_in_the_one_tree() -> None:
    found = [thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, Exception)]

    assert len(found) > 10
    assert all(issubclass(error, rag.CitewellError) for error in found)
    assert all(error.__name__ in (errors.__doc__ or "") for error in found)
