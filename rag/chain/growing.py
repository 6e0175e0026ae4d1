"""Give a finished quoting answer sentence by sentence."""

from collections.abc import Iterator
from dataclasses import replace

from rag.types import Answer


def growing(answer: Answer) -> Iterator[Answer]:
    """Yield an answer with its first sentence, its first two, and so on; the last item is complete."""
    for count in range(1, len(answer.sentences)):
        shown = answer.sentences[:count]
        used = {number for sentence in shown for number in sentence.citations}
        yield replace(
            answer,
            text=" ".join(sentence.text for sentence in shown),
            sentences=shown,
            passages=tuple(passage for passage in answer.passages if passage.number in used),
        )
    yield answer
