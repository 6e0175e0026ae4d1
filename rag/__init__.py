"""Citewell: answers to health questions, every sentence quoted from an article that the reader can open."""

from rag.errors import CitewellError
from rag.types import Answer, Article, Behavior, Chunk, Evidence, Hit, Passage, Question, Triage, TriageLevel, Turn

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
