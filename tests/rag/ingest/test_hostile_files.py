"""Hostile files and folders: one line each, in bounded time and memory, with nothing run, followed or fetched."""

import os
import resource
import socket
import sys
import time
from pathlib import Path

import pytest

from rag.ingest.articles import Refusal, find_files, read_articles
from rag.ingest.limits import ReadingLimits
from rag.types import Article
from tests.rag.ingest.hostile import READ, REFUSED

SECONDS = 60
KIBIBYTES = 1024 * 1024


def results(folder: Path, limits: ReadingLimits | None = None) -> list[Article | Refusal]:
    files, refused = find_files([folder])
    return [*refused, *read_articles(files, limits)]


def check_line(refusal: Refusal) -> None:
    line = f"{refusal.path}: {refusal.reason}"
    assert line.isprintable(), repr(line)
    assert len(refusal.reason) < 400
    assert "Traceback" not in line


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_file_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(REFUSED[name]())
    started = time.monotonic()

    (refusal,) = results(tmp_path)

    assert isinstance(refusal, Refusal)
    check_line(refusal)
    assert refusal.path == name
    assert time.monotonic() - started < SECONDS
    assert [path.name for path in tmp_path.rglob("*")] == [name], "reading writes nothing"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < KIBIBYTES


@pytest.mark.parametrize("name", READ)
def test_text_among_hostile_parts_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(READ[name]())

    (article,) = results(tmp_path)

    assert isinstance(article, Article), article
    assert article.text.replace("\n", " ").isprintable(), "no escapes and no direction controls"
    assert "alert" not in article.text
    assert "a" * 1000 not in article.text


def test_word_too_long_to_be_one_is_reported_and_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(READ["word-and-words.md"]())

    (article,) = results(tmp_path)

    assert isinstance(article, Article)
    assert article.text == "Rest helps.\n\nWalking helps too."
    assert "a word too long to be one" in str(article.extra["removed"])


def test_bad_files_cost_only_themselves(tmp_path: Path) -> None:
    names = ["deep.html", "laughs.md", "looping.pdf", "entities.docx", "noise.md"]
    for name in names:
        (tmp_path / name).write_bytes(REFUSED[name]())
    (tmp_path / "sound.html").write_bytes(READ["payload.html"]())

    found = results(tmp_path)

    assert sorted(one.path for one in found if isinstance(one, Refusal)) == sorted(names)
    assert [one.article_id for one in found if isinstance(one, Article)] == ["sound"]


def test_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "slow.md").write_bytes(b"[" * 400_000 + b" words of an article.")
    (tmp_path / "sound.html").write_bytes(READ["payload.html"]())
    started = time.monotonic()

    slow, sound = results(tmp_path, ReadingLimits(timeout_s=2))

    assert isinstance(slow, Refusal)
    assert slow.reason == "took longer than 2 s to read; leave it out or raise CITEWELL_CORPUS__TIMEOUT_S"
    assert isinstance(sound, Article), "the next file gets a process of its own"
    assert time.monotonic() - started < 15


def test_links_pipes_devices_and_sockets_are_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (tmp_path / "outside.md").write_text("Words outside the folder.")
    (folder / "out.md").symlink_to(tmp_path / "outside.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "up").symlink_to(tmp_path)
    (folder / "device.md").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.md")
    os.mkfifo(folder / "pipe.pdf")
    os.mkfifo(folder / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket.md"))
        (folder / "folder.md").mkdir()

        found = results(folder)

    assert {one.path for one in found if isinstance(one, Refusal)} == {
        "out.md", "loop.md", "up", "device.md", "pipe.md", "pipe.pdf", "pipe.jpg", "socket.md", "folder.md",
    }  # fmt: skip
    assert len(found) == 9


def test_link_given_by_name_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text("Words outside the folder.")
    (tmp_path / "link.md").symlink_to(tmp_path / "outside.md")

    assert find_files([tmp_path / "link.md"])[0] == []


def test_file_that_became_a_link_after_it_was_listed_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("Words.")
    (found,) = find_files([tmp_path])[0]
    path.unlink()
    path.symlink_to("/etc/hostname")

    (refusal,) = read_articles([found])

    assert isinstance(refusal, Refusal)
    assert "a link is not followed" in refusal.reason


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("two\nlines.md", "two\\nlines.md"),
        ("\x1b[31mred.md", "\\x1b[31mred.md"),
        ("\u202edm.exe.md", "\\u202edm.exe.md"),
        ("\u05e9\u05dc\u05d5\u05dd.md", "\u05e9\u05dc\u05d5\u05dd.md"),
        ("\u2028line.md", "\\u2028line.md"),
        ("x" * 252 + ".md", "x" * 252 + ".md"),
        ("..md", "..md"),
        ("-rf.md", "-rf.md"),
    ],
)
def test_names_are_printed_on_one_line_with_escapes(tmp_path: Path, name: str, printed: str) -> None:
    (tmp_path / name).write_bytes(b"")
    if name.startswith("."):
        assert results(tmp_path) == [], "hidden files are passed over"
        return

    (refusal,) = results(tmp_path)

    assert isinstance(refusal, Refusal)
    assert refusal.path == printed
    check_line(refusal)


@pytest.mark.parametrize(
    "name", ["two\nlines.md", "\u202edm.exe.md", "\u05e9\u05dc\u05d5\u05dd.html", "x" * 252 + ".md"]
)
def test_article_with_an_odd_name_is_read(tmp_path: Path, name: str) -> None:
    words = "<article><p>Warm packs help some people with a sore back.</p></article>"
    (tmp_path / name).write_text(words if name.endswith("html") else "Warm packs help some people.", encoding="utf-8")

    (article,) = results(tmp_path)

    assert isinstance(article, Article)
    assert article.article_id.isprintable()
    assert article.title.isprintable()


@pytest.mark.skipif(sys.platform == "win32", reason="names are no bytes there")
def test_name_that_is_no_unicode_reaches_the_reading_process(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.html")).write_bytes(READ["payload.html"]())

    (article,) = results(tmp_path)

    assert isinstance(article, Article)
    assert article.path == "caf\\xe9.html"
