"""The page stands alone and shows what failed."""

import re
from html.parser import HTMLParser
from pathlib import Path

from eval.report import page, write_report
from eval.svg import Bar, bars, curve, histogram
from rag.types import Behavior
from tests.eval.whole import whole_report

SECTIONS = ("retrieval", "answers", "safety")
VOID = {"meta", "br", "rect", "line", "polyline"}


class Balanced(HTMLParser):
    """Notes whether every element that is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what is open."""
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Closed by itself."""
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        """Must be what was opened last."""
        assert self.open.pop() == tag


def report_page(behavior: Behavior = Behavior.ANSWER) -> str:
    report = whole_report(behavior=behavior)
    return page([report[name] for name in SECTIONS], ["retrieval.nDCG@10 fell"])


def test_page_is_well_formed_and_has_plots_and_problems() -> None:
    parser = Balanced()
    parser.feed(report_page())
    assert parser.open == []
    assert {"svg", "table", "figure"} <= parser.seen
    assert "retrieval.nDCG@10 fell" in report_page()


def test_page_loads_nothing_and_runs_nothing() -> None:
    text = report_page(Behavior.ABSTAIN)
    assert not re.search(r"https?://|<script|<link|<img|@import|src=", text)
    assert "default-src 'none'" in text


def test_what_people_wrote_is_escaped() -> None:
    assert "&lt;b&gt;why&lt;/b&gt;" in report_page()
    assert "&lt;script&gt;" in report_page(Behavior.ABSTAIN)


def test_failures_show_what_was_expected_and_found() -> None:
    text = report_page(Behavior.ABSTAIN)
    assert "retrieved but abstained" in text
    assert "warm-packs 0–32" in text
    assert "warm-packs › Use" in text


def test_file_is_written(tmp_path: Path) -> None:
    write_report(tmp_path / "new" / "report.html", [whole_report()["safety"]])
    assert (tmp_path / "new" / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_bar_is_as_long_as_its_value() -> None:
    assert 'width="210.0"' in bars("x", [Bar("a", 0.5, 0.4, 0.6, 10)])  # half of 640 - 150 - 70


def test_plots_of_nothing_are_still_plots() -> None:
    assert "<svg" in bars("x", [])
    assert "<svg" in curve("x", [], [], "a", "b")
    assert "<svg" in histogram("x", {"none": []}, low=0.0, high=0.0, x_name="ms")


def test_values_outside_a_histogram_join_its_outer_bins() -> None:
    inside = histogram("x", {"a": [0.01, 0.99]}, low=0.0, high=1.0, x_name="v", count=4)
    outside = histogram("x", {"a": [-5.0, 7.0]}, low=0.0, high=1.0, x_name="v", count=4)
    assert inside == outside
