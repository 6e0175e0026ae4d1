"""Switching LangChain's tracing off leaves whoever calls as traced as before."""

import os
from collections.abc import Generator

import pytest
from langsmith.run_helpers import get_tracing_context

from rag.tracing import forget_outdated_tracing, traced_as, tracing_as


def enabled() -> object:
    return get_tracing_context()["enabled"]


def steps() -> Generator[object]:
    yield enabled()
    yield enabled()


def test_generator_is_untraced_and_its_consumer_is_not() -> None:
    parts = traced_as(False, steps())

    inside, outside = next(parts), enabled()

    assert inside is False
    assert outside is None
    assert list(parts) == [False]


def test_generator_that_is_left_early_is_closed() -> None:
    closed: list[bool] = []

    def watched() -> Generator[int]:
        try:
            yield 1
            yield 2
        finally:
            closed.append(True)

    parts = traced_as(False, watched())
    next(parts)

    parts.close()

    assert closed == [True]


def test_allowed_tracing_changes_nothing() -> None:
    with tracing_as(True):
        assert enabled() is None
    assert list(traced_as(True, steps())) == [None, None]


def test_variables_that_make_langchain_refuse_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGCHAIN_TRACING", "true")

    forget_outdated_tracing()

    assert "LANGCHAIN_TRACING" not in os.environ
