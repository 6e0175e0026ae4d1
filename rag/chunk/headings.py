"""Cut an article into sections: a heading path and the blocks under it."""

from dataclasses import dataclass

from rag.types import Article, Block, BlockKind, SectionNote


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks between two headings.

    Attributes:
        headings: the heading path, outermost first.
        blocks: paragraphs, list items and table rows in order, at least one.
        note: what the article's header says about the innermost heading, or None.
    """

    headings: tuple[str, ...]
    blocks: tuple[Block, ...]
    note: SectionNote | None = None


def split_sections(article: Article) -> list[Section]:
    """Return the sections of an article that hold text, in order."""
    notes = {note.heading: note for note in article.notes}
    path: list[tuple[int, str]] = []
    sections: list[Section] = []
    blocks: list[Block] = []

    def close() -> None:
        if blocks:
            headings = tuple(text for _, text in path)
            note = next((notes[text] for text in reversed(headings) if text in notes), None)
            sections.append(Section(headings, tuple(blocks), note))
            blocks.clear()

    for block in article.blocks:
        if block.kind is not BlockKind.HEADING:
            blocks.append(block)
            continue
        close()
        while path and path[-1][0] >= block.level:
            path.pop()
        text = article.text[block.span.start : block.span.end]
        if block.level > 1 or text != article.title:
            path.append((block.level, text))
    close()
    return sections
