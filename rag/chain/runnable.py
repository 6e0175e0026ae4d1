"""The answerer as one LangChain runnable, with `invoke`, `stream`, `batch` and their async twins.

Apart from `answerer.py` because LangChain's runnables take longer to import than a question takes to answer: who asks
one question on the command line does without.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from rag.chain.answerer import Answerer, growing
from rag.chain.request import QuestionInput
from rag.types import Answer


class RunnableAnswerer(Answerer, Runnable[QuestionInput, Answer]):
    """An `Answerer` to put into chains. Safe to share between threads.

    `invoke` gives the `Answer`; `stream` gives it growing, sentence by sentence, the last item complete. Input is a
    text, a `Question`, or a mapping with `question` and optionally `history`.
    """

    def invoke(self, input: QuestionInput, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002, ANN401 - LangChain's signature
        """Return the answer to a question.

        Raises:
            TypeError: the input is no question.
        """
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
        yield from growing(self.invoke(input, config, **kwargs))

    async def astream(
        self,
        input: QuestionInput,  # noqa: A002 - LangChain's signature
        config: RunnableConfig | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> AsyncIterator[Answer]:
        """Yield what `stream` yields without blocking the event loop."""
        parts = await asyncio.to_thread(lambda: list(self.stream(input, config, **kwargs)))
        for part in parts:
            yield part
