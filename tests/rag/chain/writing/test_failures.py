"""Whatever goes wrong with the chat model, the reader gets the quoting answer and one line that says so."""

import logging

import pytest

from rag.types import Answer, Mode
from tests.rag.chain.writing.conftest import KEY, QUESTION, TRUE, MakeAnswerer
from tests.rag.chain.writing.scripted_server import Reply, ScriptedServer, free_port

UNFINISHED = "Warm packs may ease a new sore"


def assert_quoted(answer: Answer, quoted: Answer, why: str) -> None:
    """The quoting answer, with one line that says why."""
    assert (answer.mode, answer.text, answer.passages) == (Mode.QUOTING, quoted.text, quoted.passages)
    assert answer.notice is not None
    assert why in answer.notice
    assert "\n" not in answer.notice


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Reply(status=401), "its key was refused"),
        (Reply(status=403), "its key was refused"),
        (Reply(status=400), "it failed"),
        (Reply(status=404), "it failed"),
        (Reply(status=500), "it failed"),
        (Reply(UNFINISHED, cut=True), ""),
        (Reply(TRUE, cut=True), ""),
        (Reply(TRUE, malformed=True), "it failed"),
        (Reply(malformed=True), "it failed"),
    ],
    ids=["401", "403", "400", "404", "500", "cut at once", "cut after a sentence", "malformed late", "malformed"],
)
def test_failing_server_gives_the_quoting_answer(
    make_writing: MakeAnswerer, server: ScriptedServer, reply: Reply, why: str
) -> None:
    server.reply = reply
    answerer = make_writing()

    answer = answerer.invoke(QUESTION)

    assert_quoted(answer, answerer.quoting().invoke(QUESTION), why)


@pytest.mark.parametrize(
    "reply",
    [Reply(TRUE, before_s=30.0), Reply(f"{TRUE} {TRUE}", between_s=0.4), Reply(" ", between_s=0.05, endless=True)],
    ids=["silent", "slow", "blank for ever"],
)
def test_slow_server_gives_the_quoting_answer_in_time(
    make_writing: MakeAnswerer, server: ScriptedServer, reply: Reply
) -> None:
    server.reply = reply
    answerer = make_writing(timeout_s=1.0)

    answer = answerer.invoke(QUESTION)

    assert_quoted(answer, answerer.quoting().invoke(QUESTION), "it took too long")
    assert answer.timing_ms["total"] < 15_000
    assert server.left.wait(5)


def test_server_that_is_not_there_gives_the_quoting_answer(make_writing: MakeAnswerer) -> None:
    answerer = make_writing(base_url=f"http://127.0.0.1:{free_port()}/v1")

    answer = answerer.invoke(QUESTION)

    assert_quoted(answer, answerer.quoting().invoke(QUESTION), "it could not be reached")


@pytest.mark.parametrize("status", [200, 401, 500])
def test_key_and_question_stand_in_no_log_and_no_answer(
    make_writing: MakeAnswerer, server: ScriptedServer, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    server.reply = Reply(TRUE, status=status)

    with caplog.at_level(logging.INFO, logger="rag"):
        answer = make_writing().invoke(QUESTION)

    assert server.keys[-1] == f"Bearer {KEY}"
    assert caplog.text
    assert KEY not in caplog.text + str(answer)
    assert QUESTION not in caplog.text
    assert "warm pack" not in caplog.text.lower()
