"""Choose the sentences of a quoting answer and put them in an order that reads well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from rag.chain.evidence import Candidate
from rag.chunk.windows import sentence_texts
from rag.types import ChunkId

RELATIVE_FLOOR = 0.65
"""Sentences that score below this share of the best one are left out. Chosen on the training half, 2026-11-22."""

SENTENCES_PER_PART = 2
"""Sentences that each part of a question gets first."""

NEW_WORDS_BONUS = 0.2
"""What covering all of the question's words for the first time adds to a score."""

SAME_WORDS = 0.7
"""Two sentences that share this part of their words say the same."""

_UNBOUND = regex.compile(
    r"^(?:it|its|they|them|their|these|those|this|that|such|he|she|his|her|both|either|additionally|furthermore|"
    r"moreover|also|however|therefore|as a result|in addition|on the other hand|by doing so|similarly)\b",
    regex.IGNORECASE,
)
_NUMBER = regex.compile(r"\d+(?:[.,]\d+)?")
_OWN_NOUN = regex.compile(r"^(?:this|these) (?:article|types? of|kinds? of)\b", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an answer may be.

    Attributes:
        sentences: at most this many, lists apart.
        words: about this many at most.
    """

    sentences: int = 6
    words: int = 150


def leans_on_neighbor(text: str) -> bool:
    """Return whether a sentence opens with a word that stands for something in the sentence before it."""
    return bool(_UNBOUND.match(text)) and not _OWN_NOUN.match(text)


def compose(
    candidates: Sequence[Candidate],
    limits: Limits,
    parts: Sequence[Sequence[Candidate]] = (),
    *,
    listed: Sequence[Candidate] = (),
    wants_list: bool = False,
) -> list[Candidate]:
    """Return the sentences to quote, in reading order; empty when there are no candidates.

    The best sentence comes first, with what it leans on before it. Then, one at a time, the sentence that scores
    best with a bonus for those words of the question that are not covered yet, while it scores near the first one,
    says something new and fits. Sentences of one passage stand together in the order of the article, passages in the
    order of their best sentence. A line that opens a list comes in only where a list is asked for or where it is the
    best of all: a list beside the point leaves no room.

    Args:
        candidates: best first.
        limits: sentences and words.
        parts: for each part of a question that asks for several things its candidates, best first; the best two of
            each part come in before the rest.
        listed: a list that the question asks for; it comes first, whole, counts as one sentence, and other sentences
            come where there is room.
        wants_list: whether the question has the form of one that asks for a list.

    Source: the bonus is the coverage term of maximal marginal relevance turned to the question's words (Carbonell and
    Goldstein 1998, doi:10.1145/290941.291025).
    """
    by_place = {(one.chunk.chunk_id, one.place): one for some in (*parts, candidates) for one in some}
    left = [one for at, one in enumerate(candidates) if at == 0 or wants_list or not one.text.endswith(":")]
    answer = _Growing(by_place, limits, list(listed), len(listed), {stem for one in listed for stem in one.covers})
    if left:
        answer.add(left[0])
    for part in parts:
        _add_part([one for one in part if wants_list or not one.text.endswith(":")], answer)
    while left and answer.has_room():
        best = max(left, key=answer.gain)
        if answer.chosen and answer.gain(best) < RELATIVE_FLOOR * candidates[0].score:
            break
        left.remove(best)
        answer.add(best)
    return _in_reading_order(answer.chosen)


@dataclass(slots=True)
class _Growing:
    """An answer on its way.

    Attributes:
        by_place: all sentences that might come in, by passage and place.
        limits: how long it may become.
        chosen: the sentences so far.
        listed: how many of them are the list that was asked for, which counts as one sentence.
        covered: the question's words that they hold.
    """

    by_place: Mapping[tuple[ChunkId, int], Candidate]
    limits: Limits
    chosen: list[Candidate]
    listed: int
    covered: set[str]

    def has_room(self) -> bool:
        """Return whether one more sentence may come in."""
        return self._count(self.chosen) < self.limits.sentences

    def gain(self, one: Candidate) -> float:
        """Return a sentence's score with a bonus for words of the question that are not covered yet."""
        new = sum(share for stem, share in one.covers.items() if stem not in self.covered)
        return one.score + NEW_WORDS_BONUS * new

    def add(self, one: Candidate) -> int:
        """Take a sentence with what it leans on, when that is new and fits; return how many sentences came in."""
        taken = {(other.chunk.chunk_id, other.place) for other in self.chosen}
        new = [each for each in _with_context(one, self.by_place) if (each.chunk.chunk_id, each.place) not in taken]
        if not new or any(_repeats(one, other) for other in self.chosen) or not self._fits(new):
            return 0
        self.chosen.extend(new)
        self.covered.update(*(each.covers for each in new))
        return len(new)

    def _fits(self, new: Sequence[Candidate]) -> bool:
        if not self.chosen:
            return True
        words = sum(len(one.text.split()) for one in (*self.chosen, *new))
        return self._count([*self.chosen, *new]) <= self.limits.sentences and words <= self.limits.words

    def _count(self, chosen: Sequence[Candidate]) -> int:
        return len(chosen) - max(0, self.listed - 1)


def _add_part(part: Sequence[Candidate], answer: _Growing) -> None:
    """Take the best sentences of one part of the question."""
    count = 0
    for one in part[: 2 * SENTENCES_PER_PART]:
        count += answer.add(one)
        if count >= SENTENCES_PER_PART:
            break


def _with_context(candidate: Candidate, by_place: Mapping[tuple[ChunkId, int], Candidate]) -> list[Candidate]:
    """The sentence with those before it that it leans on, and the list that it opens."""
    group = [candidate]
    while leans_on_neighbor(group[0].text) and len(group) < 3:
        before = by_place.get((candidate.chunk.chunk_id, group[0].place - 1))
        if before is None:
            break
        group.insert(0, before)
    texts = sentence_texts(candidate.chunk)
    place = candidate.place
    if candidate.text.endswith(":") and place + 1 < len(texts):
        while True:
            place += 1
            item = by_place.get((candidate.chunk.chunk_id, place))
            if item is None or len(group) >= 9:
                break
            group.append(item)
    return group


def _repeats(one: Candidate, other: Candidate) -> bool:
    numbers, others_numbers = (set(_NUMBER.findall(each.text)) for each in (one, other))
    if numbers and others_numbers and numbers != others_numbers:
        return False  # "an odds ratio of 1.31" beside "an odds ratio of 1.12" is news
    words, others = set(one.text.lower().split()), set(other.text.lower().split())
    return len(words & others) >= SAME_WORDS * min(len(words), len(others))


def _in_reading_order(chosen: Sequence[Candidate]) -> list[Candidate]:
    order = list(dict.fromkeys(one.chunk.chunk_id for one in chosen))
    return sorted(chosen, key=lambda one: (order.index(one.chunk.chunk_id), one.place))
