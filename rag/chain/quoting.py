"""Choose the sentences of a quoting answer and put them in an order that reads well."""

from collections.abc import Sequence
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
) -> list[Candidate]:
    """Return the sentences to quote, in reading order; empty when there are no candidates.

    The best sentence comes first, with what it leans on before it. Then, one at a time, the sentence that scores
    best with a bonus for those words of the question that are not covered yet, while it scores near the first one,
    says something new and fits. Sentences of one passage stand together in the order of the article, passages in the
    order of their best sentence.

    Args:
        candidates: best first.
        limits: sentences and words.
        parts: for each part of a question that asks for several things its candidates, best first; the best two of
            each part come in before the rest.
        listed: a list that the question asks for; it comes first, whole, and other sentences where there is room.

    Source: the bonus is the coverage term of maximal marginal relevance turned to the question's words (Carbonell and
    Goldstein 1998, doi:10.1145/290941.291025).
    """
    by_place = {(one.chunk.chunk_id, one.place): one for some in (*parts, candidates) for one in some}
    chosen = list(listed)
    left = list(candidates)
    covered = {stem for one in listed for stem in one.covers}
    for part in parts if not listed else ():
        for one in _first_of_part(part, by_place, chosen, limits):
            chosen.append(one)
            covered.update(one.covers)
    while left and len(chosen) < limits.sentences:
        best = max(left, key=lambda one: _gain(one, covered))
        if chosen and _gain(best, covered) < RELATIVE_FLOOR * candidates[0].score:
            break
        left.remove(best)
        group = _with_context(best, by_place)
        if any(_repeats(best, other) for other in chosen):
            continue
        taken = {(other.chunk.chunk_id, other.place) for other in chosen}
        new = [one for one in group if (one.chunk.chunk_id, one.place) not in taken]
        if new and _fits(chosen, new, limits):
            chosen.extend(new)
            covered.update(*(one.covers for one in new))
    return _in_reading_order(chosen)


def _first_of_part(
    part: Sequence[Candidate],
    by_place: dict[tuple[ChunkId, int], Candidate],
    chosen: Sequence[Candidate],
    limits: Limits,
) -> list[Candidate]:
    """The best sentences of one part that are new and fit, with what they lean on."""
    found: list[Candidate] = []
    for one in part[: 2 * SENTENCES_PER_PART]:
        taken = {(other.chunk.chunk_id, other.place) for other in (*chosen, *found)}
        group = [each for each in _with_context(one, by_place) if (each.chunk.chunk_id, each.place) not in taken]
        if not group or any(_repeats(one, other) for other in (*chosen, *found)):
            continue
        if _fits([*chosen, *found], group, limits):
            found += group
        if len(found) >= SENTENCES_PER_PART:
            break
    return found


def _gain(one: Candidate, covered: set[str]) -> float:
    return one.score + NEW_WORDS_BONUS * sum(share for stem, share in one.covers.items() if stem not in covered)


def _with_context(candidate: Candidate, by_place: dict[tuple[ChunkId, int], Candidate]) -> list[Candidate]:
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


def _fits(chosen: Sequence[Candidate], new: Sequence[Candidate], limits: Limits) -> bool:
    if not chosen:
        return True
    words = sum(len(one.text.split()) for one in (*chosen, *new))
    return len(chosen) + len(new) <= limits.sentences and words <= limits.words


def _repeats(one: Candidate, other: Candidate) -> bool:
    words, others = set(one.text.lower().split()), set(other.text.lower().split())
    return len(words & others) >= SAME_WORDS * min(len(words), len(others))


def _in_reading_order(chosen: Sequence[Candidate]) -> list[Candidate]:
    order = list(dict.fromkeys(one.chunk.chunk_id for one in chosen))
    return sorted(chosen, key=lambda one: (order.index(one.chunk.chunk_id), one.place))
