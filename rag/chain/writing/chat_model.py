"""A chat model by its LangChain name, and its words as they come, with an end in time whatever the server does."""

import asyncio
import contextvars
import logging
import queue
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Generator, Sequence
from contextlib import aclosing
from functools import cache
from typing import Any

from langchain.chat_models import init_chat_model
from langchain_core.exceptions import (
    ModelAuthenticationError,
    ModelConnectionError,
    ModelInvalidRequestError,
    ModelPermissionDeniedError,
    ModelTimeoutError,
)
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk

from rag.chain.stopping import Stop
from rag.chain.writing.prompt import Message
from rag.errors import ModelError, SettingsError
from rag.tracing import tracing_as

logger = logging.getLogger(__name__)

CLOSE_S = 2.0
"""Seconds that closing the connection may take before nobody waits for it any more."""

TRIES = 2
"""Calls made for one answer when a server says that it is busy."""

PROVIDERS = frozenset(
    "anthropic azure_openai bedrock_converse cohere deepseek fireworks google_genai google_vertexai groq huggingface "
    "mistralai nvidia ollama openai openrouter perplexity together xai".split()
)
"""What stands before the colon of a name; with a server's address, "llama3.2:3b" has none and is a name as a whole."""

_END = object()


def load_chat_model(
    model: str, *, base_url: str | None = None, api_key: str | None = None, timeout_s: float = 60.0
) -> BaseChatModel:
    """Return the chat model of a name.

    Args:
        model: in the form of LangChain's `init_chat_model`, "provider:name"; with `base_url` the provider may be left
            out and is then an OpenAI-compatible server.
        base_url: address of the server, None for the provider's own.
        api_key: None for the provider's own environment variable; that one is never sent to a `base_url`.
        timeout_s: seconds that one request may take.

    Raises:
        SettingsError: the name is unknown, its package is not installed, or its key is missing.
    """
    options: dict[str, Any] = {"temperature": 0.0, "timeout": timeout_s, "max_retries": TRIES - 1}
    provider, colon, _ = model.partition(":")
    known = bool(colon) and provider in PROVIDERS
    if base_url:
        options["base_url"] = base_url
        if not known:
            model, provider = f"openai:{model}", "openai"
    if api_key or (base_url and provider == "openai"):
        options["api_key"] = api_key or "none"  # the key in OPENAI_API_KEY is not for other people's servers
    try:
        loaded = init_chat_model(model, **options)
    except ImportError as error:
        package = f"langchain-{provider.replace('_', '-')}" if known or base_url else "the one of its provider"
        raise SettingsError(
            f"CITEWELL_CHAT__MODEL={model} needs a package that is not installed; run: pip install {package}"
        ) from error
    except Exception as error:  # providers refuse a missing key or a wrong option with errors of their own
        raise SettingsError(
            f"CITEWELL_CHAT__MODEL={model} cannot be used ({type(error).__name__}); expected a name such as "
            "openai:gpt-4o-mini or ollama:llama3.2, and its key in CITEWELL_CHAT__API_KEY"
        ) from None  # the foreign message may hold the key
    if not isinstance(loaded, BaseChatModel):
        raise SettingsError(f"CITEWELL_CHAT__MODEL={model} names no single chat model; expected provider:name")
    return loaded


class LangChainModel:
    """A LangChain chat model as the writer sees it."""

    def __init__(self, model: BaseChatModel, *, traced: bool = False) -> None:
        """Take a model.

        Args:
            model: any LangChain chat model.
            traced: whether the tracing that LangChain's environment variables ask for is done.
        """
        self._model = model
        self._traced = traced

    def stream(self, messages: Sequence[Message], *, timeout_s: float, stop: Stop) -> Generator[str]:
        """Yield the model's words as they come; closing this iterator closes the connection.

        Raises:
            ModelError: the model could not be reached, refused, failed, or took too long.
        """
        return stream_text(self._model, messages, timeout_s=timeout_s, stop=stop, traced=self._traced)


def stream_text(
    model: BaseChatModel, messages: Sequence[Message], *, timeout_s: float, stop: Stop, traced: bool = False
) -> Generator[str]:
    """Yield the model's words as they come; closing this iterator closes the connection.

    Args:
        model: any LangChain chat model.
        messages: the whole request.
        timeout_s: seconds for all of it, whether words come or not.
        stop: ends the waiting at once.
        traced: whether the tracing that LangChain's environment variables ask for is done.

    Raises:
        ModelError: the model could not be reached, refused, failed, or took too long. The message is fit for readers
            and holds nothing that the server said.
    """
    pieces: queue.SimpleQueue[object] = queue.SimpleQueue()
    given_up = threading.Event()
    call = _Call(lambda: _pump(model, messages, timeout_s, pieces.put, given_up, traced))
    stop.on_wish(lambda: pieces.put(_END))
    until = time.monotonic() + timeout_s + CLOSE_S
    try:
        while True:
            try:
                item = pieces.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:  # a model that does not give way to the time limit
                raise ModelError("it took too long", retryable=True) from None
            if item is _END:
                return
            if isinstance(item, BaseException):
                raise _as_model_error(item) from None  # the foreign message may hold the key or the question
            yield str(item)
    finally:
        given_up.set()
        call.end()


class _Call:
    """One request on the event loop of the chat models, begun at once."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._loop = _event_loop()
        self._ended = threading.Event()
        self._task: asyncio.Task[None] | None = None
        # A context of its own: words that are not checked yet go to no tracer of the caller.
        self._loop.call_soon_threadsafe(self._begin, work, context=contextvars.Context())

    def end(self) -> None:
        """Cancel what still runs and wait until its connection is closed."""
        self._loop.call_soon_threadsafe(self._cancel)
        self._ended.wait(CLOSE_S)

    def _begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._task = self._loop.create_task(work())
        self._task.add_done_callback(lambda _: self._ended.set())

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()


async def _pump(
    model: BaseChatModel,
    messages: Sequence[Message],
    timeout_s: float,
    put: Callable[[object], None],
    given_up: threading.Event,
    traced: bool,
) -> None:
    until = time.monotonic() + timeout_s

    async def once(model: BaseChatModel) -> None:
        async with aclosing(_as_generator(model.astream(list(messages)))) as chunks:
            async for chunk in chunks:
                # A cancellation can get lost in a client that waits with asyncio.wait_for before Python 3.12
                # (python/cpython#86296), and a server that never pauses gives it no other chance.
                if given_up.is_set():
                    return
                if time.monotonic() > until:
                    raise TimeoutError
                if chunk.text:
                    put(str(chunk.text))

    try:
        with tracing_as(traced):
            async with asyncio.timeout(timeout_s):
                try:
                    await once(model)
                except ModelInvalidRequestError as error:
                    if "temperature" not in str(error) or not hasattr(model, "temperature"):
                        raise
                    await once(model.model_copy(update={"temperature": None}))  # some models only take their own
    except Exception as error:  # handed to whoever waits
        put(error)
    else:
        put(_END)


def _as_generator(chunks: AsyncIterator[AIMessageChunk]) -> AsyncGenerator[AIMessageChunk]:
    """The stream of a model as what it is, so that it can be closed."""
    if not isinstance(chunks, AsyncGenerator):
        raise TypeError("the stream of a chat model is an async generator")
    return chunks


def _as_model_error(error: BaseException) -> ModelError:
    """An error of any provider as one of ours, told apart as far as a reader can use it."""
    logger.warning("the chat model failed (%s)", type(error).__name__)  # its message may hold key or question
    if isinstance(error, ModelAuthenticationError | ModelPermissionDeniedError):
        return ModelError("its key was refused")
    if isinstance(error, TimeoutError | ModelTimeoutError):
        return ModelError("it took too long", retryable=True)
    if isinstance(error, ModelConnectionError | ConnectionError):
        return ModelError("it could not be reached", retryable=True)
    return ModelError("it failed", retryable=True)


@cache
def _event_loop() -> asyncio.AbstractEventLoop:
    """One loop for every call: clients keep their connections to the loop that opened them."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="citewell-chat", daemon=True).start()
    return loop
