"""Answering: a `Question` in, an `Answer` out, as one LangChain runnable."""
