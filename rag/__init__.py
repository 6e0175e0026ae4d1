"""Citewell: answers to health questions, every sentence quoted from an article that the reader can open."""

from rag.threads import calm_threads

calm_threads()  # first of all: the numeric libraries read these settings when they are imported

from rag.errors import CitewellError  # noqa: E402
from rag.types import Answer, Article, Behavior, Chunk, Evidence, Hit, Passage, Question, Triage, TriageLevel, Turn  # noqa: E402

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Article",
    "Behavior",
    "Chunk",
    "CitewellError",
    "Evidence",
    "Hit",
    "Passage",
    "Question",
    "Triage",
    "TriageLevel",
    "Turn",
    "__version__",
]
