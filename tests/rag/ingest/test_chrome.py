"""Page furniture is told from the article line by line, and sentences of an article are left alone."""

import pytest

from rag.ingest.chrome import byline_places, is_caption, is_comment_form, is_furniture


@pytest.mark.parametrize(
    "line",
    [
        "Also Read: Ten Soups for the Winter",
        "READ MORE",
        "You might also like",
        "Image source: pixabay",
        "Photo by A. Body",
        "Posted on 3 May 2020",
        "By Jane Roe",
        "By: Dr. Jane Roe",
        "Share this on",
        "© 2020 A Blog",
        "Home > Feet > Socks",
        "Save my name, email, and website in this browser",
        "Contact: jane@example.org",
        "jane [at] example.org",
        "https://example.org/page",
        "www.example.org Jane",
    ],
)
def test_furniture_is_recognised(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "By walking a little each day, most people get better.",
        "By Monday the pain was gone.",
        "Home remedies are often enough.",
        "The image shows the nerve.",
        "Credit goes to the body itself.",
        "Reading in bed bends the neck.",
        "Tagging along on a walk does no harm.",
        "Copying a stretch from a picture can go wrong.",
        "You may feel sore the day after.",
    ],
)
def test_sentence_of_an_article_is_no_furniture(line: str) -> None:
    assert not is_furniture(line)


def test_long_paragraph_that_opens_like_furniture_stays() -> None:
    assert not is_furniture("See also the part on heat. " + "Warmth helps many people for a while. " * 8)


@pytest.mark.parametrize("line", ["Leave a Reply", "3 Comments", "Join the discussion below", "Post a comment"])
def test_comment_form_is_recognised(line: str) -> None:
    assert is_comment_form(line)


def test_comment_in_a_sentence_is_no_form() -> None:
    assert not is_comment_form("Comments from therapists differ on this.")


@pytest.mark.parametrize(
    ("line", "caption"),
    [
        ("woman with a warm cup", True),
        ("woman with a warm cup.", False),
        ("Woman with a warm cup", False),
        ("a line in lower case that has rather more than eight words", False),
    ],
)
def test_caption_is_a_short_lower_case_fragment(line: str, caption: bool) -> None:
    assert is_caption(line) is caption


def test_name_beside_an_author_box_goes_and_one_elsewhere_stays() -> None:
    lines = ["Jane Roe", "Queries: jane@example.org", "Ways to warm up", "Mary Major"]

    assert byline_places(lines, [False, True, False, False]) == {0}
