"""Gather the sentences that might answer: those of the best passages, each with what speaks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import regex

from rag.chunk.windows import sentence_texts
from rag.index.store import IndexReader
from rag.retrieve.terms import TermWeights, passage_stems
from rag.types import Chunk, Hit, Span, Vectors

COSINE_WEIGHT = 0.4
WORDS_WEIGHT = 0.3
PASSAGE_WEIGHT = 0.2
LENGTH_WEIGHT = 0.05
"""How much a sentence's meaning, its words, its passage's score and its length count. Chosen on the training half,
2026-11-22, where weights a step away, and models of 27 features of the sentence and its neighbours, gave the same share
of the expected facts within one in a hundred."""

LONG = 30
"""Words from which on a sentence counts as long: it holds more of what is asked, and six sentences are the limit."""

_ABOUT_THE_TEXT = regex.compile(
    r"^(?:in this (?:article|section|guide|post)|(?:this|the) (?:article|section|guide|post|page) |"
    r"in (?:conclusion|summary)\b|to sum up|lastly, we|we will (?:explore|discuss))",
    regex.IGNORECASE,
)
ABOUT_THE_TEXT_FACTOR = 0.85
"""Sentences that announce or sum up say little themselves."""

_WHEN_TO_GET_HELP = regex.compile(
    r"\b(?:(?:get|seek|need|ask for) (?:\w+ )?(?:help|care|advice)|warning signs?|see a doctor|"
    r"emergenc\w+|urgent\w*)\b",
    regex.IGNORECASE,
)
_ASKS_ABOUT_CARE = regex.compile(
    r"\b(?:when|should|do|must|need|worr\w+|serious|danger\w*|warning|red flags?|signs?|emergenc\w+|urgent\w*|"
    r"doctor|gp|hospital|a&e|er|help|care)\b.*\b(?:doctor|gp|hospital|a&e|er|emergenc\w+|urgent\w*|help|care|"
    r"medical|seen|see|worr\w+|serious|danger\w*|warning|red flags?|signs?|appointment|nurse)\b",
    regex.IGNORECASE,
)
HELP_FACTOR = 0.7
"""Every article ends with when to get help. Those lists answer who asks for that, and are in the way otherwise."""

SAID_WEIGHT = 0.4
LIKE_SAID = 0.5
"""What a sentence loses for every part of cosine by which it is nearer than this to a sentence of the reply that the
question follows up: the reader has read that. With it 0.89 of the training half's follow-ups get every fact, 0.87
without."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that might be quoted.

    Attributes:
        chunk: its passage.
        place: its place among the passage's sentences, from 0.
        span: its stretch of the article.
        text: its words.
        cosine: similarity to the question in [-1, 1].
        known: similarity of the question to the nearest known question of its section, -1 when there is none.
        words: share, by weight, of the question's words that it or its headings hold, in [0, 1].
        passage: how well its passage matches, as ranked, about 0 to 2.5.
        covers: the question's words that it or its headings hold, each with its share of their weight.
        score: all of these weighed together, higher is better.
    """

    chunk: Chunk
    place: int
    span: Span
    text: str
    cosine: float
    known: float
    words: float
    passage: float
    covers: Mapping[str, float]
    score: float


def gather(
    reader: IndexReader,
    hits: Sequence[Hit],
    vector: Vectors,
    question: str,
    weights: TermWeights,
    *,
    said: Vectors | None = None,
) -> list[Candidate]:
    """Return the sentences of the hits, best first.

    Args:
        reader: the index that gave the hits.
        hits: passages, best first.
        vector: the question's embedding, shape (1, d).
        question: what is asked, self-contained.
        weights: how telling words are in this index.
        said: sentences that the reader was just given, embedded, shape (n, d); None when there are none.
    """
    wanted = weights.weights(question)
    total = sum(wanted.values()) or 1.0
    shares = {stem: weight / total for stem, weight in wanted.items()}
    rows = reader.passages.rows_by_ids([hit.chunk.chunk_id for hit in hits])
    parts = reader.part_vectors({rows[hit.chunk.chunk_id]: hit.chunk for hit in hits})
    asks_about_care = bool(_ASKS_ABOUT_CARE.search(question))
    found: list[Candidate] = []
    for hit in hits:
        chunk = hit.chunk
        texts = sentence_texts(chunk)
        of_sentences, of_questions = parts[rows[chunk.chunk_id]]
        cosines = of_sentences @ vector[0]
        old = np.zeros(len(texts)) if said is None else (of_sentences @ said.T).max(axis=1)
        on_help = bool(chunk.headings and _WHEN_TO_GET_HELP.search(chunk.headings[-1]))
        known = -1.0
        if chunk.questions:
            known = float((of_questions @ vector[0]).max())
        head = passage_stems(" ".join((chunk.title, *chunk.headings)))
        for place, text in enumerate(texts):
            held = passage_stems(text) | head
            covers = {stem: share for stem, share in shares.items() if stem in held}
            words = sum(covers.values())
            cosine = float(cosines[place])
            length = min(len(text.split()), LONG) / LONG
            score = COSINE_WEIGHT * cosine + WORDS_WEIGHT * words + PASSAGE_WEIGHT * hit.score + LENGTH_WEIGHT * length
            if _ABOUT_THE_TEXT.match(text):
                score *= ABOUT_THE_TEXT_FACTOR
            if on_help and not asks_about_care:
                score *= HELP_FACTOR
            score -= SAID_WEIGHT * max(0.0, float(old[place]) - LIKE_SAID)
            found.append(
                Candidate(chunk, place, chunk.sentences[place], text, cosine, known, words, hit.score, covers, score)
            )
    return sorted(found, key=lambda candidate: -candidate.score)
