"""Shards done beforehand end on the server as they end in a folder."""

from rag.index.build import build_index
from tests.fakes import HashedEncoder
from tests.milvus.shared_index import SharedIndex
from tests.rag.index.beforehand import LIMITS, Beforehand
from tests.rag.index.states import AFTER, BEFORE, answers_of, write_collection


def test_prepared_build_answers_from_the_server_like_a_folder(
    shared: SharedIndex, expected: tuple[object, object]
) -> None:
    found, encoder = [], HashedEncoder()
    for articles in (BEFORE, AFTER):
        corpus = write_collection(shared.place / "texts", articles)
        build_index([corpus], shared.target(), encoder=encoder, limits=LIMITS, prepare=Beforehand())
        found.append(answers_of(shared.opened_afresh()))

    assert tuple(found) == expected
    assert encoder.encoded == []
