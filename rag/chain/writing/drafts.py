"""Cut what a chat model streams into sentences with the numbers they cite."""

from dataclasses import dataclass

import regex

from rag.ingest.sentences import sentence_spans
from rag.types import Span

MAX_RANGE = 20
"""A mark such as [1-9] cites every number between; a longer range is no citation."""

_MARK = regex.compile(r"\s*\[\s*(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\s*\](?=(\.?))")
_MARK_MAY_BEGIN = regex.compile(r"\[[\d\s,;–-]*$")
_LIST_MARK = regex.compile(r"^\s*(?:[-*•–]+\s+|\d{1,2}[.)]\s+|#+\s+)")
_EMPHASIS = regex.compile(r"\*\*|__|`")
_ENDS = regex.compile(r"[.!?…][\"'”’)\]]*$")


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence as a chat model wrote it.

    Attributes:
        text: its words, without marks.
        citations: the numbers that it cites, in order, each once.
        whole: it ends like a sentence or with a mark; a cut stream ends in one that does not.
    """

    text: str
    citations: tuple[int, ...]
    whole: bool = True


class SentenceCutter:
    """Takes a text piece by piece and gives its sentences as soon as the next one begins.

    Until then a mark may still follow, so a sentence is never given without its marks.
    """

    def __init__(self) -> None:
        self._rest = ""

    @property
    def waiting(self) -> int:
        """Characters of the sentence that is still growing."""
        return len(self._rest)

    def feed(self, piece: str) -> list[DraftSentence]:
        """Take more text and return the sentences that it completes."""
        self._rest += piece
        if _MARK_MAY_BEGIN.search(self._rest, max(0, len(self._rest) - 40)):
            return []
        return self._cut(final=False)

    def close(self) -> list[DraftSentence]:
        """Return what is left when no more text comes."""
        return self._cut(final=True)

    def _cut(self, *, final: bool) -> list[DraftSentence]:
        plain, offsets, marks = _without_marks(self._rest)
        spans: list[Span] = []
        start = 0
        for line in plain.split("\n"):
            spans += sentence_spans(plain, Span(start, start + len(line)))
            start += len(line) + 1
        ready = spans if final else spans[:-1]
        found = []
        for place, span in enumerate(ready):
            low = span.start if place else -1
            high = spans[place + 1].start if place + 1 < len(spans) else len(plain)
            cited = [number for at, numbers in marks if low < at <= high for number in numbers]
            text = " ".join(_EMPHASIS.sub("", _LIST_MARK.sub("", plain[span.start : span.end])).split())
            if text:
                whole = bool(cited) or bool(_ENDS.search(text))
                found.append(DraftSentence(text, tuple(dict.fromkeys(cited)), whole))
        self._rest = "" if final or not spans else self._rest[offsets[spans[-1].start] :]
        return found


def _without_marks(text: str) -> tuple[str, list[int], list[tuple[int, tuple[int, ...]]]]:
    """The text without its marks, where each of its characters stood, and the marks with their places in it."""
    plain: list[str] = []
    offsets: list[int] = []
    marks: list[tuple[int, tuple[int, ...]]] = []
    at = 0
    for match in _MARK.finditer(text):
        plain.append(text[at : match.start()])
        offsets += range(at, match.start())
        # "… [1]. Next": the full stop belongs to the sentence, and so does the mark.
        marks.append((len(offsets) + len(match[2]), _numbers(match[1])))
        at = match.end()
    plain.append(text[at:])
    offsets += range(at, len(text))
    return "".join(plain), offsets, marks


def _numbers(inside: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in regex.split(r"\s*[,;]\s*", inside):
        ends = [int(number) for number in regex.findall(r"\d+", part)]
        if len(ends) == 2 and ends[0] < ends[1] <= ends[0] + MAX_RANGE:
            found += range(ends[0], ends[1] + 1)
        else:
            found += ends
    return tuple(found)
