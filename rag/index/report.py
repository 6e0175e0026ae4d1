"""What a run of indexing did, or would do."""

from dataclasses import dataclass

from rag.index.plan import Plan
from rag.ingest.articles import Refusal
from rag.types import ArticleId


@dataclass(frozen=True, slots=True)
class Changes:
    """What files and folders change in an index.

    Attributes:
        added: ids of articles that are new.
        changed: ids whose file changed.
        unchanged: ids that stayed as they were.
        removed: ids that are gone from their folder.
        refused: files that could not be read, with reasons.
    """

    added: tuple[ArticleId, ...]
    changed: tuple[ArticleId, ...]
    unchanged: tuple[ArticleId, ...]
    removed: tuple[ArticleId, ...]
    refused: tuple[Refusal, ...]

    @classmethod
    def of(cls, plan: Plan) -> "Changes":
        """Return the changes that a plan makes."""
        return cls(
            tuple(plan.added), tuple(plan.changed), tuple(plan.unchanged), tuple(plan.removed), tuple(plan.refused)
        )


@dataclass(frozen=True, slots=True)
class BuildReport(Changes):
    """What a run of `build_index` did.

    Attributes:
        chunks: chunks in the index now.
        embedded: texts that had to be embedded.
        index_id: identity of the content now.
        seconds: how long it took.
    """

    chunks: int
    embedded: int
    index_id: str
    seconds: float
