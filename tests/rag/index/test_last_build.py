"""What the last run of the indexer did."""

from pathlib import Path

from rag.index.build import build_index
from rag.index.generations import LAST_BUILD_FILE
from rag.index.last_build import load_last_build, save_last_build
from tests.fakes import HashedEncoder


def test_counts_and_refusals_are_kept(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "good.md").write_text("# Kneading\n\nPetrissage is kneading.\n", encoding="utf-8")
    (texts / "bad.md").write_bytes(b"")
    report = build_index([texts], tmp_path / "index", encoder=HashedEncoder())

    save_last_build(tmp_path / "index", report)

    last = load_last_build(tmp_path / "index")
    assert last is not None
    assert last.counts == {"added": 1, "changed": 0, "unchanged": 0, "removed": 0}
    assert [one.path for one in last.refused] == ["bad.md"]


def test_without_a_readable_file_there_is_none(tmp_path: Path) -> None:
    assert load_last_build(tmp_path) is None
    (tmp_path / LAST_BUILD_FILE).write_text('{"counts": {}}', encoding="utf-8")
    assert load_last_build(tmp_path) is None
