"""Sentences as a chat model might write them, true ones and lies, and how well they are told apart."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.dataset import DATA, Split
from eval.json_rows import Row, read_rows
from rag.chain.writing.agreement import Fault
from rag.chain.writing.drafts import DraftSentence
from rag.chain.writing.verify import Verifier
from rag.types import ArticleId, Chunk, ChunkId, Span

SUPPORTED = "true"
"""The kind of a sentence that its passage supports; every other kind is a lie."""


@dataclass(frozen=True, slots=True)
class LabelledDraft:
    """A sentence about a passage.

    Attributes:
        passage_id: the row it stands in.
        passage: what it cites as number 1.
        draft: the sentence.
        kind: `true`, or the kind of lie, such as `wrong_number`.
    """

    passage_id: str
    passage: Chunk
    draft: DraftSentence
    kind: str

    @property
    def supported(self) -> bool:
        """Whether its passage supports it."""
        return self.kind == SUPPORTED


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with what the check made of it; `fault` is None when it would be shown."""

    labelled: LabelledDraft
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """How well lies and true sentences are told apart.

    Attributes:
        lies: number of lies.
        lies_shown: lies that would be shown.
        true: number of true sentences.
        true_dropped: true sentences that would be dropped.
        dropped_for: why true sentences were dropped, with counts.
        by_kind: for each kind, how many there are and how many would be shown.
    """

    lies: int
    lies_shown: int
    true: int
    true_dropped: int
    dropped_for: dict[str, int]
    by_kind: dict[str, tuple[int, int]]


def load_drafts(split: Split, *, folder: Path | None = None) -> list[LabelledDraft]:
    """Return the labelled sentences of one half, or of both.

    Raises:
        EvaluationDataError: the file cannot be read or is malformed.
    """
    halves = (Split.TRAIN, Split.TEST) if split is Split.ALL else (split,)
    paths = [(folder or DATA) / f"drafts.{half}.jsonl" for half in halves]
    return [labelled for path in paths for row in read_rows(path) for labelled in _labelled(row)]


def tell_apart(drafts: Sequence[LabelledDraft], verifier: Verifier) -> list[Told]:
    """Return what the check makes of each sentence."""
    return [Told(one, verifier.check(one.draft, [one.passage]).fault) for one in drafts]


def summarize_drafts(told: Sequence[Told]) -> DraftSummary:
    """Return the counts."""
    lies = [one for one in told if not one.labelled.supported]
    true = [one for one in told if one.labelled.supported]
    kinds = sorted({one.labelled.kind for one in told})
    return DraftSummary(
        lies=len(lies),
        lies_shown=sum(one.fault is None for one in lies),
        true=len(true),
        true_dropped=sum(one.fault is not None for one in true),
        dropped_for=dict(Counter(str(one.fault) for one in true if one.fault is not None).most_common()),
        by_kind={
            kind: (
                sum(one.labelled.kind == kind for one in told),
                sum(one.labelled.kind == kind and one.fault is None for one in told),
            )
            for kind in kinds
        },
    )


def _labelled(row: Row) -> Iterator[LabelledDraft]:
    text = row.text("text")
    spans = row.fields.get("sentences")
    if not isinstance(spans, list) or not all(_is_span(span, len(text)) for span in spans):
        row.fail("'sentences' is malformed", "a list of [start, end] within the text")
    chunk = Chunk(
        chunk_id=ChunkId(row.text("id")),
        article_id=ArticleId(row.text("article_id")),
        title=row.text("title"),
        headings=row.texts("headings"),
        text=text,
        span=Span(0, len(text)),
        sentences=tuple(Span(start, end) for start, end in spans),
    )
    for part in row.parts("drafts"):
        citations = part.fields.get("citations")
        if not isinstance(citations, list) or not all(isinstance(number, int) for number in citations):
            part.fail("'citations' is malformed", "a list of numbers")
        yield LabelledDraft(
            row.text("id"), chunk, DraftSentence(part.text("text"), tuple(citations)), part.text("kind")
        )


def _is_span(value: object, length: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(end, int) for end in value)
        and 0 <= value[0] < value[1] <= length
    )
