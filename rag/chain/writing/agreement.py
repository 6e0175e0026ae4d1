"""What a written sentence must have in common with the words that it rests on, whatever their meanings are near to."""

from dataclasses import dataclass
from enum import StrEnum

import regex

from rag.chain.named_things import NamedThings
from rag.chain.writing.quantities import holds, quantities
from rag.chain.writing.words import Words, plain

UNNAMED = frozenset({"people", "activities"})
"""Groups of named things in which one word often stands for another ("adults" for "people")."""

COMPARED = 2
"""Words after "than" that name what something is compared with."""

_NAME = regex.compile(r"(?<=[\p{L}\p{N},;:)] )(?:\p{Lu}[\p{L}\p{N}’'-]+|\p{Lu}{2,})")
_THAN = regex.compile(r"\bthan\b(?! (?:an?|one|two|half|\d))")
_WORD = regex.compile(r"[\p{L}\p{N}]+")


class Fault(StrEnum):
    """Why a written sentence is not shown."""

    UNFINISHED = "unfinished"
    UNCITED = "uncited"
    UNKNOWN_PASSAGE = "unknown passage"
    FORM = "form"
    LANGUAGE = "language"
    REPEATED = "repeated"
    DANGLING = "dangling"
    NUMBER = "number"
    NEGATION = "negation"
    HEDGE = "hedge"
    CONDITION = "condition"
    NAME = "name"
    EXACT_WORD = "exact word"
    OPPOSITE = "opposite"
    MEANING = "meaning"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Agreement:
    """Compares a claim with the words it may rest on.

    Attributes:
        words: the lists that decide.
        things: illnesses, body parts, remedies and so on by their names.
    """

    words: Words
    things: NamedThings

    def fault(self, claim: str, support: str, around: str) -> Fault | None:
        """Return the first thing in which a claim disagrees, or None.

        Args:
            claim: what was written.
            support: the words of the passage that it is held against.
            around: the passage's title and headings, which name what the passage is about.
        """
        words = self.words
        if not self._numbers_agree(claim, support):
            return Fault.NUMBER
        if bool(words.negations.found(claim)) != bool(words.negations.found(support)):
            return Fault.NEGATION
        if words.hedges.found(support) and not words.softeners.found(claim):
            return Fault.HEDGE
        if bool(words.conditions.found(support)) != bool(words.conditions.found(claim)):
            return Fault.CONDITION
        if not self._names_agree(claim, support, around):
            return Fault.NAME
        if not self._exacting_agree(claim, support):
            return Fault.EXACT_WORD
        if self._opposed(claim, support) or self._turned_round(claim, support):
            return Fault.OPPOSITE
        return None

    def _numbers_agree(self, claim: str, support: str) -> bool:
        held = quantities(support, self.words.units)
        return all(holds(held, one) for one in quantities(claim, self.words.units))

    def _names_agree(self, claim: str, support: str, around: str) -> bool:
        here = f"{around}. {support}"
        in_claim, in_support = self.things.in_text(claim), self.things.in_text(support)
        new = in_claim - in_support
        present = frozenset(self.words.content(here))
        if any(
            thing not in self.things.in_text(here) and not self._spelled_out(thing, claim, present) for thing in new
        ):
            return False
        # Another illness or body part than the one the words name, even when the heading names it too.
        left_out = {self.things.groups[thing] for thing in in_support - in_claim}
        if any(self.things.groups[thing] in left_out - UNNAMED for thing in new):
            return False
        if any(not self.words.held_word(part, support, here) for part in self.words.body.found(claim)):
            return False
        held = set(_WORD.findall(plain(here)))
        return all(set(_WORD.findall(plain(name))) <= held for name in _NAME.findall(claim))

    def _spelled_out(self, thing: str, claim: str, present: frozenset[str]) -> bool:
        """Whether the passage has every word of a thing's name: "massage in pregnancy" for "pregnancy massage"."""
        said = [claim[start:end] for name, start, end in self.things.places(claim) if name == thing]
        return all(stem in present for name in said for stem in self.words.content(name))

    def _exacting_agree(self, claim: str, support: str) -> bool:
        held = self.words.exacting.found(support)
        return all(self.words.same(word, held) for word in self.words.exacting.found(claim))

    def _opposed(self, claim: str, support: str) -> bool:
        for one, other in self.words.opposites:
            for mine, theirs in ((one, other), (other, one)):
                if mine.found(claim) and theirs.found(support) and not mine.found(support) and not theirs.found(claim):
                    return True
        return False

    def _turned_round(self, claim: str, support: str) -> bool:
        """Whether what a claim compares stands on the other side of "than" in the passage."""
        mine, theirs = (_THAN.split(plain(text), maxsplit=1) for text in (claim, support))
        if len(mine) < 2 or len(theirs) < 2:
            return False
        claimed, held = ([self.words.content(part) for part in parts] for parts in (mine, theirs))
        return any(
            frozenset(one[1][:COMPARED]) & (frozenset(other[0]) - frozenset(other[1]))
            for one, other in ((claimed, held), (held, claimed))
        )
