"""The safety layer: looks at a question and its conversation before anything is retrieved."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.safety.concepts import load_concepts
from rag.safety.conversation import Raised, settles
from rag.safety.data_files import DATA_DIR
from rag.safety.groups import Group, load_groups
from rag.safety.language import is_probably_english
from rag.safety.levels import LevelRules, load_level_rules
from rag.safety.meaning import MeaningDetector, collect_examples, load_ordinary, load_thresholds
from rag.safety.reading import trim
from rag.safety.review import Reviewer, ReviewVerdict, load_review_rules
from rag.safety.rules import Finding, RuleMatcher
from rag.safety.scope import Reader, Reading
from rag.safety.spelling import Speller, load_known_words
from rag.safety.wording import Wording
from rag.types import Encoder, Question, Role, Triage, TriageLevel, Vectors

MAX_EARLIER = 12
"""Earlier messages of the reader that are looked at."""

EXAMPLE_VECTORS = "example_vectors.npz"
"""File of stored vectors within the data folder."""

MAX_PARTS = 8
"""Sentences of one message that are embedded on their own."""


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
        examples_encoder: Encoder | None = None,
        ordinary: Sequence[str] = (),
        data_dir: Path = DATA_DIR,
    ) -> None:
        """Take the parts; `load_safety` makes them from the data files."""
        self._reader = reader
        self._groups = {group.group_id: group for group in groups}
        self._matcher = RuleMatcher(groups)
        self._level_rules = level_rules
        self._wording = wording
        self._reviewer = reviewer
        self._encoder = encoder
        self._examples_encoder = examples_encoder or encoder
        self._examples = collect_examples(groups, ordinary)
        self._thresholds = load_thresholds(data_dir / "thresholds.yaml", list(self._groups))
        self._stored_vectors = data_dir / EXAMPLE_VECTORS
        self._detector: MeaningDetector | None = None
        self._raised = Raised(groups)
        # Keyed by digest, so that no message is kept in memory.
        self._meaning_by_digest: dict[str, list[Finding]] = {}

    @property
    def disclaimer(self) -> str:
        """The disclaimer that goes with every answer; one or two sentences."""
        return self._wording.texts.disclaimer

    def regions(self) -> list[str]:
        """Return the region codes whose numbers are known."""
        return list(self._wording.regions)

    def prepare(self) -> None:
        """Embed the examples now rather than at the first question; does nothing without an encoder."""
        if self._examples_encoder is not None and self._detector is None:
            self._detector = MeaningDetector.from_examples(self._examples_encoder, self._examples, self._thresholds)

    @property
    def example_texts(self) -> list[str]:
        """The example messages of the meaning detector, for `store_examples`."""
        return [example.text for example in self._examples]

    def assess(self, question: Question, *, vector: Vectors | None = None) -> Triage:
        """Return the triage of a question and the conversation before it.

        Args:
            question: what was asked, with earlier turns.
            vector: the question's embedding, shape (1, d), to save embedding it again.
        """
        earlier = [turn for turn in question.history if turn.content.strip()][-2 * MAX_EARLIER :]
        standing: list[Finding] = []
        readings: list[Reading] = []
        for turn in earlier:
            if turn.role is Role.ASSISTANT:
                standing.extend(self._raised.by_reply(turn.content))
                continue
            reading = self._reader.read(turn.content, repair=is_probably_english(turn.content))
            if settles(reading):
                standing, readings = [], []
            readings.append(reading)
            found = self._matcher.match(reading) + self._matcher.combine(readings)
            found += self._meaning(turn.content, reading, found, None)
            standing.extend(f for f in found if f.level in (TriageLevel.EMERGENCY, TriageLevel.SAME_DAY))
        english = is_probably_english(trim(question.text))
        reading = self._reader.read(question.text, repair=english)
        if settles(reading):
            standing, readings = [], []
        found = self._matcher.match(reading) + self._matcher.combine([*readings, reading])
        found += self._meaning(question.text, reading, found, vector)
        return self._triage(self._level_rules.decide([*found, *standing]), reading, english, not found)

    def review(self, sentences: Sequence[str], triage: Triage) -> list[ReviewVerdict]:
        """Return a verdict for each sentence of an answer, in order; the last look before it is shown."""
        return self._reviewer.review(sentences, triage)

    def _meaning(self, text: str, reading: Reading, found: Sequence[Finding], vector: Vectors | None) -> list[Finding]:
        """Return what the message resembles; nothing when a rule has already found an emergency."""
        if self._encoder is None or any(f.level is TriageLevel.EMERGENCY for f in found):
            return []
        self.prepare()
        if self._detector is None or not reading.words:
            return []
        digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        if digest not in self._meaning_by_digest:
            if len(self._meaning_by_digest) > MAX_EARLIER * 64:
                self._meaning_by_digest.clear()
            self._meaning_by_digest[digest] = self._detector.find(self._vectors(text, reading, vector))
        return self._meaning_by_digest[digest]

    def _vectors(self, text: str, reading: Reading, vector: Vectors | None) -> Vectors:
        """Return the vectors of the message and of those of its sentences that assert something."""
        parts = reading.asserting_sentences()
        whole_counts = len(parts) == reading.message.sentence_count
        texts = parts[:MAX_PARTS] if reading.message.sentence_count > 1 else []
        rows: list[Vectors] = []
        if self._encoder is None:
            return np.zeros((0, 0), dtype=np.float32)
        if whole_counts and vector is not None:
            rows.append(vector)
        elif whole_counts:
            texts = [trim(text)[:1500], *texts]
        if texts:
            rows.append(self._encoder.encode(texts))
        return np.concatenate(rows) if rows else np.zeros((0, self._encoder.dimension), dtype=np.float32)

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


def load_safety(
    encoder: Encoder | None = None,
    *,
    examples_encoder: Encoder | None = None,
    region: str | None = None,
    data_dir: Path | None = None,
) -> SafetyLayer:
    """Return the safety layer, ready to use.

    Args:
        encoder: embeds messages, for their likeness to examples; rules alone when None.
        examples_encoder: embeds the examples, at the first question; it may keep them in a file. None takes `encoder`.
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
        examples_encoder=examples_encoder,
        ordinary=load_ordinary(folder / "ordinary.yaml"),
        data_dir=folder,
    )
