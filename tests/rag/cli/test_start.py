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


PAGE_SCRIPT = """
import json, sys
from pathlib import Path
from rag.settings import IndexSettings, Settings
from rag.types import Question
from ui.resources import Engine
engine = Engine(Settings(index=IndexSettings(path=Path(sys.argv[1]))))
*_, answer = engine.stream(Question("What is petrissage?"))
print(answer.behavior)
print(json.dumps([0, sorted(sys.modules)]))
"""


def modules_after(*arguments: str, folder: Path, script: str = SCRIPT) -> tuple[str, set[str]]:
    """What a command prints, and the modules that it has imported when it is done."""
    done = subprocess.run(  # noqa: S603 - our own module and arguments
        [sys.executable, "-c", script, *arguments],
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


def put_beside(made: Path, tiny_index: Path) -> None:
    """Put the index beside the export, which has a folder of its own."""
    for path in tiny_index.iterdir():
        if not (made / path.name).exists():
            (made / path.name).symlink_to(path)


def test_asking_imports_no_training_library_and_nothing_for_indexing(
    made: Path, tiny_index: Path, tmp_path: Path
) -> None:
    put_beside(made, tiny_index)

    shown, modules = modules_after("ask", "What is petrissage?", "--json", "--index", str(made), folder=tmp_path)

    assert json.loads(shown)["behavior"] == "answer"
    assert "onnxruntime" in modules
    assert modules & {*HEAVY, *INDEXING} == set()


def test_answer_is_the_same_without_the_export(made: Path, tiny_index: Path, tmp_path: Path) -> None:
    question = ("ask", "What is petrissage?", "--json", "--index")
    put_beside(made, tiny_index)

    with_export, _ = modules_after(*question, str(made), folder=tmp_path)
    without, modules = modules_after(*question, str(tiny_index), folder=tmp_path)

    assert "torch" in modules
    one, other = json.loads(with_export), json.loads(without)
    assert one.pop("timing_ms")
    assert other.pop("timing_ms")
    assert one == other


def test_page_answers_without_training_libraries_and_langchain(made: Path, tiny_index: Path, tmp_path: Path) -> None:
    put_beside(made, tiny_index)

    shown, modules = modules_after(str(made), folder=tmp_path, script=PAGE_SCRIPT)

    assert shown.splitlines()[-1] == "answer"
    assert "onnxruntime" in modules
    assert modules & ({*HEAVY, *INDEXING} - {"streamlit", "pandas"}) == set()


def test_help_and_settings_import_no_model_library(tmp_path: Path) -> None:
    _, modules = modules_after("settings", folder=tmp_path)

    assert modules & {*HEAVY, *INDEXING, "onnxruntime", "faiss"} == set()
