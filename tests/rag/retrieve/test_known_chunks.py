"""Chunks that are kept once they were found."""

from rag.index.store import IndexReader
from rag.retrieve.known_chunks import KnownChunks


def test_kept_chunks_are_those_of_the_index(tiny_reader: IndexReader) -> None:
    rows = tiny_reader.passages.all_rows()
    known = KnownChunks(tiny_reader)

    first, again = known.chunks(rows), known.chunks(rows)

    assert first == again == tiny_reader.chunks(rows)


def test_chunk_that_made_room_is_read_again(tiny_reader: IndexReader) -> None:
    one, two, *_ = tiny_reader.passages.all_rows()
    known = KnownChunks(tiny_reader, most=1)

    assert list(known.chunks([one])) == [one]
    assert known.chunks([two, one]) == tiny_reader.chunks([one, two])


def test_unknown_rows_are_left_out(tiny_reader: IndexReader) -> None:
    (row, *_) = tiny_reader.passages.all_rows()

    assert list(KnownChunks(tiny_reader).chunks([row, 10**9])) == [row]
