"""The safety layer: looks at a question and its conversation before anything is retrieved."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from rag.safety.classifier import Classifier, load_classifier
from rag.safety.concepts import load_concepts
from rag.safety.conversation import Raised, settles
from rag.safety.data_files import DATA_DIR
from rag.safety.features import sign_terms
from rag.safety.groups import Group, load_groups
from rag.safety.language import is_probably_english
from rag.safety.levels import LevelRules, load_level_rules
from rag.safety.reading import trim
from rag.safety.review import Reviewer, ReviewVerdict, load_review_rules
from rag.safety.rules import Finding, RuleMatcher
from rag.safety.scope import Reader, Reading
from rag.safety.spelling import Speller, load_known_words
from rag.safety.weighing import Limits, load_limits, weigh
from rag.safety.wording import Wording
from rag.types import Encoder, Question, Role, Triage, TriageLevel, Vectors

MAX_EARLIER = 12
"""Earlier messages of the reader that are looked at."""


class SafetyLayer:
    """Triage before the answer, the disclaimer with it, and a last look after it."""

    def __init__(
        self,
        *,
        reader: Reader,
        groups: Sequence[Group],
        level_rules: LevelRules,
        wording: Wording,
        reviewer: Reviewer,
        encoder: Encoder | None = None,
        classifier: Classifier | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Take the parts; `load_safety` makes them from the data files."""
        self._reader = reader
        self._groups = {group.group_id: group for group in groups}
        self._words_for = {group.group_id: frozenset(group.actions) for group in groups}
        self._matcher = RuleMatcher(groups)
        self._level_rules = level_rules
        self._wording = wording
        self._reviewer = reviewer
        # Weights hold only for the encoder that they were trained with; with another the rules stand alone.
        fits = encoder is not None and classifier is not None and classifier.encoder == encoder.name
        self._encoder = encoder if fits else None
        self._classifier = classifier
        self._limits = limits
        self._raised = Raised(groups)
        # Keyed by digest, so that no message is kept in memory.
        self._weighed_by_digest: dict[str, tuple[list[Finding], list[Finding]]] = {}

    @property
    def disclaimer(self) -> str:
        """The disclaimer that goes with every answer; one or two sentences."""
        return self._wording.texts.disclaimer

    def regions(self) -> list[str]:
        """Return the region codes whose numbers are known."""
        return list(self._wording.regions)

    @property
    def words_for(self) -> dict[str, frozenset[TriageLevel]]:
        """The levels that each group has words for, by group id."""
        return dict(self._words_for)

    def look(self, text: str) -> tuple[Reading, list[Finding]]:
        """Return the reading of a message by itself and what the rules find in it."""
        reading = self._reader.read(text, repair=is_probably_english(trim(text)))
        return reading, self._matcher.match(reading)

    def assess(self, question: Question, *, vector: Vectors | None = None) -> Triage:
        """Return the triage of a question and the conversation before it.

        Args:
            question: what was asked, with earlier turns.
            vector: the question's embedding, shape (1, d), to save embedding it again.
        """
        earlier = [turn for turn in question.history if turn.content.strip()][-2 * MAX_EARLIER :]
        standing: list[Finding] = []
        readings: list[Reading] = []
        taken: list[Finding] = []
        for turn in earlier:
            if turn.role is Role.ASSISTANT:
                standing.extend(self._raised.by_reply(turn.content))
                continue
            reading, by_rule = self.look(turn.content)
            if settles(reading):
                standing, readings, taken = [], [], []
            readings.append(reading)
            found = self._found(turn.content, reading, by_rule, None, readings, taken)
            standing.extend(f for f in found if f.level in (TriageLevel.EMERGENCY, TriageLevel.SAME_DAY))
        reading, by_rule = self.look(question.text)
        if settles(reading):
            standing, readings, taken = [], [], []
        found = self._found(question.text, reading, by_rule, vector, [*readings, reading], taken)
        english = is_probably_english(trim(question.text))
        return self._triage(self._level_rules.decide([*found, *standing]), reading, english, not found)

    def review(self, sentences: Sequence[str], triage: Triage) -> list[ReviewVerdict]:
        """Return a verdict for each sentence of an answer, in order; the last look before it is shown."""
        return self._reviewer.review(sentences, triage)

    def _found(
        self,
        text: str,
        reading: Reading,
        by_rule: Sequence[Finding],
        vector: Vectors | None,
        readings: Sequence[Reading],
        taken: list[Finding],
    ) -> list[Finding]:
        """Return what holds of a message and the conversation up to it; adds to `taken` what the classifier denies."""
        held, denied = self._weighed(text, reading, by_rule, vector)
        taken.extend(denied)
        return held + [f for f in self._matcher.combine(readings) if f not in taken]

    def _weighed(
        self, text: str, reading: Reading, by_rule: Sequence[Finding], vector: Vectors | None
    ) -> tuple[list[Finding], list[Finding]]:
        """Return the findings of one message that hold, and those that the classifier denies."""
        if self._encoder is None or self._classifier is None or self._limits is None or not reading.words:
            return list(by_rule), []
        if not is_probably_english(trim(text)):
            return list(by_rule), []  # it has learned from English only
        if not reading.mentions and len(set(reading.words)) == 1:
            return list(by_rule), []  # one word that no concept knows, perhaps many times over, tells it nothing
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        if digest not in self._weighed_by_digest:
            if len(self._weighed_by_digest) > MAX_EARLIER * 64:
                self._weighed_by_digest.clear()
            if vector is None:
                vector = self._encoder.encode([_encodable(trim(text))])
            judgement = self._classifier.judge(reading.message.text, sign_terms(reading, by_rule), vector)
            self._weighed_by_digest[digest] = weigh(by_rule, judgement, self._limits, self._words_for)
        return self._weighed_by_digest[digest]

    def _triage(self, findings: Sequence[Finding], reading: Reading, english: bool, nothing_new: bool) -> Triage:
        """Return the triage with its texts."""
        urgent = [f for f in findings if f.level in (TriageLevel.EMERGENCY, TriageLevel.SAME_DAY)]
        # A group without words for a level has nothing to say at it.
        findings = [f for f in findings if f.advice or f.level in self._groups[f.group].actions or f in urgent]
        level = findings[0].level if findings else TriageLevel.NONE
        action: tuple[str, ...] = ()
        if urgent:
            top = [f for f in urgent if f.level is level][:2]
            texts = [self._groups[f.group].actions[f.level] for f in top]
            action = self._wording.action(texts, level)
            if nothing_new:
                action = (self._wording.texts.still_first, *action)
        soon = [f for f in findings if f.level is TriageLevel.SOON and not f.advice]
        advice = [self._groups[f.group].actions[f.level] for f in soon][:1]
        advice += [f.advice for f in findings if f.advice]
        if level is not TriageLevel.EMERGENCY and not advice and self._matcher.touches(reading):
            advice.append(self._wording.texts.safety_net)
        if not english and level is TriageLevel.NONE:
            advice = [self._wording.texts.english_only, self._wording.texts.number_table]
        if level is TriageLevel.EMERGENCY:
            advice = []
        return Triage(
            level=level,
            groups=tuple(dict.fromkeys(f.group for f in findings if f.level is not TriageLevel.NONE)),
            reasons=tuple(f.reason for f in findings),
            action=action,
            advice=tuple(dict.fromkeys(self._wording.fill(line) for line in advice)),
        )


def _encodable(text: str) -> str:
    """Return a text without halves of characters, which no encoder takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def load_safety(
    encoder: Encoder | None = None,
    *,
    region: str | None = None,
    data_dir: Path | None = None,
) -> SafetyLayer:
    """Return the safety layer, ready to use.

    Args:
        encoder: embeds messages for the classifier; rules alone when None or when it is not the one trained with.
        region: a code of `regions.yaml`, for instance "GB"; None for wording that fits everywhere.
        data_dir: other data files than those that ship with Citewell.

    Raises:
        SafetyDataError: a data file is malformed or the region is unknown.
    """
    folder = data_dir or DATA_DIR
    concepts = load_concepts(folder / "concepts")
    vocabulary = concepts.lexicon.vocabulary | concepts.idioms.vocabulary
    speller = Speller(vocabulary, load_known_words(folder / "known_words.txt"))
    groups = load_groups(folder / "groups", concepts.lexicon.names)
    return SafetyLayer(
        reader=Reader(concepts, speller),
        groups=groups,
        level_rules=load_level_rules(folder / "levels.yaml", [group.group_id for group in groups]),
        wording=Wording(folder, region),
        reviewer=Reviewer(load_review_rules(folder / "review.yaml")),
        encoder=encoder,
        classifier=load_classifier(folder) if encoder is not None else None,
        limits=load_limits(folder / "limits.yaml"),
    )
