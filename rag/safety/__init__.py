"""Safety: triage before the answer, the disclaimer with it, a last look after it."""

from rag.safety.language import is_probably_english
from rag.safety.layer import SafetyLayer, load_safety
from rag.safety.review import ReviewVerdict, Verdict

__all__ = [
    "ReviewVerdict",
    "SafetyLayer",
    "Verdict",
    "is_probably_english",
    "load_safety",
]
