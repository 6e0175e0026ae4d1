"""Text without markup: headings, lists and paragraphs are recognised, page furniture goes."""

import os
from pathlib import Path

import pytest
import regex

from rag.chunk.windows import ChunkSettings, split_article
from rag.ingest.articles import find_files, read_articles
from rag.ingest.plain_text import PlainText, plain_text_blocks
from rag.ingest.text_builder import TextBuilder
from rag.types import Article
from tests.fakes import HashedEncoder

# Read when the file is imported: a fixture of every test takes CITEWELL_ names out of the environment.
GIVEN_PAGES = os.environ.get("CITEWELL_TEST_SEED", "")

BLOG_PAGE = """woman holding a warm cup

Warm Feet for a Good Night

In this article, we will tell you about warm feet at bedtime, with simple ways to try at home.

image source: pixabay

Also Read: Ten Soups for the Winter

Why Feet Get Cold

Cold feet are common in winter. Blood stays near the middle of the body when the room is cold.

By Jane Roe

Ways to Warm Them

1. Wool socks: Put on dry wool socks an hour before bed. Change them when they get damp.

2. A foot bath: Use warm water up to the ankle. Dry the toes well.

Things to have at hand:

• a towel
• a basin

man sitting on a sofa

When to Stop

This paragraph was wrapped by hand so that it
runs over three lines and still is a single
paragraph of text.

Ten Soups for the Winter

How to Choose a Pillow

Jane Roe

Part time cook and walker. For business & queries: jane.roe@example.org

Leave a Reply

Your email address will not be published. Required fields are marked *

Tom says: a great page, write to me at tom@example.org
"""

CLEAN_PAGE = """In this article, we will tell you about warm feet at bedtime, with simple ways to try at home.

## Why Feet Get Cold

Cold feet are common in winter. Blood stays near the middle of the body when the room is cold.

## Ways to Warm Them

1. Wool socks: Put on dry wool socks an hour before bed. Change them when they get damp.
2. A foot bath: Use warm water up to the ankle. Dry the toes well.

Things to have at hand:

- a towel
- a basin

## When to Stop

This paragraph was wrapped by hand so that it runs over three lines and still is a single paragraph of text."""


def read(raw: str) -> tuple[str, PlainText]:
    builder = TextBuilder()
    page = plain_text_blocks(raw, builder)
    return builder.text(), page


def removed_from(raw: str) -> list[str]:
    builder = TextBuilder()
    plain_text_blocks(raw, builder)
    return [piece.text for piece in builder.removed.pieces]


def test_blog_page_keeps_its_article_and_nothing_else() -> None:
    text, page = read(BLOG_PAGE)

    assert text == CLEAN_PAGE
    assert page.title == "Warm Feet for a Good Night"


@pytest.mark.parametrize(
    "line",
    [
        "woman holding a warm cup",
        "image source: pixabay",
        "Also Read: Ten Soups for the Winter",
        "By Jane Roe",
        "man sitting on a sofa",
        "How to Choose a Pillow",
        "Ten Soups for the Winter",
        "Jane Roe",
        "Leave a Reply",
        "Tom says: a great page, write to me at tom@example.org",
    ],
)
def test_what_is_taken_out_is_kept_for_a_maintainer_to_judge(line: str) -> None:
    assert line in removed_from(BLOG_PAGE)


def test_sentence_with_an_address_leaves_a_long_paragraph_alone() -> None:
    long = "Wool socks warm the feet of most people within an hour or so. " * 4
    text, _ = read(f"Socks\n\n{long}Write to jane@example.org for the list. Cotton works less well.")

    assert "@" not in text
    assert text.endswith("within an hour or so. Cotton works less well.")


def test_heading_beside_an_author_box_stays() -> None:
    text, _ = read("Contact us: jane@example.org\n\nWays to warm them\n\nWool socks are a good first step for most.")

    assert text == "## Ways to warm them\n\nWool socks are a good first step for most."


def test_heading_goes_when_all_that_stood_under_it_went() -> None:
    raw = "First\n\nThis one has a sentence below it.\n\nSecond\n\nThird\n\nA link to somewhere else"

    assert read(raw)[0] == "## First\n\nThis one has a sentence below it."
    assert removed_from(raw) == ["Second", "Third", "A link to somewhere else"]


@pytest.mark.parametrize(
    "heading", ["Why do feet get cold?", "WARM FEET", "Warm Feet and How Winter Keeps Them From Warming", "Socks"]
)
def test_line_that_looks_like_a_heading_before_a_paragraph_is_one(heading: str) -> None:
    text, _ = read(f"Opening words stand first here.\n\n{heading}\n\nA paragraph follows the line above it.")

    assert f"## {heading}\n\n" in text


@pytest.mark.parametrize(
    "line", ["This line ends as a sentence does.", "and this one starts in lower case, as a sentence part does"]
)
def test_line_that_reads_like_a_sentence_is_no_heading(line: str) -> None:
    text, _ = read(f"Opening words stand first here.\n\n{line}\n\nA paragraph follows the line above it.")

    assert "#" not in text


def test_rule_under_a_heading_is_no_text() -> None:
    assert read("Socks\n=====\nWool socks are warm.\n\n* * *\n\nCotton is not.")[0].count("=") == 0


def test_title_comes_from_the_announcement_when_no_heading_opens_the_page() -> None:
    _, page = read("In this guide we'll tell you about cold feet at night, and more.\n\nSocks\n\nWool socks are warm.")

    assert page.title == "Cold feet at night"


@pytest.mark.skipif(
    not GIVEN_PAGES or not Path(GIVEN_PAGES).is_dir(),
    reason="set CITEWELL_TEST_SEED to a folder of saved pages to check how they are cleaned",
)
def test_given_pages_lose_their_furniture() -> None:
    files, refused = find_files([Path(GIVEN_PAGES)])
    assert files
    assert not refused
    encoder = HashedEncoder()
    for result in read_articles(files):
        assert isinstance(result, Article), result
        chunks = split_article(result, count_tokens=encoder.count_tokens, settings=ChunkSettings())
        assert chunks
        for chunk in chunks:
            shown = " ".join((chunk.title, *chunk.headings, chunk.text))
            assert not regex.search(r"\S@\S|leave a reply|also read|image source", shown, regex.IGNORECASE), shown
