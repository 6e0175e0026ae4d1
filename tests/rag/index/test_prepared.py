"""A build over shards that were done beforehand makes what a build alone makes."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.index.build import build_index
from rag.index.generations import SHARDS
from rag.index.manifest import Recipe
from rag.index.prepared import Prepared
from rag.index.report import BuildReport
from rag.index.store import IndexReader
from tests.fakes import HashedEncoder
from tests.rag.distributed.same import assert_same
from tests.rag.index.beforehand import LIMITS, Beforehand
from tests.rag.ingest.test_export_folder import export

__all__ = ["export"]


def built(folder: Path, index: Path, *, prepare: Beforehand | None = None) -> tuple[BuildReport, int]:
    """Build and return the report and how many texts the build itself embedded."""
    encoder = HashedEncoder()
    report = build_index([folder], index, encoder=encoder, limits=LIMITS, prepare=prepare)
    return report, len(encoder.encoded)


def test_site_export_gives_the_same_index_and_the_build_embeds_nothing(export: Path, tmp_path: Path) -> None:
    (export / "empty.md").write_text("")
    alone, texts = built(export, tmp_path / "alone")
    prepared, again = built(export, tmp_path / "prepared", prepare=Beforehand())

    assert (prepared.changes, prepared.embedded, again) == (alone.changes, texts, 0)
    assert_same(tmp_path / "prepared", tmp_path / "alone")


def test_shard_that_was_left_out_is_done_by_the_build(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(70):
        (folder / f"{number:02}.md").write_text(f"# Walk {number}\n\nWalk number {number} is short.\n")
    built(folder, tmp_path / "alone")
    prepared, again = built(folder, tmp_path / "prepared", prepare=Beforehand(leave=2))

    assert prepared.embedded > again > 0
    assert_same(tmp_path / "prepared", tmp_path / "alone")


def test_records_are_gone_when_the_generation_answers(export: Path, tmp_path: Path) -> None:
    built(export, tmp_path / "index", prepare=Beforehand())

    assert not (tmp_path / "index" / SHARDS).exists()


def test_file_that_came_after_the_shards_is_read_by_the_build(export: Path, tmp_path: Path) -> None:
    class Later(Beforehand):
        """Adds a file when the shards are done."""

        def __call__(self, paths: Sequence[Path], index: Path, old: IndexReader | None, recipe: Recipe) -> Prepared:
            """Do them."""
            found = super().__call__(paths, index, old, recipe)
            (export / "later.md").write_text("# Later\n\nThis file came later.\n")
            return found

    report, _ = built(export, tmp_path / "index", prepare=Later())

    assert "later" in report.added


@pytest.mark.parametrize("again", [None, Beforehand()])
def test_unchanged_collection_writes_no_generation(export: Path, tmp_path: Path, again: Beforehand | None) -> None:
    first, _ = built(export, tmp_path / "index")
    second, texts = built(export, tmp_path / "index", prepare=again)

    assert (second.index_id, second.added, len(second.unchanged), texts) == (first.index_id, (), len(first.added), 0)
