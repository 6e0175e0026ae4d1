"""What speaks for answering a question from the evidence, as numbered features.

They ask how near the evidence is, how much it stands out, which of the question's words and names it leaves
unaccounted for, and what form the question has: a quantity, a person or a year is rarely answered by a passage that is
merely on the same subject.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from rag.chain import question_form as form
from rag.chain.asked import NeededKind
from rag.chain.evidence import Candidate
from rag.chain.named_things import NamedThings
from rag.retrieve.terms import TermWeights, coverage, passage_stems, stems
from rag.types import Hit

OTHERS_FROM = 6
"""Hits from this rank on are the background that the best one is held against."""

BACKGROUND_SENTENCES = 20
"""As many of the nearest sentences are the background of the nearest one."""

NEAR = 0.4
"""Cosine from which on a sentence is about the same matter."""

OFTEN_UNSAID = frozenset({"body_parts", "people"})
"""Groups of things that a good passage may leave unsaid ("where I sit" names no buttock)."""

ACTIVITIES = "activities"

MANY = 3
"""More lay words than this say no more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question names and asks for.

    Attributes:
        text: the question as written and mended.
        written: the question as written.
        mended: the question in its own words, well spelt.
        lay: stems of its lay words, which were put into the words of articles.
        things: the things that texts can name.
        elsewhere: how near it is to other subjects.
        needed: kinds of things that the answer must hold.
    """

    text: str
    written: str
    mended: str
    lay: frozenset[str]
    things: NamedThings
    elsewhere: float = 0.0
    needed: tuple[NeededKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Support:
    """What speaks for answering; every feature is a number of about the size of 1.

    Attributes:
        nearest: cosine of the question with the nearest sentence or known question of the hits.
        top: score of the best hit, halved.
        gap: how far the best hit stands above the background hits.
        stands_out: how far the nearest sentence stands above the background sentences, in cosine.
        covered_by_best: share, by weight, of the question's words that the passage of the best sentence holds.
        covered_by_sentence: the same for the best quoted sentence with its headings.
        absent: share, by weight, of the question's words that occur nowhere in the collection; 1 is never answered.
        unknown: share of the question's own telling words that occur nowhere in the collection and are no lay words.
        lay: how many lay words it has, in thirds.
        rarest_uncovered: weight of the rarest word that no quoted sentence or heading holds, in tenths.
        words: how many words the question has that tell, in tens.
        lacks_kind: 1 when the question asks for a kind of thing (a duration, a number) that no quoted sentence holds.
        far: how far the nearest sentence stays below `NEAR`, in tenths; 0 when it is near.
        elsewhere: cosine of the question with the nearest question on another subject of everyday life.
        thing_absent: 1 when the question names a disease, remedy, medicine, animal, place or product that no passage
            of the collection names.
        thing_missing: 1 when it names one that is named elsewhere in the collection, but not in the quoted passages.
        unsaid_absent: 1 when it names a part of the body or people that no passage names.
        activity_absent: 1 when it names an activity that no passage names.
        names_something: 1 when it names any thing at all.
        name_missing: 1 when it holds a proper name that none of the hits holds.
        quantity: 1 when it asks for a quantity.
        no_quantity: 1 when it asks for one and the best sentence holds none.
        person: 1 when it asks who.
        year: 1 when it asks when something happened.
        one_of_a_kind: 1 when it asks which thing of a named kind.
        how_to: 1 when it asks how the reader does something.
        whether: 1 when it is a yes-or-no question.
    """

    nearest: float = 0.0
    top: float = 0.0
    gap: float = 0.0
    stands_out: float = 0.0
    covered_by_best: float = 0.0
    covered_by_sentence: float = 0.0
    absent: float = 0.0
    unknown: float = 0.0
    lay: float = 0.0
    rarest_uncovered: float = 0.0
    words: float = 0.0
    lacks_kind: float = 0.0
    far: float = 0.0
    elsewhere: float = 0.0
    thing_absent: float = 0.0
    thing_missing: float = 0.0
    unsaid_absent: float = 0.0
    activity_absent: float = 0.0
    names_something: float = 0.0
    name_missing: float = 0.0
    quantity: float = 0.0
    no_quantity: float = 0.0
    person: float = 0.0
    year: float = 0.0
    one_of_a_kind: float = 0.0
    how_to: float = 0.0
    whether: float = 0.0


def support_of(
    question: str,
    hits: Sequence[Hit],
    candidates: Sequence[Candidate],
    chosen: Sequence[Candidate],
    weights: TermWeights,
    asked: Asked,
) -> Support:
    """Return what speaks for answering a question.

    Args:
        question: in the words of articles.
        hits: passages, best first.
        candidates: their sentences, best first.
        chosen: the sentences that would be quoted.
        weights: how telling words are in this index.
        asked: what the question names and asks for.
    """
    if not (hits and candidates and chosen):
        return Support()
    wanted = weights.weights(question)
    total = sum(wanted.values()) or 1.0
    held = [passage_stems(one.text) | passage_stems(_headings(one)) for one in chosen]
    uncovered = [weight for stem, weight in wanted.items() if not any(stem in words for words in held)]
    absent = sum(weight for stem, weight in wanted.items() if not weights.reader.passages.passages_with(stem))
    cosines = sorted((one.cosine for one in candidates), reverse=True)[:BACKGROUND_SENTENCES]
    nearest = max(cosines[0], max(one.known for one in candidates))
    background = [hit.score for hit in hits[OTHERS_FROM:]] or [hit.score for hit in hits[1:]] or [0.0]
    quantity = form.asks_for_quantity(asked.text)
    return Support(
        nearest=nearest,
        top=hits[0].score / 2,
        gap=hits[0].score - sum(background) / len(background),
        stands_out=cosines[0] - sum(cosines) / len(cosines),
        covered_by_best=coverage(wanted, _stems_of_passage(candidates[0])),
        covered_by_sentence=max(coverage(wanted, words) for words in held),
        absent=absent / total if wanted else 1.0,
        unknown=_unknown(asked, weights),
        lay=min(len(asked.lay), MANY) / MANY,
        rarest_uncovered=max(uncovered, default=0.0) / 10,
        words=len(wanted) / 10,
        lacks_kind=float(any(not any(kind.in_text(one.text) for one in chosen) for kind in asked.needed)),
        far=max(0.0, NEAR - nearest) * 10,
        elsewhere=asked.elsewhere,
        **_names(hits, chosen, weights, asked),
        quantity=float(quantity),
        no_quantity=float(quantity and not form.holds_quantity(candidates[0].text)),
        person=float(form.asks_for_person(asked.text)),
        year=float(form.asks_for_year(asked.text)),
        one_of_a_kind=float(form.asks_for_one_of_a_kind(asked.text)),
        how_to=float(form.asks_how_to(asked.text)),
        whether=float(form.asks_whether(asked.text)),
    )


def _names(hits: Sequence[Hit], chosen: Sequence[Candidate], weights: TermWeights, asked: Asked) -> dict[str, float]:
    """The features of things and names that the question holds and the evidence does not."""
    missing = asked.things.missing(asked.text, [f"{_headings(one)} {one.chunk.text}" for one in chosen])
    gone = asked.things.absent(missing, weights.reader.passages)
    groups = asked.things.groups
    telling = {thing for thing in missing if groups[thing] not in OFTEN_UNSAID and groups[thing] != ACTIVITIES}
    names = form.proper_names(asked.written)
    found = " ".join(f"{hit.chunk.title} {hit.chunk.text}" for hit in hits) if names else ""
    return {
        "thing_absent": float(bool(gone & telling)),
        "thing_missing": float(bool(telling - gone)),
        "unsaid_absent": float(any(groups[thing] in OFTEN_UNSAID for thing in gone)),
        "activity_absent": float(any(groups[thing] == ACTIVITIES for thing in gone)),
        "names_something": float(bool(asked.things.in_text(asked.text))),
        "name_missing": float(
            any(not regex.search(rf"\b{regex.escape(name)}", found, regex.IGNORECASE) for name in names)
        ),
    }


def _unknown(asked: Asked, weights: TermWeights) -> float:
    own = set(stems(asked.mended))
    unknown = [stem for stem in own - asked.lay if not weights.reader.passages.passages_with(stem)]
    return len(unknown) / len(own) if own else 0.0


def _headings(one: Candidate) -> str:
    return " ".join((one.chunk.title, *one.chunk.headings))


def _stems_of_passage(one: Candidate) -> frozenset[str]:
    return passage_stems(_headings(one)) | passage_stems(one.chunk.text)
