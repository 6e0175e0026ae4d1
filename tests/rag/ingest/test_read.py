"""One file into one article: encodings, ids, digests, and what is refused."""

import contextlib
import os
from pathlib import Path

import pytest

from rag.errors import CorpusError, FrontMatterError, UnreadableFileError
from rag.ingest.finish import article_id_for
from rag.ingest.limits import ReadingLimits
from rag.ingest.read import read_article
from rag.types import BlockKind, Evidence
from tests.conftest import TINY_CORPUS

SENTENCE = "Café visitors’ backs — at 20 °C — feel “fine”."


def file_with(folder: Path, content: bytes, name: str = "page.md") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_header_fields_reach_the_article() -> None:
    article = read_article(TINY_CORPUS / "warm-packs.md", root=TINY_CORPUS)

    assert article.article_id == "warm-packs"
    assert article.title == "Warm packs for a sore back"
    assert article.url == "https://example.org/warm-packs"
    assert article.path == "warm-packs.md"
    assert (article.reviewed, article.reviewer, article.clinician_reviewed) == ("2026-01-15", "Test editors", False)
    assert [source.year for source in article.references] == ["2006"]
    assert [note.evidence for note in article.notes] == [Evidence.REVIEW, Evidence.EXPERT_OPINION]


def test_numbered_areas_of_a_text_file_stay_whole_items() -> None:
    article = read_article(TINY_CORPUS / "walking.txt")

    items = [block for block in article.blocks if block.kind is BlockKind.LIST_ITEM]
    assert [article.text[block.span.start : block.span.end].split(":")[0] for block in items] == [
        "Start slowly",
        "Add time",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    article = read_article(file_with(tmp_path, marks.get(encoding, b"") + SENTENCE.encode(encoding)))

    assert article.text == SENTENCE


def test_windows_encoding_is_read(tmp_path: Path) -> None:
    text = f"{SENTENCE} Many people say so. The naïve reader’s back hurts – a résumé of it follows. " * 5
    article = read_article(file_with(tmp_path, text.encode("cp1252")))

    assert SENTENCE in article.text


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(tmp_path: Path, ending: str) -> None:
    raw = "---\nid: ends\n---\n\n# Title\n\nWords here.\n".replace("\n", ending)
    article = read_article(file_with(tmp_path, raw.encode()))

    assert (article.article_id, article.title) == ("ends", "Title")
    assert article.text == "# Title\n\nWords here."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        ("\ufeff\n".encode(), "no paragraphs"),
        (b"words \x00 words", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "not text|binary"),
        (b"---\nid: only-header\n---\n", "no paragraphs"),
    ],
)
@pytest.mark.parametrize("name", ["page.md", "page.txt"])
def test_file_without_text_is_refused(tmp_path: Path, content: bytes, reason: str, name: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        read_article(file_with(tmp_path, content, name))


def test_file_of_headings_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="no paragraphs"):
        read_article(file_with(tmp_path, b"# Only a heading\n"))


def test_too_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    with path.open("wb") as file:
        file.truncate(ReadingLimits().max_file_bytes + 1)

    with pytest.raises(UnreadableFileError, match="expected at most"):
        read_article(path)


def test_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()

    with pytest.raises(UnreadableFileError, match="not a regular file"):
        read_article(tmp_path / "folder.md")


def test_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")

    with pytest.raises(UnreadableFileError, match="not a regular file"):
        read_article(tmp_path / "pipe.md")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="cannot be opened"):
        read_article(tmp_path / "none.md")


@pytest.mark.parametrize("name", ["scan.jpg", "notes", "table.csv"])
def test_unknown_format_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableFileError, match="not a known format"):
        read_article(file_with(tmp_path, b"words", name))


@pytest.mark.parametrize("stated", ["../up", "a/b", "two words", "-dash", "x" * 101])
def test_unusable_id_is_refused(tmp_path: Path, stated: str) -> None:
    with pytest.raises(FrontMatterError, match="is not usable"):
        read_article(file_with(tmp_path, f"---\nid: '{stated}'\n---\nWords.".encode()))


@pytest.mark.parametrize(
    ("name", "article_id"),
    [("Heat and Cold.md", "heat-and-cold"), ("Ünder_pressure.txt", "ünder-pressure"), ("a.b.md", "a-b")],
)
def test_id_comes_from_the_name_of_the_file(name: str, article_id: str) -> None:
    assert article_id_for(Path(name).stem) == article_id


def test_names_without_letters_get_ids_of_their_own() -> None:
    assert article_id_for("!!") != article_id_for("??")


def test_title_falls_back_to_the_first_heading_and_then_to_the_name(tmp_path: Path) -> None:
    assert read_article(file_with(tmp_path, b"# Rest\n\nWords.")).title == "Rest"
    assert read_article(file_with(tmp_path, b"Words.", "bed-rest.md")).title == "bed rest"


def test_digest_follows_the_content_and_not_the_name(tmp_path: Path) -> None:
    one, same, other = (
        read_article(file_with(tmp_path, content, name)).digest
        for content, name in [(b"Words.", "a.md"), (b"Words.", "b.md"), (b"Words!", "c.md")]
    )

    assert one == same != other


def test_escapes_and_direction_marks_reach_neither_text_nor_title(tmp_path: Path) -> None:
    raw = '---\ntitle: "Red \\e[31malarm\\u202e"\n---\nBe \x1b[2Jcareful \u202eesrever\u2066 here.'
    article = read_article(file_with(tmp_path, raw.encode()))

    assert article.title == "Red [31malarm"
    assert article.text == "Be [2Jcareful esrever here."


@pytest.mark.parametrize("content", [b"[" * 20_000, b"> " * 5000 + b"x", b"<div>" * 5000, b"| a |\n|" + b"-|" * 5000])
@pytest.mark.parametrize("name", ["page.md", "page.txt", "page.html"])
def test_hostile_nesting_costs_only_its_file(tmp_path: Path, content: bytes, name: str) -> None:
    path = file_with(tmp_path, content, name)
    with contextlib.suppress(CorpusError):  # refused or read, but nothing else
        read_article(path)
