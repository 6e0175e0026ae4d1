"""An article into sections: the heading path, and what the header says about each section."""

from pathlib import Path

from rag.chunk.headings import Section, split_sections
from rag.ingest.read import read_article
from rag.types import Article, Evidence


def article_of(folder: Path, body: str, header: str = "title: Backs") -> Article:
    path = folder / "page.md"
    path.write_text(f"---\n{header}\n---\n{body}", encoding="utf-8")
    return read_article(path)


def paths(sections: list[Section]) -> list[tuple[str, ...]]:
    return [section.headings for section in sections]


def test_deeper_heading_joins_the_path_and_a_shallower_one_shortens_it(tmp_path: Path) -> None:
    body = "Zero.\n\n## A\n\nOne.\n\n### B\n\nTwo.\n\n### C\n\nThree.\n\n## D\n\nFour."

    assert paths(split_sections(article_of(tmp_path, body))) == [(), ("A",), ("A", "B"), ("A", "C"), ("D",)]


def test_heading_without_text_below_makes_no_section(tmp_path: Path) -> None:
    assert paths(split_sections(article_of(tmp_path, "## A\n\n### B\n\nTwo.\n\n## End"))) == [("A", "B")]


def test_title_repeated_as_top_heading_is_not_in_the_path(tmp_path: Path) -> None:
    assert paths(split_sections(article_of(tmp_path, "# Backs\n\n## A\n\nOne."))) == [("A",)]


def test_another_top_heading_stays_in_the_path(tmp_path: Path) -> None:
    assert paths(split_sections(article_of(tmp_path, "# Necks\n\n## A\n\nOne."))) == [("Necks", "A")]


def test_skipped_level_keeps_its_parent(tmp_path: Path) -> None:
    assert paths(split_sections(article_of(tmp_path, "## A\n\n#### B\n\nOne.\n\n### C\n\nTwo."))) == [
        ("A", "B"),
        ("A", "C"),
    ]


def test_note_of_the_innermost_heading_wins(tmp_path: Path) -> None:
    header = "title: Backs\nsections:\n  - {heading: A, evidence: review}\n  - {heading: B, evidence: trial}"
    body = "## A\n\nOne.\n\n### B\n\nTwo.\n\n### C\n\nThree.\n\n## D\n\nFour."
    sections = split_sections(article_of(tmp_path, body, header))

    assert [section.note.evidence if section.note else None for section in sections] == [
        Evidence.REVIEW,
        Evidence.TRIAL,
        Evidence.REVIEW,
        None,
    ]
