"""An answerer that writes with the chat model of a scripted server, over real HTTP."""

from collections.abc import Callable, Iterator

import pytest

from rag.chain.runnable import RunnableAnswerer as Answerer
from rag.chain.writing.chat_model import LangChainModel, load_chat_model
from rag.chain.writing.verify import Verifier
from rag.chain.writing.writer import Writer, WritingLimits
from rag.index.store import IndexReader
from rag.safety import load_safety
from rag.types import Encoder
from tests.rag.chain.writing.scripted_server import MODEL, Reply, ScriptedServer, serving

KEY = "sk-test-do-not-show-1234567890"
QUESTION = "Do warm packs help a sore back?"
TRUE = "Warm packs may ease a new sore back a little for a few days. [@Do warm packs help]"
TRUE_TEXT = "Warm packs may ease a new sore back a little for a few days."

MakeAnswerer = Callable[..., Answerer]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A scripted chat server."""
    with serving(Reply(TRUE)) as running:
        yield running


@pytest.fixture(scope="session")
def verifier(encoder: Encoder) -> Verifier:
    """The check, with the real encoder."""
    return Verifier(encoder)


@pytest.fixture
def make_writing(
    server: ScriptedServer, tiny_reader: IndexReader, encoder: Encoder, verifier: Verifier
) -> MakeAnswerer:
    """Make an answerer over the tiny collection that writes with the scripted server."""
    safety = load_safety(encoder)

    def make(*, base_url: str | None = None, timeout_s: float = 20.0, rewrites: bool = False) -> Answerer:
        model = load_chat_model(
            f"openai:{MODEL}", base_url=base_url or server.base_url, api_key=KEY, timeout_s=timeout_s
        )
        writer = Writer(LangChainModel(model), verifier, limits=WritingLimits(timeout_s=timeout_s), rewrites=rewrites)
        return Answerer(tiny_reader, encoder, safety, writer=writer)

    return make
