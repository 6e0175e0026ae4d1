"""What cannot be used on a server is said in one line, and what is damaged is found."""

from pathlib import Path

import pytest

from rag.errors import IndexLockedError, IndexMismatchError, IndexMissingError
from rag.index.build import build_index
from rag.index.milvus.layout import sentence_key
from rag.index.milvus.lock import writer_lock
from rag.index.milvus.server import MilvusServer, ServerError
from rag.index.milvus.source import MilvusSource
from rag.index.milvus.state import read_note
from rag.index.milvus.verify import verify_server
from rag.index.verify import require_sound
from tests.fakes import HashedEncoder
from tests.milvus.shared_index import SharedIndex
from tests.rag.index.states import AFTER, BEFORE, answers_of, write_collection

pytestmark = pytest.mark.slow


def test_second_writer_is_told_who_writes(built: SharedIndex) -> None:
    with writer_lock(built.server), pytest.raises(IndexLockedError, match="being written by another process"):
        built.build(AFTER)


def test_verify_finds_rows_that_are_gone(shared: SharedIndex) -> None:
    shared.build(BEFORE)
    note, reader = read_note(shared.server), shared.open()
    require_sound(shared.place, shared.target().verify())
    row = reader.passages.all_rows()[0]
    key = sentence_key(reader.vectors.names.keys([row])[row], 0)  # type: ignore[attr-defined]

    shared.server.call("delete", note.names.sentences, ids=[key])
    found = verify_server(shared.server, shared.place / "writer", note)

    assert [one.problem for one in found if one.problem] == ["holds 1 rows too few and 0 too many"]


def test_damaged_copy_is_made_anew(shared: SharedIndex, expected: tuple[object, object]) -> None:
    shared.build(BEFORE)
    folder = shared.open().folder
    (folder / "passages.sqlite3").write_bytes(b"damaged")

    assert answers_of(shared.open()) == expected[0]


def test_another_model_is_refused(built: SharedIndex) -> None:
    with pytest.raises(IndexMismatchError, match=r"was built with hashed@1, not with other@1; run: citewell index"):
        built.source("other").open(model="other@1")


def test_index_of_another_model_is_not_brought_up_to_date(built: SharedIndex) -> None:
    corpus = write_collection(built.place / "texts", AFTER)

    with pytest.raises(IndexMismatchError, match=r"model \(hashed@1, now other@1\).*citewell index --rebuild"):
        build_index([corpus], built.target(), encoder=HashedEncoder("other@1", 32))


def test_missing_index_is_said_with_the_command_that_makes_it(shared: SharedIndex) -> None:
    with pytest.raises(IndexMissingError, match=r"no index on http.*; run: citewell index"):
        shared.source("reader").open()


def test_server_that_does_not_answer_is_said_in_one_line(tmp_path: Path, milvus_uri: str) -> None:
    source = MilvusSource(MilvusServer("http://127.0.0.1:9", timeout_s=1.0), tmp_path)

    with pytest.raises(
        ServerError, match=r"the index server http://127.0.0.1:9 failed .*CITEWELL_INDEX__URI"
    ) as raised:
        source.open()
    with pytest.raises(ServerError):
        source.check()

    assert "\n" not in str(raised.value)


def test_check_passes_where_questions_can_be_answered(built: SharedIndex) -> None:
    built.source("reader").check()


def test_long_article_comes_back_whole(shared: SharedIndex) -> None:
    text = "## Long\n\n" + "\n\n".join(f"Sentence {number} is short – and has a dash." for number in range(5000))

    shared.build({**BEFORE, "long": text})

    article = shared.opened_afresh().article("long")
    assert article is not None
    assert len(article.text.encode()) > 200_000
    assert "Sentence 4999 is short – and has a dash." in article.text
