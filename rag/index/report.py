"""What a run of indexing did, or would do."""

from dataclasses import dataclass

from rag.index.plan import Plan
from rag.ingest.articles import Refusal
from rag.ingest.near_duplicates import NearDuplicate
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
        alike: pairs of the articles that were read with nearly the same text.
    """

    added: tuple[ArticleId, ...]
    changed: tuple[ArticleId, ...]
    unchanged: tuple[ArticleId, ...]
    removed: tuple[ArticleId, ...]
    refused: tuple[Refusal, ...]
    alike: tuple[NearDuplicate, ...]

    @classmethod
    def of(cls, plan: Plan) -> "Changes":
        """Return the changes that a plan makes."""
        return cls(
            added=tuple(plan.added),
            changed=tuple(plan.changed),
            unchanged=tuple(plan.unchanged),
            removed=tuple(plan.removed),
            refused=tuple(plan.refused),
            alike=tuple(plan.alike),
        )


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a run of `build_index` did; the changes can be read from it directly.

    Attributes:
        changes: what it changed in the index.
        chunks: chunks in the index now.
        embedded: texts that had to be embedded.
        index_id: identity of the content now.
        seconds: how long it took.
    """

    changes: Changes
    chunks: int
    embedded: int
    index_id: str
    seconds: float

    @property
    def added(self) -> tuple[ArticleId, ...]:
        """Ids of articles that are new."""
        return self.changes.added

    @property
    def changed(self) -> tuple[ArticleId, ...]:
        """Ids whose file changed."""
        return self.changes.changed

    @property
    def unchanged(self) -> tuple[ArticleId, ...]:
        """Ids that stayed as they were."""
        return self.changes.unchanged

    @property
    def removed(self) -> tuple[ArticleId, ...]:
        """Ids that are gone from their folder."""
        return self.changes.removed

    @property
    def refused(self) -> tuple[Refusal, ...]:
        """Files that could not be read, with reasons."""
        return self.changes.refused

    @property
    def alike(self) -> tuple[NearDuplicate, ...]:
        """Pairs of the articles that were read with nearly the same text."""
        return self.changes.alike
