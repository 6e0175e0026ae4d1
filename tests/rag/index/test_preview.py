"""What a run would change is said by name and nothing is written."""

from pathlib import Path

import pytest

from rag.chunk.windows import ChunkSettings
from rag.errors import CorpusError, IndexMismatchError
from rag.index.build import build_index, preview_index
from tests.fakes import HashedEncoder
from tests.rag.index.states import AFTER, BEFORE, write_collection


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of everything in a folder, the folders included."""
    found = [folder, *folder.rglob("*")]
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in found}


def test_changes_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    corpus, index = write_collection(tmp_path / "corpus", BEFORE), tmp_path / "index"
    build_index([corpus], index, encoder=HashedEncoder())
    write_collection(corpus, AFTER)
    (corpus / "bad.md").write_bytes(b"")
    encoder, before = HashedEncoder(), stamps(index)

    changes = preview_index([corpus], index, encoder=encoder)

    assert (changes.added, changes.changed, changes.unchanged, changes.removed) == (
        ("rest",), ("heat",), ("walk",), ("cold",),
    )  # fmt: skip
    assert [refusal.path for refusal in changes.refused] == ["bad.md"]
    assert encoder.encoded == []
    assert stamps(index) == before
    report = build_index([corpus], index, encoder=encoder)
    assert (report.added, report.changed, report.unchanged, report.removed, report.refused) == (
        changes.added, changes.changed, changes.unchanged, changes.removed, changes.refused,
    )  # fmt: skip


def test_first_run_is_previewed_without_making_the_folder(tmp_path: Path) -> None:
    corpus = write_collection(tmp_path / "corpus", BEFORE)

    assert preview_index([corpus], tmp_path / "index", encoder=HashedEncoder()).added == ("cold", "heat", "walk")
    assert not (tmp_path / "index").exists()


def test_what_would_be_refused_is_refused(tmp_path: Path) -> None:
    corpus, index = write_collection(tmp_path / "corpus", BEFORE), tmp_path / "index"
    build_index([corpus], index, encoder=HashedEncoder())
    other = ChunkSettings(target_tokens=99)

    with pytest.raises(IndexMismatchError, match=r"another chunk setting target_tokens \(160, now 99\); run: citewell"):
        preview_index([corpus], index, encoder=HashedEncoder(), chunking=other)
    assert len(preview_index([corpus], index, encoder=HashedEncoder(), chunking=other, rebuild=True).added) == 3
    with pytest.raises(CorpusError, match="no articles to index"):
        preview_index([tmp_path / "none"], tmp_path / "new", encoder=HashedEncoder())
