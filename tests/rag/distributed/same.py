"""Whether two indexes hold the same."""

from pathlib import Path

import numpy as np

from rag.index.store import IndexReader, open_index
from rag.index.verify import require_sound, verify_index
from rag.types import Chunk


def assert_same(found: Path, expected: Path) -> None:
    """Hold an index against another: identity, articles, every passage once and in order, vectors, no damage."""
    one, other = open_index(found), open_index(expected)
    require_sound(found, verify_index(found))
    assert one.index_id == other.index_id
    assert one.articles() == other.articles()
    assert chunks(one) == chunks(other)
    assert len({chunk.chunk_id for chunk in chunks(one)}) == one.manifest.chunks == other.manifest.chunks
    for mine, theirs in ((one.vectors, other.vectors), (one.sentences, other.sentences)):
        assert mine.rows() == theirs.rows()
        np.testing.assert_allclose(mine.vectors(mine.rows()), theirs.vectors(theirs.rows()), atol=1e-6)


def chunks(reader: IndexReader) -> list[Chunk]:
    """The passages in order."""
    return list(reader.chunks(reader.passages.all_rows()).values())
