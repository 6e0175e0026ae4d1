"""Hold a written sentence against the passages it cites; only what they support is shown.

A small encoder cannot tell "helps" from "does not help", so meaning is only one of the checks: the words that decide
what is claimed (numbers, negations, hedges, conditions, names, opposites) must agree with the very words of the passage
that the sentence rests on. What cannot be shown to agree is dropped, since a quotation stands ready to replace it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from rag.chain.named_things import load_named_things
from rag.chain.quoting import leans_on_neighbor
from rag.chain.writing.agreement import Agreement, Fault
from rag.chain.writing.clauses import fragments, independent_parts
from rag.chain.writing.drafts import DraftSentence
from rag.chain.writing.words import Words, load_words
from rag.chunk.windows import sentence_texts
from rag.safety.language import is_probably_english
from rag.types import Chunk, Encoder, Span

MAX_WORDS = 60
"""A longer sentence claims too much at once to be checked."""

_FORM = regex.compile(
    r"https?:|www\.|\w+@\w+|[<>{}|\\]|!\[|\]\(|\b(?:assistant|passages?|question|source)\b\s*:|\?\s*$", regex.IGNORECASE
)
_FOREIGN = regex.compile(r"[^\p{Latin}\p{N}\p{P}\p{S}\p{Z}\p{M}]")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How near a sentence must be to what it rests on.

    Chosen on the training half of the drafts (`citewell eval writing --split train`), 2026-11-22: no lie of 114 is
    shown and 8 of 74 true sentences are dropped; looser ones show lies, stricter ones drop more.

    Attributes:
        cosine: of the sentence with the words it rests on, in [-1, 1].
        covered: share of its content words that they hold together with the headings above them.
        alone: the same without the headings.
        behind: how much lower that share may be than for the words of the passages that hold most of them.
        fragment: the same for each of its parts.
    """

    cosine: float = 0.7
    covered: float = 0.9
    alone: float = 0.7
    behind: float = 0.05
    fragment: float = 0.5


@dataclass(frozen=True, slots=True)
class Support:
    """A stretch of a passage that supports a sentence.

    Attributes:
        place: the passage's place among those given to the model, from 0.
        spans: its sentences, as stretches of the article.
    """

    place: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking a sentence.

    Attributes:
        fault: why it is not shown, None when it is supported.
        supports: what it rests on, for each of its parts.
    """

    fault: Fault | None
    supports: tuple[Support, ...] = ()


@dataclass(frozen=True, slots=True)
class _Window:
    """Words of one passage that a claim may rest on."""

    place: int
    text: str
    spans: tuple[Span, ...]


class Verifier:
    """Checks written sentences against the passages that a model was given."""

    def __init__(
        self,
        encoder: Encoder,
        *,
        words: Words | None = None,
        thresholds: Thresholds | None = None,
    ) -> None:
        self._encoder = encoder
        self._words = words or load_words()
        self._agreement = Agreement(self._words, load_named_things())
        self._thresholds = thresholds or Thresholds()

    def check(self, draft: DraftSentence, passages: Sequence[Chunk], before: str = "") -> Checked:
        """Return whether the passages that a sentence cites support it.

        Args:
            draft: the sentence with its citations.
            passages: those given to the model, in the order of their numbers.
            before: the sentence shown before it, which a pronoun at its beginning may stand for; empty when that one
                was not shown.
        """
        fault = self._fault_of_form(draft, len(passages))
        if fault is None and leans_on_neighbor(draft.text) and not before:
            fault = Fault.DANGLING
        if fault is not None:
            return Checked(fault)
        windows = [window for number in draft.citations for window in _windows(number - 1, passages[number - 1])]
        whole = self._best(draft.text, windows, passages)
        if whole.fault is None:
            return whole
        # Two facts in one sentence: each needs words of its own to rest on.
        parts = [part for part in independent_parts(draft.text) if self._words.content(part)]
        if len(parts) < 2:
            return whole
        checked = [self._best(part, windows, passages) for part in parts]
        if any(one.fault for one in checked) or any(len(self._words.content(part)) < 2 for part in parts):
            return whole
        return Checked(None, tuple(support for one in checked for support in one.supports))

    def _fault_of_form(self, draft: DraftSentence, count: int) -> Fault | None:
        text = draft.text
        if not draft.whole:
            return Fault.UNFINISHED
        if not draft.citations:
            return Fault.UNCITED
        if any(not 1 <= number <= count for number in draft.citations):
            return Fault.UNKNOWN_PASSAGE
        if _FORM.search(text) or len(text.split()) > MAX_WORDS:
            return Fault.FORM
        if _FOREIGN.search(text) or not is_probably_english(text):
            return Fault.LANGUAGE
        return None

    def _best(self, claim: str, windows: Sequence[_Window], passages: Sequence[Chunk]) -> Checked:
        """The support of a claim; without one, why the words nearest to it are none."""
        content = self._words.content(claim)
        limits = self._thresholds
        shares = [self._shares(content, window, passages) for window in windows]
        # What the claim is nearest to must support it: a sentence that says the contrary has more of its words than
        # the one beside it that happens to agree.
        nearest = max((alone for alone, _ in shares), default=0.0)
        ranked = sorted(range(len(windows)), key=lambda place: -shares[place][0])
        fault = Fault.MEANING
        for place in ranked:
            alone, around = shares[place]
            if alone < max(limits.alone, nearest - limits.behind):
                break
            if around < limits.covered:
                continue
            found = self._fault(claim, windows[place], passages)
            if found is None:
                return Checked(None, (Support(windows[place].place, windows[place].spans),))
            if fault is Fault.MEANING:
                fault = found
        return Checked(fault)

    def _fault(self, claim: str, window: _Window, passages: Sequence[Chunk]) -> Fault | None:
        found = self._agreement.fault(claim, window.text, _around(passages[window.place]))
        if found is not None:
            return found
        held = frozenset(self._words.content(window.text))
        for part in fragments(claim):
            content = self._words.content(part)
            if content and _share(self._words, content, held) < self._thresholds.fragment:
                return Fault.MEANING
        vectors = self._encoder.encode([claim, window.text])
        return None if float(vectors[0] @ vectors[1]) >= self._thresholds.cosine else Fault.MEANING

    def _shares(self, content: Sequence[str], window: _Window, passages: Sequence[Chunk]) -> tuple[float, float]:
        """The share of a claim's content words in a window's own words, and in those with the headings above it."""
        if not content:
            return 0.0, 0.0
        alone = frozenset(self._words.content(window.text))
        around = alone | frozenset(self._words.content(_around(passages[window.place])))
        return _share(self._words, content, alone), _share(self._words, content, around)


def _share(words: Words, content: Sequence[str], held: frozenset[str]) -> float:
    return sum(words.held(stem, held) for stem in content) / len(content)


def _around(chunk: Chunk) -> str:
    """What the passage is about: its title and the headings above it."""
    return ". ".join((chunk.title, *chunk.headings))


def _windows(place: int, chunk: Chunk) -> list[_Window]:
    """What a claim may rest on.

    A sentence, what it says beside other things, a sentence with the one it leans on, a list item with its lead-in.
    """
    rows = list(zip(sentence_texts(chunk), chunk.sentences, strict=True))
    found = [_Window(place, text, (span,)) for text, span in rows]
    for text, span in rows:
        parts = independent_parts(text)
        if len(parts) > 1:
            found += [_Window(place, part, (span,)) for part in parts]
    found += [
        _Window(place, f"{one} {other}", (a, b)) for (one, a), (other, b) in pairwise(rows) if leans_on_neighbor(other)
    ]
    lead: tuple[str, Span] | None = None
    for text, span in rows:
        if text.endswith(":"):
            lead = (text, span)
        elif lead is not None:
            found.append(_Window(place, f"{lead[0]} {text}", (lead[1], span)))
    return found
