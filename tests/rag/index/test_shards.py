"""Files in shards, and what is kept of one that is done."""

import os
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag.errors import CorpusError, IndexMismatchError
from rag.index.cutting import recipe_for
from rag.index.prepared import is_done, load_record, save_record
from rag.index.shard_record import ShardRecord, are_among, prefixes, record_path
from rag.index.shard_work import Known, ShardResult, ShardWorker, known_articles
from rag.index.shards import MAX_BYTES, MAX_FILES, Shard, shards_of
from rag.ingest.articles import find_files
from rag.ingest.limits import ReadingLimits
from rag.types import ArticleId
from tests.conftest import TINY_CORPUS
from tests.fakes import HashedEncoder

NOTHING = Known(prefixes([]), prefixes([]))


def shards(folder: Path, encoder: HashedEncoder, limits: ReadingLimits | None = None) -> list[Shard]:
    return shards_of(find_files([folder])[0], recipe_for(encoder), limits or ReadingLimits())


def worked(shard: Shard, encoder: HashedEncoder, known: Known = NOTHING) -> ShardResult:
    with closing(ShardWorker(encoder, recipe_for(encoder), ReadingLimits(), known)) as worker:
        return worker.work(shard)


def test_same_files_give_the_same_shards(hashed_encoder: HashedEncoder) -> None:
    assert shards(TINY_CORPUS, hashed_encoder) == shards(TINY_CORPUS, hashed_encoder)


def test_shard_holds_a_bounded_number_of_files(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    for number in range(MAX_FILES + 1):
        (tmp_path / f"{number:03}.txt").write_text("Short.")

    assert [len(shard.files) for shard in shards(tmp_path, hashed_encoder)] == [MAX_FILES, 1]


def test_large_file_is_a_shard_of_its_own(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    for name, size in (("a", 10), ("b", MAX_BYTES + 1), ("c", 10)):
        (tmp_path / f"{name}.txt").write_text("x" * size)

    assert [len(shard.files) for shard in shards(tmp_path, hashed_encoder)] == [1, 1, 1]


def test_changed_file_changes_the_key_of_its_shard_only(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    for number in range(2 * MAX_FILES):
        (tmp_path / f"{number:03}.txt").write_text("Short.")
    before = shards(tmp_path, hashed_encoder)
    os.utime(tmp_path / "040.txt", ns=(1, 1))
    after = shards(tmp_path, hashed_encoder)

    assert [one.key == other.key for one, other in zip(before, after, strict=True)] == [True, False]


def test_other_limits_make_other_shards(hashed_encoder: HashedEncoder) -> None:
    few = ReadingLimits(max_blocks=10)

    assert shards(TINY_CORPUS, hashed_encoder)[0].key != shards(TINY_CORPUS, hashed_encoder, few)[0].key


def test_shard_survives_its_way_to_another_machine(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("Short.")
    (shard,) = shards(tmp_path, hashed_encoder)

    assert Shard.from_line(shard.line) == shard


def test_record_holds_articles_chunks_and_refusals(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    (tmp_path / "walk.md").write_text("# Walks\n\nA short walk is fine.\n")
    (tmp_path / "empty.md").write_text("")
    (shard,) = shards(tmp_path, hashed_encoder)
    files = ShardRecord.of(worked(shard, hashed_encoder).record).files

    assert isinstance(files[str(tmp_path / "empty.md")].content, CorpusError)
    walk = files[str(tmp_path / "walk.md")]
    assert not isinstance(walk.content, CorpusError)
    (article,) = walk.content.articles
    (chunk,) = walk.chunks_of(replace(article, url="https://example.org/walk")) or []
    assert (chunk.text, chunk.url) == ("A short walk is fine.", "https://example.org/walk")
    assert walk.chunks_of(replace(article, article_id=ArticleId("other"))) is None


def test_text_with_a_vector_is_not_embedded_again(hashed_encoder: HashedEncoder) -> None:
    (shard,) = shards(TINY_CORPUS, hashed_encoder)
    first = worked(shard, hashed_encoder)
    second = worked(shard, HashedEncoder(), Known(prefixes(first.keys[1:]), prefixes([])))

    assert second.keys == first.keys[:1]
    np.testing.assert_array_equal(second.vectors, first.vectors[:1])


def test_article_that_the_index_holds_is_not_cut(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    (tmp_path / "walk.md").write_text("# Walks\n\nA short walk is fine.\n")
    (shard,) = shards(tmp_path, hashed_encoder)
    read = ShardRecord.of(worked(shard, hashed_encoder).record).files[str(tmp_path / "walk.md")].content
    assert not isinstance(read, CorpusError)
    held = known_articles([(str(tmp_path), "walk.md", read.articles[0].digest)])
    again = worked(shard, hashed_encoder, Known(prefixes([]), held))

    assert again.keys == []
    assert ShardRecord.of(again.record).files[str(tmp_path / "walk.md")].chunks == (None,)


def test_file_that_changed_since_is_left_out(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    (tmp_path / "walk.md").write_text("# Walks\n\nA short walk is fine.\n")
    (shard,) = shards(tmp_path, hashed_encoder)
    (tmp_path / "walk.md").write_text("# Walks\n\nA long walk is fine too.\n")

    assert ShardRecord.of(worked(shard, hashed_encoder).record).files == {}


def test_machine_that_does_not_see_the_articles_says_so(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "walk.md").write_text("# Walks\n\nA short walk is fine.\n")
    (shard,) = shards(folder, hashed_encoder)
    folder.rename(tmp_path / "elsewhere")

    with pytest.raises(CorpusError, match=r"does not see .*articles; make the articles reachable at the same path"):
        worked(shard, hashed_encoder)


def test_machine_with_another_model_says_so(hashed_encoder: HashedEncoder) -> None:
    with pytest.raises(IndexMismatchError, match="install the same on both"):
        ShardWorker(HashedEncoder("hashed@2"), recipe_for(hashed_encoder), ReadingLimits(), NOTHING)


def test_shard_is_done_when_its_record_and_its_vectors_are_kept(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    (shard,) = shards(TINY_CORPUS, hashed_encoder)
    result = worked(shard, hashed_encoder)
    vectors = prefixes(result.keys)
    assert not is_done(tmp_path, shard, vectors)
    save_record(tmp_path, shard.key, result.record)

    assert is_done(tmp_path, shard, vectors)
    assert not is_done(tmp_path, shard, vectors[1:])


@pytest.mark.parametrize("damage", [lambda content: content[:-9], lambda content: content.replace(b"walk", b"wall", 1)])
def test_damaged_record_is_none(tmp_path: Path, hashed_encoder: HashedEncoder, damage: object) -> None:
    (shard,) = shards(TINY_CORPUS, hashed_encoder)
    save_record(tmp_path, shard.key, worked(shard, hashed_encoder).record)
    path = record_path(tmp_path, shard.key)
    assert callable(damage)
    path.write_bytes(damage(path.read_bytes()))

    assert load_record(tmp_path, shard.key) is None


def test_are_among_finds_each_key() -> None:
    known = prefixes([bytes([9] * 32), bytes([3] * 32)])
    keys = prefixes([bytes([1] * 32), bytes([3] * 32), bytes([200] * 32)])

    assert are_among(keys, known).tolist() == [False, True, False]
    assert are_among(keys, prefixes([])).tolist() == [False] * 3
