"""An index on a real server answers like one in a folder, whatever becomes of it meanwhile."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import IndexLockedError, IndexMismatchError, IndexMissingError
from rag.index.build import build_index, preview_index
from rag.index.milvus.layout import sentence_key
from rag.index.milvus.lock import writer_lock
from rag.index.milvus.server import MilvusServer, ServerError
from rag.index.milvus.sink import count, new_sink
from rag.index.milvus.source import MilvusSource
from rag.index.milvus.state import read_note
from rag.index.milvus.verify import verify_server
from rag.index.verify import require_sound
from tests.conftest import PROJECT
from tests.fakes import HashedEncoder
from tests.milvus.shared_index import SharedIndex, shared_index
from tests.milvus.stopped_run import DIED
from tests.rag.index.states import AFTER, BEFORE, answers, answers_of, write_collection

pytestmark = pytest.mark.slow


@pytest.fixture
def shared(milvus_uri: str, tmp_path: Path) -> Iterator[SharedIndex]:
    with shared_index(milvus_uri, tmp_path) as index:
        yield index


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[object, object]:
    """What a folder answers from the collection before and after the change."""
    place = tmp_path_factory.mktemp("folder")
    found = []
    for articles in (BEFORE, AFTER):
        build_index([write_collection(place / "texts", articles)], place / "index", encoder=HashedEncoder())
        found.append(answers(place / "index"))
    return found[0], found[1]


def test_server_answers_like_a_folder_before_and_after_a_change(
    shared: SharedIndex, expected: tuple[object, object]
) -> None:
    shared.build(BEFORE)
    before = answers_of(shared.open())
    report = shared.build(AFTER)

    assert before == expected[0]
    assert (report.added, report.changed, report.removed) == (("rest",), ("heat",), ("cold",))
    assert answers_of(shared.open()) == expected[1]
    assert answers_of(shared.opened_afresh()) == expected[1]


def test_open_reader_goes_on_answering_from_its_generation(
    shared: SharedIndex, expected: tuple[object, object]
) -> None:
    shared.build(BEFORE)
    old = shared.open()

    shared.build(AFTER)
    after_update = answers_of(old)
    shared.build(AFTER, rebuild=True)

    assert after_update == expected[0]
    assert answers_of(shared.open()) == expected[1]


def test_second_machine_notices_a_change_in_place(shared: SharedIndex) -> None:
    shared.build(BEFORE)
    source = shared.source("second")
    reader = source.open()
    assert source.generation() == reader.generation

    shared.build(AFTER)
    deadline = time.monotonic() + 10
    while source.generation() == reader.generation and time.monotonic() < deadline:
        time.sleep(0.1)

    assert source.generation() != reader.generation
    assert {article.article_id for article in source.open().articles()} == set(AFTER)


def test_nothing_changed_writes_nothing(shared: SharedIndex) -> None:
    shared.build(BEFORE)
    name = read_note(shared.server).generation

    report = shared.build(BEFORE)

    assert (len(report.unchanged), report.embedded) == (3, 0)
    assert read_note(shared.server).generation == name


def test_preview_changes_nothing(shared: SharedIndex) -> None:
    shared.build(BEFORE)
    name = read_note(shared.server).generation
    corpus = write_collection(shared.place / "texts", AFTER)

    changes = preview_index([corpus], shared.target(), encoder=HashedEncoder())

    assert (changes.added, changes.changed, changes.removed) == (("rest",), ("heat",), ("cold",))
    assert read_note(shared.server).generation == name


def test_chunks_that_are_given_twice_are_held_once(shared: SharedIndex) -> None:
    shared.build(BEFORE)
    reader, note = shared.open(), read_note(shared.server)
    chunks = list(reader.chunks(reader.passages.all_rows()).values())
    texts = [text for chunk in chunks for text in (chunk.text, *["x"] * len(chunk.sentences))]
    sink = new_sink(shared.server, note, anew=False)

    for _ in range(3):
        sink.add(chunks, HashedEncoder().encode(texts))

    assert count(shared.server, note.names.passages, sink.number) == 2 * len(chunks)  # the old ones and the new ones
    assert count(shared.server, note.names.passages, note.current) == len(chunks)


def test_removed_article_leaves_no_row_once_it_cannot_come_back(shared: SharedIndex) -> None:
    shared.build(BEFORE)
    shared.build(AFTER)
    shared.build({**AFTER, "more": "## More\n\nMore is more."})
    shared.build({**AFTER, "more": "## More\n\nLess is more."})

    note = read_note(shared.server)
    held = shared.server.call("query", note.names.articles, filter="", limit=100, output_fields=["article_id"])

    assert "cold" not in {row["article_id"] for row in held}


@pytest.mark.parametrize("rebuild", [False, True])
def test_roll_back_and_back_again(shared: SharedIndex, expected: tuple[object, object], rebuild: bool) -> None:
    shared.build(BEFORE)
    shared.build(AFTER, rebuild=rebuild)
    target, model = shared.target(), HashedEncoder().name

    target.roll_back(model=model, lock_timeout_s=0)
    before = answers_of(shared.open()), answers_of(shared.opened_afresh())
    target.roll_back(model=model, lock_timeout_s=0)

    assert before == (expected[0], expected[0])
    assert answers_of(shared.open()) == expected[1]


def test_indexing_goes_on_from_what_was_rolled_back_to(shared: SharedIndex, expected: tuple[object, object]) -> None:
    shared.build(BEFORE)
    shared.build({"walk": BEFORE["walk"], "lost": "## Lost\n\nThis run was a mistake."})
    shared.target().roll_back(model=HashedEncoder().name, lock_timeout_s=0)

    shared.build(AFTER)

    assert answers_of(shared.open()) == expected[1]
    assert answers_of(shared.opened_afresh()) == expected[1]
    shared.target().roll_back(model=HashedEncoder().name, lock_timeout_s=0)
    assert answers_of(shared.opened_afresh()) == expected[0]


def test_nothing_to_roll_back_to_is_said(shared: SharedIndex) -> None:
    shared.build(BEFORE)

    with pytest.raises(IndexMissingError, match="no earlier generation"):
        shared.target().roll_back(model=HashedEncoder().name, lock_timeout_s=0)


def test_only_the_build_that_answers_and_the_one_before_stay(shared: SharedIndex) -> None:
    for _ in range(3):
        shared.build(BEFORE, rebuild=True)

    assert len(shared.collections()) == 6


def test_no_question_fails_while_the_index_changes(shared: SharedIndex) -> None:
    shared.build(BEFORE)
    source, done = shared.source("asking"), threading.Event()
    failures: list[BaseException] = []
    asked: list[int] = []

    def ask() -> None:
        reader = source.open()
        while not done.is_set():
            try:
                if source.generation() != reader.generation:
                    reader = source.open()
                vector = HashedEncoder().encode(["Is heat warm?"])
                rows = [row for row, _ in reader.search_vectors(vector, k=5)]
                assert reader.chunks(rows)
                assert reader.part_vectors(reader.chunks(rows))
                asked.append(len(rows))
            except BaseException as error:
                failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for articles, rebuild in ((AFTER, False), (BEFORE, True), (AFTER, True), (BEFORE, False)):
            shared.build(articles, rebuild=rebuild)
        shared.target().roll_back(model=HashedEncoder().name, lock_timeout_s=0)
    finally:
        done.set()
        for thread in threads:
            thread.join()

    assert failures == []
    assert len(asked) > 20


@pytest.mark.parametrize(("rebuild", "number"), [("update", 2), ("update", 6), ("rebuild", 3), ("rebuild", 12)])
def test_run_that_dies_leaves_the_old_generation_and_the_next_one_finishes(
    shared: SharedIndex, expected: tuple[object, object], number: int, rebuild: str
) -> None:
    shared.build(BEFORE)
    corpus = write_collection(shared.place / "texts", AFTER)
    command = [shared.server.uri, shared.server.alias, corpus, shared.place / "writer", number, rebuild]
    died = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "tests.milvus.stopped_run", *map(str, command)], cwd=PROJECT, check=False, timeout=120
    )
    assert died.returncode == DIED
    assert answers_of(shared.opened_afresh()) == expected[0]
    _forget_lock(shared.server)

    shared.build(AFTER)

    assert answers_of(shared.opened_afresh()) == expected[1]
    require_sound(shared.place, shared.target().verify())
    assert len(shared.collections()) <= 6


def _forget_lock(server: MilvusServer) -> None:
    """What two minutes do to the mark of a dead writer."""
    server.call("alter_collection_properties", f"{server.alias}_lock", {"citewell.writer": ""})


def test_second_writer_is_told_who_writes(shared: SharedIndex) -> None:
    shared.build(BEFORE)

    with writer_lock(shared.server), pytest.raises(IndexLockedError, match="being written by another process"):
        shared.build(AFTER)


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


def test_another_model_is_refused(shared: SharedIndex) -> None:
    shared.build(BEFORE)

    with pytest.raises(IndexMismatchError, match=r"was built with hashed@1, not with other@1; run: citewell index"):
        shared.source("other").open(model="other@1")


def test_index_of_another_model_is_not_brought_up_to_date(shared: SharedIndex) -> None:
    shared.build(BEFORE)
    corpus = write_collection(shared.place / "texts", AFTER)

    with pytest.raises(IndexMismatchError, match=r"model \(hashed@1, now other@1\).*citewell index --rebuild"):
        build_index([corpus], shared.target(), encoder=HashedEncoder("other@1", 32))


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


def test_check_passes_where_questions_can_be_answered(shared: SharedIndex) -> None:
    shared.build(BEFORE)

    shared.source("reader").check()


def test_long_article_comes_back_whole(shared: SharedIndex) -> None:
    text = "## Long\n\n" + "\n\n".join(f"Sentence {number} is short – and has a dash." for number in range(5000))

    shared.build({**BEFORE, "long": text})

    article = shared.opened_afresh().article("long")
    assert article is not None
    assert len(article.text.encode()) > 200_000
    assert "Sentence 4999 is short – and has a dash." in article.text
