"""The page with an engine that gives one sentence a second; run by the browser tests, never imported."""

import runpy
import time
from collections.abc import Iterator
from pathlib import Path

import streamlit as st

from rag.types import Answer, ArticleId, Question, Span
from tests.ui.made import MadeEngine, made_answer
from ui.resources import ENGINE_KEY


class SlowEngine(MadeEngine):
    """Gives its parts slowly."""

    def stream(
        self, question: Question, *, region: str | None = None, within: ArticleId | None = None
    ) -> Iterator[Answer]:
        """Yield the parts, one a second."""
        for part in super().stream(question, region=region, within=within):
            yield part
            time.sleep(1.0)


if ENGINE_KEY not in st.session_state:
    QUOTES = (Span(100, 132), Span(133, 148), Span(149, 168))
    st.session_state[ENGINE_KEY] = SlowEngine([made_answer(quotes=QUOTES[:count]) for count in (1, 2, 3)] * 3)
runpy.run_path(str(Path(__file__).parent.parent.parent / "ui" / "app.py"), run_name="__main__")
