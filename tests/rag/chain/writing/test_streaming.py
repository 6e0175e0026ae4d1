"""The answer grows while the model is still writing, and stops when nobody waits for it."""

import asyncio
import time

import pytest

from rag.types import Mode
from tests.rag.chain.writing.conftest import QUESTION, TRUE, TRUE_TEXT, MakeAnswerer
from tests.rag.chain.writing.scripted_server import Reply, ScriptedServer

SECOND = "Warm packs have not been tested in sciatica. [@Do warm packs help]"
SLOW = Reply(f"{TRUE} {SECOND} " + "Nobody says this. " * 60, between_s=0.02)


def test_first_sentence_comes_while_the_model_is_writing(make_writing: MakeAnswerer, server: ScriptedServer) -> None:
    server.reply = Reply(f"{TRUE} {SECOND}", between_s=0.02)

    parts = make_writing().stream(QUESTION)
    first = next(parts)
    sent_by_then = server.sent
    rest = list(parts)

    assert [sentence.text for sentence in first.sentences] == [TRUE_TEXT]
    assert sent_by_then < server.sent
    assert [len(part.sentences) for part in rest] == [2, 2]
    assert rest[-1].mode is Mode.WRITING


async def test_all_forms_of_call_give_the_same_answer(make_writing: MakeAnswerer, server: ScriptedServer) -> None:
    server.reply = Reply(f"{TRUE} {SECOND}")
    answerer = make_writing()

    answer = await asyncio.to_thread(answerer.invoke, QUESTION)

    assert await answerer.ainvoke(QUESTION) == answer
    assert await asyncio.to_thread(answerer.batch, [QUESTION, QUESTION]) == [answer, answer]
    assert await answerer.abatch([QUESTION, QUESTION]) == [answer, answer]
    assert [part async for part in answerer.astream(QUESTION)][-1] == answer


def test_closing_the_stream_closes_the_connection(make_writing: MakeAnswerer, server: ScriptedServer) -> None:
    server.reply = SLOW
    parts = make_writing().stream(QUESTION)
    next(parts)

    parts.close()  # type: ignore[attr-defined]

    assert server.left.wait(5)
    assert server.sent < 200


async def test_cancelling_a_task_closes_the_connection(make_writing: MakeAnswerer, server: ScriptedServer) -> None:
    server.reply = Reply(TRUE, before_s=30.0)
    answerer = make_writing(timeout_s=60.0)
    await asyncio.to_thread(answerer.quoting().invoke, QUESTION)
    began = time.monotonic()
    task = asyncio.create_task(answerer.ainvoke(QUESTION))
    while not server.requests:
        await asyncio.sleep(0.01)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.left.wait, 5)
    assert time.monotonic() - began < 20


async def test_leaving_an_async_stream_closes_the_connection(
    make_writing: MakeAnswerer, server: ScriptedServer
) -> None:
    server.reply = SLOW
    parts = make_writing().astream(QUESTION)
    first = await anext(parts)

    await parts.aclose()  # type: ignore[attr-defined]

    assert [sentence.text for sentence in first.sentences] == [TRUE_TEXT]
    assert await asyncio.to_thread(server.left.wait, 5)


async def test_event_loop_stays_free_while_the_model_is_writing(
    make_writing: MakeAnswerer, server: ScriptedServer
) -> None:
    server.reply = Reply(TRUE, before_s=0.5)
    answerer = make_writing()
    beats = 0

    task = asyncio.create_task(answerer.ainvoke(QUESTION))
    while not task.done():
        await asyncio.sleep(0.02)
        beats += 1

    assert beats > 10
    assert (await task).mode is Mode.WRITING
