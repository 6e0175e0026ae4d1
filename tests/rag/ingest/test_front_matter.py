"""An article's header: split from the body, refused when malformed, read field by field."""

import pytest

from rag.errors import FrontMatterError
from rag.ingest.front_matter import (
    MAX_HEADER_CHARS,
    flag_field,
    references,
    section_notes,
    split_front_matter,
    text_field,
)
from rag.types import Evidence, Reference, SectionNote


def test_header_and_body_are_parted() -> None:
    header, body, lines_before = split_front_matter("---\nid: rest\ntitle: Rest\n---\nFirst line.\n")

    assert header == {"id": "rest", "title": "Rest"}
    assert body == "First line.\n"
    assert lines_before == 4


def test_file_without_header_is_all_body() -> None:
    assert split_front_matter("Just text.\n---\n") == ({}, "Just text.\n---\n", 0)


def test_three_dots_end_a_header() -> None:
    assert split_front_matter("---\nid: a\n...\nBody")[:2] == ({"id": "a"}, "Body")


def test_empty_header_has_no_fields() -> None:
    assert split_front_matter("---\n---\nBody") == ({}, "Body", 2)


def test_thematic_break_at_the_top_is_not_a_header() -> None:
    assert split_front_matter("---\n\nBody text")[0] == {}


def test_header_without_end_is_refused() -> None:
    with pytest.raises(FrontMatterError, match="never ends"):
        split_front_matter("---\nid: a\n\nBody text")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("a: &x [1]\nb: *x", "aliases"),
        ("a: !!python/object/apply:os.system ['true']", "not valid YAML"),
        ("a: !!python/name:os.system", "not valid YAML"),
        ("a: [1, 2", "not valid YAML"),
        ("- one\n- two", "not a list of 'field: value' lines"),
        ("just words", "not a list of 'field: value' lines"),
        ("1: number as name", "not a list of 'field: value' lines"),
        ("a: " + "x" * MAX_HEADER_CHARS, "expected at most"),
        ("a: " + "[" * 50_000, "nested more than 20 deep"),
        ("a: 2024-13-45", "not valid YAML"),
        ("a: [" + "1, " * 20_001 + "]", "more than 20000 values"),
    ],
)
def test_malformed_header_is_refused_with_its_reason(header: str, reason: str) -> None:
    with pytest.raises(FrontMatterError, match=reason):
        split_front_matter(f"---\n{header}\n---\nBody")


def test_python_tag_runs_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FrontMatterError):
        split_front_matter("---\na: !!python/object/apply:os.system ['echo harmed']\n---\nBody")

    assert "harmed" not in capfd.readouterr().out


def test_reason_of_bad_yaml_stands_on_one_line() -> None:
    with pytest.raises(FrontMatterError) as caught:
        split_front_matter("---\na: [1,\nb: }\n---\nBody")

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [("  two   words ", "two words"), (2024, "2024"), (None, None), ("", None), ("   ", None)],
)
def test_text_fields_come_back_as_one_line(value: object, text: str | None) -> None:
    assert text_field({"field": value}, "field") == text


def test_date_comes_back_in_iso_form() -> None:
    header, _, _ = split_front_matter("---\nreviewed: 2026-01-15\n---\nBody")

    assert text_field(header, "reviewed") == "2026-01-15"


@pytest.mark.parametrize("value", [["a"], {"a": "b"}])
def test_text_field_of_another_type_is_refused(value: object) -> None:
    with pytest.raises(FrontMatterError, match="'title' is a"):
        text_field({"title": value}, "title")


@pytest.mark.parametrize("value", ["yes please", 1, None, []])
def test_flag_takes_nothing_but_true_and_false(value: object) -> None:
    with pytest.raises(FrontMatterError, match="expected true or false"):
        flag_field({"clinician_reviewed": value}, "clinician_reviewed")


def test_missing_flag_is_false() -> None:
    assert flag_field({}, "clinician_reviewed") is False


def test_reference_needs_only_who_and_document() -> None:
    assert references({"sources": [{"who": "A body", "document": "A paper"}]}) == (
        Reference(key="A body", who="A body", document="A paper", year="n.d.", url=None),
    )


@pytest.mark.parametrize(
    ("sources", "reason"),
    [
        ("a paper", "not a list of mappings"),
        (["a paper"], "not a list of mappings"),
        ([{"key": "A1"}], "lacks who and document"),
        ([{"who": "A body"}], "lacks document"),
    ],
)
def test_wrong_sources_are_refused(sources: object, reason: str) -> None:
    with pytest.raises(FrontMatterError, match=reason):
        references({"sources": sources})


def test_section_note_holds_label_and_questions() -> None:
    header = {"sections": [{"heading": "Heat", "evidence": "trial", "questions": ["is heat good"]}, {"heading": "Ice"}]}

    assert section_notes(header) == (
        SectionNote("Heat", Evidence.TRIAL, ("is heat good",)),
        SectionNote("Ice", None, ()),
    )


@pytest.mark.parametrize(
    ("section", "reason"),
    [
        ({"evidence": "trial"}, "lacks a heading"),
        ({"heading": "Heat", "evidence": "certain"}, "'certain'; expected one of guideline"),
        ({"heading": "Heat", "questions": "is heat good"}, "not a list of texts"),
        ({"heading": "Heat", "questions": [1]}, "not a list of texts"),
    ],
)
def test_wrong_sections_are_refused(section: object, reason: str) -> None:
    with pytest.raises(FrontMatterError, match=reason):
        section_notes({"sections": [section]})
