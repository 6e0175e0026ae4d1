"""Keep what is asked and answered from LangChain's tracing service, whatever the environment says.

LangChain sends every run to the service that the `LANGSMITH_` or `LANGCHAIN_` variables name once one of them asks
for tracing. Such a variable may be set for another program; here only a setting of our own allows it.
"""

import contextvars
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TypeVar

Part = TypeVar("Part")

OUTDATED = ("LANGCHAIN_TRACING", "LANGCHAIN_HANDLER")
"""With one of these set, LangChain refuses every run: it stands for a tracer that is no more."""


def forget_outdated_tracing() -> None:
    """Take the variables out of this process's environment that make LangChain refuse; for entry points."""
    for name in OUTDATED:
        os.environ.pop(name, None)


@contextmanager
def tracing_as(allowed: bool) -> Iterator[None]:
    """Have LangChain send nothing out within the body unless that is allowed."""
    if allowed:
        yield
        return
    from langsmith import tracing_context  # LangChain imports it at its first run only, for its weight

    with tracing_context(enabled=False):
        yield


def traced_as(allowed: bool, parts: Generator[Part]) -> Generator[Part]:
    """Yield what a generator gives, which sends nothing out unless that is allowed.

    It runs in a context of its own, so that who consumes it stays as traced as before.
    """
    if allowed:
        yield from parts
        return

    def within() -> Generator[Part]:
        with tracing_as(allowed=False):
            yield from parts

    context, steps = contextvars.copy_context(), within()
    try:
        while True:
            try:
                part = context.run(next, steps)
            except StopIteration:
                return
            yield part
    finally:
        context.run(steps.close)
