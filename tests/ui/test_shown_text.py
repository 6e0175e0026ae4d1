"""Every text of others is shown as words."""

import pytest

from ui.shown_text import WORD_JOINER, as_html, as_label, safe_link, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('"><img src=x>', "&quot;&gt;&lt;img src=x&gt;"),
        ("it's & so", "it&#x27;s &amp; so"),
        ("plain *stars* $x$ :red[a]", "plain *stars* $x$ :red[a]"),
    ],
)
def test_html_shows_marks_as_words(text: str, shown: str) -> None:
    assert as_html(text) == shown


def test_direction_overrides_and_controls_go_and_line_breaks_stay() -> None:
    assert visible("a\u202eb\x1b[31m\nc\u200bd") == "ab[31m\ncd"


@pytest.mark.parametrize(
    "text",
    ["*a*", "_a_", "`a`", "[a](b)", "![a](b)", "<b>", "# a", "$x$", "~~a~~", "a|b", "1. a", "- a", "+ a", "> a"],
)
def test_label_puts_a_backslash_before_every_mark(text: str) -> None:
    label = as_label(text)
    marks = [at for at, sign in enumerate(label) if sign in "*_`[]()!<>#$~|.-+"]
    assert marks
    assert all(label[at - 1] == "\\" for at in marks)


@pytest.mark.parametrize(
    "text", [":red[a]", ":smile:", ":material/home:", "https://a.example", "HTTP://a", "www.a.example", "a@b.example"]
)
def test_label_keeps_commands_and_addresses_apart(text: str) -> None:
    assert WORD_JOINER in as_label(text)


def test_label_of_plain_words_is_plain() -> None:
    assert as_label("What is  sciatica?\n") == "What is sciatica?"


@pytest.mark.parametrize("url", ["https://example.org/a?b=c", "http://example.org"])
def test_web_addresses_may_be_linked(url: str) -> None:
    assert safe_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//example.org",
        "https://",
        "https://user@example.org",
        "https:\\\\example.org",
        "https://exa mple.org",
        "java\tscript:alert(1)",
        "https://[broken",
    ],
)
def test_anything_else_is_not_linked(url: str | None) -> None:
    assert safe_link(url) is None


def test_a_linked_address_cannot_leave_its_attribute() -> None:
    assert safe_link('https://example.org/"onclick="x') == "https://example.org/&quot;onclick=&quot;x"
