"""What of a registry the articles of a collection use, and what they leave out."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.lint.check import load_pages
from rag.lint.header import entries, names
from rag.lint.registry import Registry


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ids of the registry that no article lists, in the registry's order, and how many it has of each.

    Attributes:
        topics, facts, claims, sources, safety_groups: ids that are not used.
        totals: number of ids in the registry by the same names.
    """

    topics: tuple[str, ...]
    facts: tuple[str, ...]
    claims: tuple[str, ...]
    sources: tuple[str, ...]
    safety_groups: tuple[str, ...]
    totals: dict[str, int]

    @property
    def complete(self) -> bool:
        """Whether every topic, fact and claim is used; sources and warning-sign groups need not be."""
        return not (self.topics or self.facts or self.claims)


def coverage(paths: Sequence[Path], registry: Registry, *, allowed: Collection[str] = ()) -> Coverage:
    """Return what of the registry the articles do not use.

    Args:
        paths: files and folders.
        registry: what they could use.
        allowed: ids that may stay unused and are not reported.

    Raises:
        UnreadableFileError: a path does not exist.
    """
    pages = load_pages(paths)
    used = {name: {entry for page in pages for entry in names(page, name)} for name in ("topic", "facts", "safety")}
    claims = {str(entry.get("id")) for page in pages for entry in entries(page, "seed_claims")}
    sources = {str(entry.get("key")) for page in pages for entry in entries(page, "sources")}

    def unused(known: Iterable[str], listed: set[str]) -> tuple[str, ...]:
        return tuple(name for name in known if name not in listed and name not in allowed)

    return Coverage(
        topics=unused(registry.topics, used["topic"]),
        facts=unused(registry.facts, used["facts"]),
        claims=unused(registry.claims, claims),
        sources=unused(registry.sources, sources),
        safety_groups=unused(registry.safety_groups, used["safety"]),
        totals={
            "topics": len(registry.topics),
            "facts": len(registry.facts),
            "claims": len(registry.claims),
            "sources": len(registry.sources),
            "safety_groups": len(registry.safety_groups),
        },
    )
