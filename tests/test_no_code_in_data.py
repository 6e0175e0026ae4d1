"""No data file is ever run: no pickle, no eval, no unsafe loader anywhere in the packages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import faiss
import numpy as np
import pytest

from rag.errors import IndexDamagedError
from rag.index.faiss_index import FaissIndex
from tests.conftest import PROJECT

PICKLING = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "pandas.read_pickle"}
RUNNING = {"eval", "exec", "compile", "__import__"}
SAFE_LOADERS = ("SafeLoader", "CSafeLoader", "LOADER")
MEASURED_AGAINST = {"eval/speed_first_query.py", "eval/speed_systems.py"}
"""They time LangChain's own FAISS store, which pickles, on a folder that the same run wrote a moment before."""

SOURCES = sorted(
    path
    for package in ("rag", "ui", "eval")
    for path in (PROJECT / package).rglob("*.py")
    if str(path.relative_to(PROJECT)) not in MEASURED_AGAINST
)


def wrongs(source: str) -> Iterator[str]:
    """What in a source could run data."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in PICKLING)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PICKLING:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            yield from _wrong_call(node)


def _wrong_call(node: ast.Call) -> Iterator[str]:
    name = ast.unparse(node.func)
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
    if name in RUNNING or name.endswith(("read_pickle", "to_pickle", "torch.load", "unsafe_load", "full_load")):
        yield name
    if given.get("allow_pickle", "False") != "False" or given.get("allow_dangerous_deserialization"):
        yield f"{name} allows pickle"
    if name == "yaml.load" and not given.get("Loader", "").strip("()").endswith(SAFE_LOADERS):
        yield f"{name} with {given.get('Loader')}"
    if name.endswith("subprocess.run") and given.get("shell", "False") != "False":
        yield f"{name} with a shell"


def test_no_source_runs_data() -> None:
    assert len(SOURCES) > 100
    assert [(str(path), wrong) for path in SOURCES for wrong in wrongs(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from joblib import load",
        "eval('1')",
        "exec(text)",
        "np.load(file, allow_pickle=True)",
        "yaml.load(text, Loader=yaml.Loader)",
        "yaml.unsafe_load(text)",
        "torch.load(path)",
        "subprocess.run(command, shell=True)",
        "FAISS.load_local(folder, embeddings, allow_dangerous_deserialization=True)",
    ],
)
def test_the_check_finds_what_it_looks_for(source: str) -> None:
    assert list(wrongs(source))


def test_every_named_yaml_loader_is_a_safe_one() -> None:
    named = [
        line.strip()
        for path in SOURCES
        for line in path.read_text(encoding="utf-8").splitlines()
        if "LOADER =" in line.partition("#")[0] or "LOADER:" in line.partition("#")[0]
    ]

    assert named
    assert all(line.count("Loader") == line.count("SafeLoader") > 0 for line in named), named


def test_numpy_refuses_pickled_arrays_unless_told_otherwise(tmp_path: Path) -> None:
    np.save(tmp_path / "objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)

    with pytest.raises(ValueError, match="allow_pickle=False"):
        np.load(tmp_path / "objects.npy")


@pytest.mark.parametrize("kind", ["flat", "binary", "ivf"])
def test_only_the_kind_of_vector_file_that_we_write_is_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "vectors.faiss"
    if kind == "binary":
        faiss.write_index_binary(faiss.IndexBinaryFlat(64), str(path))
    else:
        faiss.write_index(faiss.IndexFlatIP(8) if kind == "flat" else faiss.index_factory(8, "HNSW4"), str(path))

    with pytest.raises(IndexDamagedError, match="cannot be read as vectors"):
        FaissIndex.load(path)
