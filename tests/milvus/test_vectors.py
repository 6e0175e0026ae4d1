"""What the answering path asks of vectors, answered by a server."""

from dataclasses import replace

import numpy as np
import pytest

from rag.index.milvus.state import read_note
from rag.index.one_article import one_article
from rag.index.sentence_rows import passage_and_place
from rag.index.size_rule import SIZE_RULE
from rag.types import ArticleId
from tests.fakes import HashedEncoder
from tests.milvus.shared_index import SharedIndex
from tests.rag.index.states import BEFORE, answers_of

pytestmark = pytest.mark.slow

QUERY = HashedEncoder().encode(["Is heat warm for the back?"])


def test_nearest_sentence_of_each_passage_is_the_best_of_all_its_sentences(built: SharedIndex) -> None:
    reader = built.open()
    rows = reader.passages.all_rows()
    best: dict[int, float] = {}
    for row, cosine in reader.sentences.search(QUERY, k=100)[0]:
        passage, _ = passage_and_place(row)
        best[passage] = max(best.get(passage, -1.0), cosine)

    assert reader.nearest_sentences(QUERY, rows) == pytest.approx(best, abs=1e-6)


def test_search_in_one_article_finds_only_its_passages(built: SharedIndex) -> None:
    reader = built.open()

    inside = one_article(reader, ArticleId("cold"))

    assert [row for row, _ in inside.search_vectors(QUERY, k=9)] == reader.passages.rows_of("cold")
    found = {row for row, _, _ in inside.search_sentences(QUERY, k=9)}
    assert found == set(reader.passages.rows_of("cold"))


def test_vectors_are_those_that_were_written(built: SharedIndex) -> None:
    reader = built.open()
    chunks = reader.chunks(reader.passages.all_rows())

    for row, (sentences, _) in reader.part_vectors(chunks).items():
        chunk = chunks[row]
        texts = [chunk.text[one.start - chunk.span.start : one.end - chunk.span.start] for one in chunk.sentences]
        assert sentences == pytest.approx(HashedEncoder().encode(texts), abs=1e-6)


def test_vectors_that_the_server_lost_count_as_unlike_everything(shared: SharedIndex) -> None:
    shared.build(BEFORE)
    note = read_note(shared.server)
    for name in (note.names.passages, note.names.sentences):
        shared.server.call("delete", name, filter='article_id == "heat"')
        shared.server.call("query", name, filter="", output_fields=["count(*)"], consistency_level="Strong")
    reader = shared.open()

    lost = reader.vectors.vectors(reader.passages.rows_of("heat"))

    assert not np.any(lost)
    assert answers_of(reader)


def test_hits_that_the_copy_does_not_know_are_left_out(shared: SharedIndex) -> None:
    shared.build(BEFORE)
    reader, note = shared.open(), read_note(shared.server)
    row = shared.server.call("query", note.names.passages, filter='article_id == "heat"', limit=1, output_fields=["*"])
    shared.server.call("upsert", note.names.passages, [{**row[0], "pk": "unknown-1"}])
    shared.server.call("query", note.names.passages, filter="", output_fields=["count(*)"], consistency_level="Strong")

    found = [one for one, _ in reader.search_vectors(QUERY, k=9)]

    assert set(found) <= set(reader.passages.all_rows())
    assert found


def test_collection_that_outgrew_exact_search_answers_from_a_graph(
    shared: SharedIndex, built: SharedIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.index.milvus.layout.SIZE_RULE", replace(SIZE_RULE, exact=0))

    shared.build(BEFORE)

    passages = next(name for name in shared.collections() if "_passages_" in name)
    assert shared.server.call("describe_index", passages, "vector")["index_type"] == "HNSW"
    assert answers_of(shared.open()) == answers_of(built.open())
