"""What a start of the command imports: one question must not wait for what only indexing needs."""

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import PROJECT

HEAVY = ("torch", "transformers", "sentence_transformers", "sklearn", "scipy", "pandas", "streamlit", "langchain_core")
INDEXING = ("trafilatura", "markdown_it", "rag.ingest.web_page", "rag.index.build")

SCRIPT = """
import json, sys
from rag.cli import main
status = main(sys.argv[1:])
print(json.dumps([status, sorted(sys.modules)]))
"""


def modules_after(*arguments: str, folder: Path) -> tuple[str, set[str]]:
    """What a command prints, and the modules that it has imported when it is done."""
    done = subprocess.run(  # noqa: S603 - our own module and arguments
        [sys.executable, "-c", SCRIPT, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env={"PYTHONPATH": str(PROJECT), "PATH": ""},
    )
    shown, _, last = done.stdout.rstrip().rpartition("\n")
    status, modules = json.loads(last)
    assert status == 0
    return shown, set(modules)


def test_asking_imports_no_training_library_and_nothing_for_indexing(
    made: Path, tiny_index: Path, tmp_path: Path
) -> None:
    # The index and, in a folder of its own, the export beside it.
    for path in tiny_index.iterdir():
        if not (made / path.name).exists():
            (made / path.name).symlink_to(path)

    shown, modules = modules_after("ask", "What is petrissage?", "--json", "--index", str(made), folder=tmp_path)

    assert json.loads(shown)["behavior"] == "answer"
    assert "onnxruntime" in modules
    assert modules & {*HEAVY, *INDEXING} == set()


def test_answer_is_the_same_without_the_export(made: Path, tiny_index: Path, tmp_path: Path) -> None:
    question = ("ask", "What is petrissage?", "--json", "--index")
    for path in tiny_index.iterdir():
        if not (made / path.name).exists():
            (made / path.name).symlink_to(path)

    with_export, _ = modules_after(*question, str(made), folder=tmp_path)
    without, modules = modules_after(*question, str(tiny_index), folder=tmp_path)

    assert "torch" in modules
    one, other = json.loads(with_export), json.loads(without)
    assert one.pop("timing_ms")
    assert other.pop("timing_ms")
    assert one == other


def test_help_and_settings_import_no_model_library(tmp_path: Path) -> None:
    _, modules = modules_after("settings", folder=tmp_path)

    assert modules & {*HEAVY, *INDEXING, "onnxruntime", "faiss"} == set()
