"""The answerer as one LangChain runnable, with `invoke`, `stream`, `batch` and their async twins.

Apart from `answerer.py` because LangChain's runnables take longer to import than a question takes to answer: who asks
one question on the command line does without.
"""

from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import aclosing
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from rag.chain.answerer import Answerer
from rag.chain.request import QuestionInput
from rag.chain.stopping import Stop, in_thread
from rag.tracing import traced_as, tracing_as
from rag.types import Answer


class RunnableAnswerer(Answerer, Runnable[QuestionInput, Answer]):
    """An `Answerer` to put into chains. Safe to share between threads.

    `invoke` gives the `Answer`; `stream` gives it growing, sentence by sentence, the last item complete. Input is a
    text, a `Question`, or a mapping with `question` and optionally `history`.

    Attributes:
        traced: whether the tracing that LangChain's environment variables ask for is done. Callbacks in a `config` are
            always called: whoever hands them over, or runs this within a chain of their own, wants them.
    """

    traced = False

    def invoke(self, input: QuestionInput, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002, ANN401 - LangChain's signature
        """Return the answer to a question.

        Raises:
            TypeError: the input is no question.
        """
        with tracing_as(self.traced):
            return self._call_with_config(super().invoke, input, config, **kwargs)

    def stream(
        self,
        input: QuestionInput,  # noqa: A002 - LangChain's signature
        config: RunnableConfig | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, one more checked sentence each time; the last item is complete.

        Raises:
            TypeError: the input is no question.
        """
        yield from self._stream(input, config, Stop(), **kwargs)

    async def ainvoke(self, input: QuestionInput, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002, ANN401 - LangChain's signature
        """Return what `invoke` returns without blocking the event loop; cancelling it stops the work.

        Raises:
            TypeError: the input is no question.
        """
        *_, answer = [part async for part in self.astream(input, config, **kwargs)]
        return answer

    async def astream(
        self,
        input: QuestionInput,  # noqa: A002 - LangChain's signature
        config: RunnableConfig | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> AsyncIterator[Answer]:
        """Yield what `stream` yields without blocking the event loop; cancelling it, or leaving it, stops the work."""
        stop = Stop()
        async with aclosing(in_thread(self._stream(input, config, stop, **kwargs), stop)) as parts:
            async for part in parts:
                yield part

    def _stream(
        self,
        given: QuestionInput,
        config: RunnableConfig | None,
        stop: Stop,
        **kwargs: Any,  # noqa: ANN401 - handed on
    ) -> Generator[Answer]:
        def parts(inputs: Iterator[QuestionInput]) -> Iterator[Answer]:
            for one in inputs:
                yield from self.parts(one, stop)

        def steps() -> Generator[Answer]:
            yield from self._transform_stream_with_config(iter([given]), parts, config, **kwargs)

        return traced_as(self.traced, steps())
