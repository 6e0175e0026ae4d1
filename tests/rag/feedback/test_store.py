"""The feedback store, over SQLite and over PostgreSQL."""

import logging
import sqlite3
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import FeedbackStoreError
from rag.feedback.records import Choice, Feedback, Reason, ShownPassage, Verdict, feedback_on
from rag.feedback.store import FeedbackStore
from rag.types import Behavior, Role, Turn
from tests.rag.feedback.postgres import PASSWORD
from tests.ui.made import made_answer

DOWN = Feedback(
    verdict=Verdict.DOWN,
    behavior=Behavior.ANSWER,
    index_id="abc",
    passages=(ShownPassage("warm-packs", 100, 168),),
    reason=Reason.MISSING,
    note="ünïcode 🙂 'quotes' ; DROP TABLE citewell_feedback",
    question="How long do they stay warm?",
    history=(Turn(Role.USER, "Do warm packs help?"), Turn(Role.ASSISTANT, "Perhaps. [1]")),
)
UP = Feedback(Verdict.UP, Behavior.ABSTAIN, "abc")


def test_what_is_kept_comes_back_whole_and_newest_first(store: FeedbackStore) -> None:
    first, second = store.add(DOWN), store.add(UP)

    found = store.find()

    assert [kept.number for kept in found] == [second, first]
    assert [kept.feedback for kept in found] == [UP, DOWN]
    assert found[0].created.endswith("+00:00")


def test_filters_choose_and_count_alike(store: FeedbackStore) -> None:
    store.add(DOWN)
    store.add(UP)
    store.add(replace(DOWN, reason=Reason.UNSAFE, question=None, history=()))

    assert [kept.feedback.reason for kept in store.find(Choice(verdict=Verdict.DOWN))] == [
        Reason.UNSAFE,
        Reason.MISSING,
    ]
    assert store.count(Choice(reason=Reason.UNSAFE)) == 1
    assert store.count(Choice(with_question=True)) == 1
    assert [kept.feedback.verdict for kept in store.find(limit=1, offset=1)] == [Verdict.UP]


def test_deleted_feedback_is_gone_and_its_number_is_not_given_again(store: FeedbackStore) -> None:
    kept, gone = store.add(UP), store.add(DOWN)

    assert store.delete(numbers=[gone]) == 1

    assert [one.number for one in store.find()] == [kept]
    assert store.add(UP) > gone


def test_old_feedback_is_deleted_by_its_day(store: FeedbackStore) -> None:
    store.add(UP)

    assert store.delete(before="2020-01-01") == 0
    assert store.delete(before="2999-01-01") == 1


def test_many_threads_write_into_a_new_store(store: FeedbackStore) -> None:
    threads = [threading.Thread(target=store.add, args=(DOWN,)) for _ in range(20)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({kept.number for kept in store.find()}) == 20


def test_signs_that_a_database_refuses_are_taken_out(store: FeedbackStore) -> None:
    given = feedback_on(made_answer(), Verdict.DOWN, note=" a\x00b\ud800\x1b[31m\nc " + "x" * 5000, question="q\x00")

    store.add(given)

    kept = store.find()[0].feedback
    assert kept.note.startswith("ab[31m\nc xxx")
    assert len(kept.note) == 1000
    assert kept.question == "q"
    assert kept.passages == (ShownPassage("warm-packs", 100, 168),)


def test_a_database_that_is_gone_is_one_line_without_the_password(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    port = postgres_url.rsplit(":", 1)[1].split("/")[0]
    store = FeedbackStore(postgres_url.replace(PASSWORD, "wrong-harbour"))
    silent = FeedbackStore(postgres_url.replace(f":{port}/", ":1/"))

    with caplog.at_level(logging.DEBUG):
        for broken in (store, silent):
            with pytest.raises(FeedbackStoreError, match="the feedback in postgresql cannot be written") as raised:
                broken.add(DOWN)
            assert raised.value.__cause__ is None
            assert "harbour" not in str(raised.value)
    assert "harbour" not in caplog.text
    assert "How long" not in caplog.text


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(FeedbackStoreError, match="in sqlite cannot be written"):
        FeedbackStore(f"sqlite:///{tmp_path}/file/feedback.sqlite3").add(UP)


def test_a_row_of_another_version_is_told_as_such(tmp_path: Path) -> None:
    store = FeedbackStore(f"sqlite:///{tmp_path}/feedback.sqlite3")
    store.add(UP)
    with sqlite3.connect(tmp_path / "feedback.sqlite3") as database:
        database.execute("UPDATE citewell_feedback SET verdict = 'sideways'")
    database.close()

    with pytest.raises(FeedbackStoreError, match="malformed"):
        store.find()
    store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("secret words", "no database address"),
        ("nosuch://u:secret@h/d", "no database"),
        ("mysql://u:secret@h/d", "mysql"),
    ],
)
def test_a_wrong_address_is_not_repeated(url: str, said: str) -> None:
    with pytest.raises(FeedbackStoreError, match=said) as raised:
        FeedbackStore(url)

    assert "secret" not in str(raised.value)


def test_the_file_is_for_this_account_only_and_appears_with_the_first_word(tmp_path: Path) -> None:
    file = tmp_path / "new" / "feedback.sqlite3"
    store = FeedbackStore(f"sqlite:///{file}")
    assert not file.parent.exists()

    store.add(UP)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    store.close()
