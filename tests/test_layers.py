"""Who may import what, read from the syntax trees of the three packages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT

SOURCES = sorted(path for package in ("rag", "ui", "eval") for path in (PROJECT / package).rglob("*.py"))
TESTS = sorted((PROJECT / "tests").rglob("*.py"))

LANGCHAIN_PLACES = (
    "rag/chain/",
    "rag/assemble_store.py",
    "rag/index/vector_store.py",
    "rag/index/milvus/langchain_store.py",
    "rag/retrieve/langchain_retriever.py",
    "rag/embed/embeddings.py",
)
DESERIALIZERS = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """Each module that a file imports, and whether the import binds its first name (`import a.b`)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, True
        elif isinstance(node, ast.ImportFrom):
            yield ("." * node.level) + (node.module or ""), False


def users_of(*packages: str) -> list[str]:
    """Files that import one of the packages or a module of it."""
    return [name_of(path) for path in SOURCES if any(module.split(".")[0] in packages for module, _ in imported(path))]


def test_there_is_something_to_check() -> None:
    assert len(SOURCES) > 50
    assert "rag/chain/runnable.py" in users_of("langchain_core")


def test_nothing_binds_the_name_of_a_builtin_by_importing_eval() -> None:
    guilty = [
        name_of(path)
        for path in [*SOURCES, *TESTS]
        for module, binds in imported(path)
        if binds and module.split(".")[0] == "eval"
    ]

    assert guilty == []


def test_langchain_is_imported_only_where_its_types_are_offered() -> None:
    packages = ("langchain", "langchain_core", "langchain_text_splitters", "langchain_community")

    users = [name for name in users_of(*packages) if name.startswith("rag/")]

    assert [name for name in users if not name.startswith(LANGCHAIN_PLACES)] == []


@pytest.mark.parametrize(
    ("package", "place"),
    [
        ("streamlit", "ui/"),
        ("faiss", "rag/index/"),
        ("sentence_transformers", "rag/embed/"),
        ("torch", "rag/embed/"),
        ("ray", "rag/distributed/"),
    ],
)
def test_library_is_imported_only_in_its_place(package: str, place: str) -> None:
    assert [name for name in users_of(package) if not name.startswith((place, "eval/"))] == []


def test_streamlit_and_faiss_are_not_imported_by_the_evaluation() -> None:
    assert [name for name in users_of("streamlit", "faiss") if name.startswith("eval/")] == []


def test_library_knows_neither_page_nor_evaluation() -> None:
    assert [name for name in users_of("ui", "eval") if name.startswith("rag/")] == []
    assert [name for name in users_of("ui") if name.startswith("eval/")] == []
    assert [name for name in users_of("eval") if name.startswith("ui/")] == []


def test_nothing_is_unpickled() -> None:
    assert users_of(*DESERIALIZERS) == []


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_text_is_run_as_code(path: Path) -> None:
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert not called & {"eval", "exec", "compile", "__import__"}


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name_of)
def test_imports_name_their_package(path: Path) -> None:
    assert not [module for module, _ in imported(path) if module.startswith(".")]
