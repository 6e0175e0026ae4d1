"""What holds of every file: readers raise nothing outside the error tree, and offsets are exact."""

import datetime
import string
from pathlib import Path

import pytest
import regex
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rag.errors import CorpusError, FrontMatterError
from rag.ingest.contacts import has_contact_details, without_contact_details
from rag.ingest.decode import decode
from rag.ingest.front_matter import references, section_notes, split_front_matter, text_field
from rag.ingest.limits import ReadingLimits
from rag.ingest.parse import known_suffixes, parse_content
from rag.ingest.text_builder import clean_line, printable
from rag.ingest.wire import content_from, content_line
from rag.types import Article, BlockKind
from tests.fuzz.seeds import parts_of, seeds
from tests.rag.ingest.documents import packed

LIMITS = ReadingLimits(max_characters=100_000)
SEEDS = list(seeds())
SLOW_FIRST_EXAMPLE = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            ["# ", "- ", "1. ", "> ", "|", "---\n", "\n\n", "<p>", "</p>", "<li>", "<table><tr><td>", "<h2>", "[a](b)",
             "`", "**", "&amp;", "&#0;", "\u202e", "\x1b[0m", "Also read: ", "By Jane Roe", "a@b.org", "\r", "<!--"]
        ),
        st.text(max_size=30),
    ),
    max_size=40,
).map("".join)  # fmt: skip


def check(article: Article) -> None:
    end = 0
    for block in article.blocks:
        words = article.text[block.span.start : block.span.end]
        assert words.strip() == words != ""
        assert "\n" not in words
        assert block.span.start >= end
        end = block.span.end
    assert end == len(article.text)
    assert regex.search(r"[\p{Cc}\p{Bidi_Control}--\n]", article.text, regex.VERSION1) is None
    assert article.title
    assert any(block.kind is not BlockKind.HEADING for block in article.blocks)


def on_one_line(error: CorpusError) -> None:
    assert str(error).isprintable(), "a reason stands on one line"


def read(suffix: str, content: bytes) -> tuple[Article, ...]:
    try:
        return parse_content(content, Path(f"a{suffix}"), None, LIMITS).articles
    except CorpusError as error:
        on_one_line(error)
        return ()


@SLOW_FIRST_EXAMPLE
@given(st.sampled_from([".md", ".txt", ".html"]), MARKUP)
def test_text_formats_read_or_refuse_any_text(suffix: str, raw: str) -> None:
    for article in read(suffix, raw.encode("utf-8", "surrogatepass")):
        check(article)


@SLOW_FIRST_EXAMPLE
@given(st.sampled_from(known_suffixes()), st.binary(max_size=400))
def test_every_format_reads_or_refuses_any_bytes(suffix: str, content: bytes) -> None:
    for article in read(suffix, content):
        check(article)


@pytest.mark.parametrize(
    ("suffix", "content"), SEEDS, ids=[f"{suffix}-{place}" for place, (suffix, _) in enumerate(SEEDS)]
)
def test_altered_files_are_read_or_refused(suffix: str, content: bytes) -> None:
    @settings(SLOW_FIRST_EXAMPLE, max_examples=25)
    @given(st.integers(0, len(content) - 1), st.binary(max_size=6), st.integers(0, 40))
    def alter(place: int, put: bytes, gone: int) -> None:
        for article in read(suffix, content[:place] + put + content[place + gone :]):
            check(article)

    alter()


@SLOW_FIRST_EXAMPLE
@given(st.data())
def test_altered_parts_of_packed_documents_are_read_or_refused(data: st.DataObject) -> None:
    suffix, content = data.draw(st.sampled_from([seed for seed in SEEDS if seed[0] in (".docx", ".epub")]))
    parts = parts_of(content)
    name = data.draw(st.sampled_from(sorted(parts)))
    place = data.draw(st.integers(0, len(parts[name])))
    altered = (
        parts[name][:place] + data.draw(st.binary(max_size=6)) + parts[name][place + data.draw(st.integers(0, 40)) :]
    )

    for article in read(suffix, packed({**parts, name: altered})):
        check(article)


@given(MARKUP)
def test_reply_of_the_reading_process_gives_the_same_article(raw: str) -> None:
    header = "---\nreviewed: 2026-01-15\nfacts: [a, 1, 2.5, 2026-01-15, 2026-01-15 10:00:00]\n---\n\n"
    try:
        content = parse_content((header + raw).encode("utf-8", "replace"), Path("a.md"), None, LIMITS)
    except CorpusError:
        return

    again = content_from(content_line(content))
    assert again == content
    assert again.articles[0].extra == content.articles[0].extra


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(string.printable, max_size=20), st.dates(),
        st.datetimes(), st.binary(max_size=4),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.text(max_size=8), st.integers()), inner, max_size=4)
    ),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["title", "sources", "sections", "id", "url"]), VALUES))
@example({"title": 10**5000})
@example({"sections": [{"heading": "a", "evidence": "trial", "questions": [datetime.date(2026, 1, 1)]}]})
def test_header_of_any_values_is_read_or_refused(header: dict[str, object]) -> None:
    import sys

    sys.set_int_max_str_digits(0)
    raw = "---\n" + yaml.safe_dump(header, allow_unicode=True) + "---\nWords of an article."
    sys.set_int_max_str_digits(4300)
    try:
        fields, body, _ = split_front_matter(raw)
        text_field(fields, "title")
        references(fields)
        section_notes(fields)
    except FrontMatterError as error:
        on_one_line(error)
        return
    assert body == "Words of an article."


@given(st.text(max_size=300))
def test_any_header_text_is_read_or_refused(raw: str) -> None:
    try:
        fields, body, lines = split_front_matter(f"---\n{raw}\n---\nBody")
    except FrontMatterError as error:
        on_one_line(error)
        return
    assert all(isinstance(name, str) for name in fields)
    assert body == "\n".join(f"---\n{raw}\n---\nBody".split("\n")[lines:])


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=200))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_text_is_decoded_exactly(encoding: str, text: str) -> None:
    if encoding == "utf-8" and text.startswith("\ufeff"):
        return  # a mark, not a character

    assert decode(text.encode(encoding)) == text


@given(st.text(max_size=200))
def test_cleaned_line_is_one_line_and_cleaning_it_again_changes_nothing(text: str) -> None:
    line = clean_line(text)

    assert "\n" not in line
    assert clean_line(line) == line


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_names_that_differ_print_differently_on_one_line(one: str, other: str) -> None:
    names = [name.encode("utf-8", "replace").decode() for name in (one, other)]
    shown = [printable(name) for name in names]

    assert all(regex.search(r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]", name) is None for name in shown)
    if names[0] != names[1] and "\\" not in "".join(names):
        assert shown[0] != shown[1]


@given(st.lists(st.sampled_from(["Rest helps.", "Write to a.b@c.org.", "Call 999 now.", "Tel. 020 7946 0958", "é ü."])))
def test_contact_details_go_and_nothing_else(sentences: list[str]) -> None:
    kept, gone = without_contact_details(" ".join(sentences))

    assert not has_contact_details(kept)
    assert sorted(" ".join([kept, *gone]).split()) == sorted(" ".join(sentences).split())
