"""What a message asserts: which mentions are negated, past and over, asked about or made up."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.safety.concepts import Concepts
from rag.safety.patterns import MASKED, Mention
from rag.safety.reading import Break, Message, read_message
from rag.safety.spelling import Speller

NEGATION_REACH = 8
"""Words that a "no" or "not" covers at most; a list joined by "or" reaches further."""

_ASSERTING = frozenset(
    "but though however because since when if is are am was were feel feels felt have has had cant gone got went "
    "leaks leak lost numb weak".split()
)
"""Words that a closing "… is normal" does not reach back across."""

_CONFIRMED = frozenset({"assessed", "tests_done", "hypothetical_now", "said_to_be_past", "said_to_be_long_past"})
"""Concepts that a closing "... is normal" bears out: "they did a scan and all is fine"."""

OUTSIDE = -1
"""Position of a negator that follows: no mention can hold it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A message, its mentions, and for each mention why it may not count.

    Attributes:
        message: the words as typed.
        words: the words with spelling repaired and figures of speech masked.
        mentions: by concept.
        doubts: by mention: some of negated, asked, over, ago, fiction, supposed, resolved, transient, explained.
    """

    message: Message
    words: tuple[str, ...]
    mentions: dict[str, list[Mention]]
    doubts: dict[Mention, frozenset[str]]

    def sentence(self, mention: Mention) -> int:
        """Return the number of the sentence that a mention stands in."""
        return self.message.sentence_of[mention.start]

    def has(self, concept: str, sentence: int | None = None) -> bool:
        """Return whether a concept is mentioned and not negated, in one sentence or anywhere."""
        return any(
            (sentence is None or self.sentence(m) == sentence) and "negated" not in self.doubts[m]
            for m in self.mentions.get(concept, ())
        )


class Reader:
    """Reads messages into `Reading`s."""

    def __init__(self, concepts: Concepts, speller: Speller) -> None:
        """Take the concepts and the speller built from their vocabulary."""
        self._concepts = concepts
        self._speller = speller

    def read(self, text: str, *, repair: bool = True) -> Reading:
        """Return the reading of a text; `repair` is off for text that is not English."""
        message = read_message(text, self._concepts.short_forms)
        words = self._speller.repair(message.words) if repair else message.words
        masked = list(words)
        for mention in self._concepts.idioms.find(message, words):
            masked[mention.start : mention.end] = [MASKED] * (mention.end - mention.start)
        mentions: dict[str, list[Mention]] = {}
        for mention in self._concepts.lexicon.find(message, masked):
            mentions.setdefault(mention.concept, []).append(mention)
        doubts = self._doubts(message, mentions)
        return Reading(message, tuple(masked), mentions, doubts)

    def _doubts(self, message: Message, mentions: dict[str, list[Mention]]) -> dict[Mention, frozenset[str]]:
        """Return why each mention may not count."""
        negated_by = _negation(message, mentions)
        sentences = _sentence_doubts(message, mentions)
        everywhere = {"fiction"} if "fiction" in mentions else set()
        doubts: dict[Mention, frozenset[str]] = {}
        for name, found in mentions.items():
            for mention in found:
                reasons = sentences[message.sentence_of[mention.start]] | everywhere
                negators = [by for by in negated_by[mention.start] if by != OUTSIDE or name not in _CONFIRMED]
                if any(not mention.start <= by < mention.end for by in negators):
                    reasons = reasons | {"negated"}
                if name in self._concepts.contexts:
                    reasons = reasons - {"over", "ago", "resolved", "transient", "explained"}
                elif name not in self._concepts.events:
                    reasons = reasons - {"ago"}
                doubts[mention] = frozenset(reasons)
        return doubts


def _negation(message: Message, mentions: dict[str, list[Mention]]) -> list[list[int]]:
    """Return for each word the positions of the negators that cover it."""
    covered: list[list[int]] = [[] for _ in message.words]
    exempt = mentions.get("not_negator", ())
    ends = {m.start for m in mentions.get("scope_end", ())}
    lists = {m.start for m in mentions.get("or_word", ())}
    for negator in mentions.get("negator", ()):
        if any(e.start <= negator.start and negator.end <= e.end for e in exempt):
            continue
        reach = negator.end + NEGATION_REACH
        at = negator.end
        while at < len(message.words) and at < reach and at not in ends:
            if message.breaks[at] >= Break.CLAUSE:
                break
            if message.breaks[at] is Break.COMMA and not _list_goes_on(message, at, lists, ends):
                break
            if at in lists:
                reach = max(reach, at + NEGATION_REACH)
            covered[at].append(negator.start)
            at += 1
    _negate_backwards(message, mentions, covered)
    return covered


def _negate_backwards(message: Message, mentions: dict[str, list[Mention]], covered: list[list[int]]) -> None:
    """Cover the words before a closing "... is normal" or "... ruled out"."""
    for closing in mentions.get("post_negator", ()):
        at = closing.start - 1
        while at >= max(0, closing.start - NEGATION_REACH) and message.words[at] not in _ASSERTING:
            if message.sentence_of[at] != message.sentence_of[closing.start]:
                break
            covered[at].append(OUTSIDE)
            if message.breaks[at] >= Break.CLAUSE:
                break
            at -= 1


def _list_goes_on(message: Message, at: int, lists: set[int], ends: set[int]) -> bool:
    """Return whether a list such as "no numbness, tingling or weakness" goes on after a comma."""
    for word in range(at, min(at + 2 * NEGATION_REACH, len(message.words))):
        if message.breaks[word] >= Break.CLAUSE or word in ends:
            return False
        if word in lists:
            return True
    return False


def _by_sentence(message: Message, found: Sequence[Mention]) -> dict[int, list[Mention]]:
    """Return mentions by the sentence they stand in."""
    sentences: dict[int, list[Mention]] = {}
    for mention in found:
        sentences.setdefault(message.sentence_of[mention.start], []).append(mention)
    return sentences


def _sentence_doubts(message: Message, mentions: dict[str, list[Mention]]) -> list[set[str]]:
    """Return for each sentence why what it says may not count."""
    doubts: list[set[str]] = [set() for _ in range(message.sentence_count)]
    where = {name: _by_sentence(message, mentions.get(name, ())) for name in _SENTENCE_CONCEPTS}
    for sentence in _asked_about(message, mentions, where):
        doubts[sentence].add("asked")
    for name in ("supposed", "explained"):
        for sentence in where[name]:
            doubts[sentence].add(name)
    resolved = where["resolved"]
    back_again = {
        sentence
        for sentence, found in where["returned"].items()
        if any(not _inside(m, resolved.get(sentence, ())) for m in found)
    }
    for name in ("transient", "resolved"):
        for sentence in where[name]:
            doubts[sentence].update({name} - ({name} if sentence in back_again else set()))
    for sentence in where["long_ago"]:
        doubts[sentence].add("ago")
        now = [m for m in where["present"].get(sentence, ()) if not _inside(m, resolved.get(sentence, ()))]
        if sentence not in back_again and not now:
            doubts[sentence].add("over")
    for sentence in where["recent_past"]:
        doubts[sentence].add("ago")
    return doubts


def _asked_about(
    message: Message, mentions: dict[str, list[Mention]], where: dict[str, dict[int, list[Mention]]]
) -> set[int]:
    """Return the sentences that ask for information and speak of nobody in particular."""
    personal = where["affected"].keys()
    asked = set(where["about_signs"]) - set(personal)
    starts = _sentence_starts(message)
    led_in = {m.start for m in mentions.get("lead_in", ())}
    for sentence, found in where["question_opening"].items():
        if sentence in personal or sentence in where["particular"]:
            continue
        if any(all(word in led_in for word in range(starts[sentence], m.start)) for m in found):
            asked.add(sentence)
    return asked


_SENTENCE_CONCEPTS = (
    "about_signs affected explained long_ago particular present question_opening recent_past resolved returned "
    "supposed transient"
).split()
"""Concepts that say something about the whole sentence they stand in."""


def _inside(mention: Mention, others: Sequence[Mention]) -> bool:
    """Return whether a mention overlaps one of the others."""
    return any(o.start < mention.end and mention.start < o.end for o in others)


def _sentence_starts(message: Message) -> list[int]:
    """Return the first word of each sentence."""
    starts: list[int] = [0] * message.sentence_count
    for index in range(len(message.words) - 1, -1, -1):
        starts[message.sentence_of[index]] = index
    return starts
