"""An index on a real server answers like one in a folder, whatever becomes of it meanwhile."""

import subprocess
import sys
import threading
import time

import pytest

from rag.errors import IndexMissingError
from rag.index.build import preview_index
from rag.index.milvus.server import MilvusServer
from rag.index.milvus.sink import count, new_sink
from rag.index.milvus.state import read_note
from rag.index.verify import require_sound
from tests.conftest import PROJECT
from tests.fakes import HashedEncoder
from tests.milvus.shared_index import SharedIndex
from tests.milvus.stopped_run import DIED
from tests.rag.index.states import AFTER, BEFORE, answers_of, write_collection

pytestmark = pytest.mark.slow


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


def test_nothing_changed_writes_nothing(built: SharedIndex) -> None:
    name = read_note(built.server).generation

    report = built.build(BEFORE)

    assert (len(report.unchanged), report.embedded) == (3, 0)
    assert read_note(built.server).generation == name


def test_preview_changes_nothing(built: SharedIndex) -> None:
    name = read_note(built.server).generation
    corpus = write_collection(built.place / "texts", AFTER)

    changes = preview_index([corpus], built.target(), encoder=HashedEncoder())

    assert (changes.added, changes.changed, changes.removed) == (("rest",), ("heat",), ("cold",))
    assert read_note(built.server).generation == name


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


def test_nothing_to_roll_back_to_is_said(built: SharedIndex) -> None:
    with pytest.raises(IndexMissingError, match="no earlier generation"):
        built.target().roll_back(model=HashedEncoder().name, lock_timeout_s=0)


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
