"""The walk over files: comparisons, configuration, lines, the command."""

import datetime
import json
from pathlib import Path

import pytest

from rag.errors import FrontMatterError, SettingsError, UnreadableFileError
from rag.lint import check_articles, coverage, load_registry, load_rules, new_article_template
from rag.lint.__main__ import main
from rag.lint.page import load_page
from rag.lint.rule_set import BASIC, STRICT
from tests.rag.lint.articles import REGISTRY, RULES, SOUND

REGISTRY_FILE = """sources:
  TRIAL06: {who: French, document: Heat, year: '2006', url: 'https://example.org/trial'}
facts:
  T1.1: {sources: [TRIAL06], tag: R}
  T1.2: {tag: M}
topics: [T1]
claims: {C1: partly}
safety_groups: [G1, G2]
"""


def _collection(folder: Path, config: str = "profile: strict\nregistry: .registry.yaml\nmin_words: 20\n") -> Path:
    (folder / "heat.md").write_text(SOUND, encoding="utf-8")
    (folder / ".registry.yaml").write_text(REGISTRY_FILE, encoding="utf-8")
    (folder / ".citewell-checks.yaml").write_text(config, encoding="utf-8")
    return folder


def test_second_file_with_an_id_is_named_on_both(tmp_path: Path) -> None:
    (tmp_path / "heat.md").write_text(SOUND, encoding="utf-8")
    (tmp_path / "warmth.md").write_text(SOUND, encoding="utf-8")
    found = [finding for finding in check_articles([tmp_path], RULES) if finding.rule == "id-unique"]
    assert [Path(finding.path).name for finding in found] == ["heat.md", "warmth.md"]


def test_one_file_is_compared_with_its_folder_but_only_its_findings_come_back(tmp_path: Path) -> None:
    (tmp_path / "heat.md").write_text(SOUND, encoding="utf-8")
    (tmp_path / "warmth.md").write_text(SOUND, encoding="utf-8")
    found = check_articles([tmp_path / "heat.md"], RULES)
    assert {Path(finding.path).name for finding in found} == {"heat.md"}
    assert {finding.rule for finding in found} == {"id-unique", "question-repeated", "sentence-repeated"}


def test_header_of_wrong_shape_is_one_finding_and_others_are_still_checked(tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text("---\nid: [\n---\nText.\n", encoding="utf-8")
    (tmp_path / "heat.md").write_text(SOUND.replace("[G1, G2]", "[G9]"), encoding="utf-8")
    found = check_articles([tmp_path], RULES)
    assert [finding.rule for finding in found] == ["file-readable", "safety-groups"]


def test_lines_survive_links_emphasis_and_wrapped_sentences(tmp_path: Path) -> None:
    body = "## Heat\n\nHeat is **warm** and [kind](https://example.org/a/b)\nto *backs*. It works\nwell.\n"
    path = tmp_path / "heat.md"
    path.write_text("---\ntitle: Heat\n---\n\n" + body, encoding="utf-8")
    assert [sentence.line for sentence in load_page(path).sentences] == [7, 8]


def test_html_article_is_checked_by_the_lines_of_its_text(tmp_path: Path) -> None:
    path = tmp_path / "heat.html"
    page = "<html><body><h1>Heat</h1><p>Heat eases pain for many people with sore backs today.</p>"
    path.write_text(page + "<p>It may help a little with stiff backs and legs too.</p></body></html>")
    assert [finding.rule for finding in check_articles([path])] == ["sentence-opening"]


@pytest.mark.parametrize("value", ["7", "[[1], {a: 1}]", "{a: [1]}", "[{id: [1], key: [2], heading: [3]}]", "true"])
def test_header_of_wrong_types_never_stops_the_check(tmp_path: Path, value: str) -> None:
    fields = ("id", "title", "topic", "facts", "seed_claims", "sources", "safety", "sections", "reviewed")
    for name in fields:
        path = tmp_path / f"{name.replace('_', '-')}.md"
        path.write_text(f"---\n{name}: {value}\n---\n\n## Heat\n\nHeat helps.\n", encoding="utf-8")
    assert check_articles([tmp_path], RULES)


def test_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="does not exist"):
        check_articles([tmp_path / "none.md"])


def test_no_paths_no_findings() -> None:
    assert check_articles([]) == []


def test_folder_without_configuration_uses_basic(tmp_path: Path) -> None:
    assert load_rules(tmp_path).enabled == frozenset(BASIC)


def test_configuration_switches_rules_and_limits(tmp_path: Path) -> None:
    config = "profile: readable\nenable: [help-last]\ndisable: [no-dose]\nmax_grade: 9.5\n"
    rules = load_rules(_collection(tmp_path, config))
    assert "help-last" in rules.enabled
    assert "no-dose" not in rules.enabled
    assert "fact-known" not in rules.enabled
    assert rules.limits.max_grade == 9.5


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ("profile: harsh", "harsh"),
        ("profile: [strict]", "strict"),
        ("enable: [no-such-rule]", "no-such-rule"),
        ("disable: no-dose", "disable"),
        ("max_grades: 8", "max_grades"),
        ("max_grade: eight", "max_grade"),
        ("min_words: 3.5", "min_words"),
        ("min_words: true", "min_words"),
        ("registry: none.yaml", "none.yaml"),
        ("- profile", "setting: value"),
        ("profile: [", "cannot be read"),
    ],
)
def test_wrong_configuration_is_an_error_that_names_it(tmp_path: Path, config: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        load_rules(_collection(tmp_path, config))


@pytest.mark.parametrize(
    "text",
    [
        "facts: {T1: {sources: [A]}}",
        "facts: {T1: {tag: X}}",
        "facts: [T1]",
        "sources: {A: x}",
        "more: 1",
        "[1]",
    ],
)
def test_wrong_registry_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "registry.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"registry\.yaml"):
        load_registry(path)


def test_coverage_names_what_no_article_uses(tmp_path: Path) -> None:
    (tmp_path / "heat.md").write_text(SOUND, encoding="utf-8")
    found = coverage([tmp_path], REGISTRY, allowed=("T1.4",))
    assert (found.topics, found.facts, found.claims) == (("T2",), ("T1.3",), ("C2",))
    assert (found.sources, found.safety_groups) == (("BOOK",), ())
    assert not found.complete


def test_coverage_is_complete_when_all_is_used_or_allowed(tmp_path: Path) -> None:
    (tmp_path / "heat.md").write_text(SOUND, encoding="utf-8")
    assert coverage([tmp_path], REGISTRY, allowed=("T2", "T1.3", "T1.4", "C2")).complete


def test_command_exits_0_without_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(_collection(tmp_path))]) == 0
    assert capsys.readouterr().out == ""


def test_command_prints_file_line_rule_and_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _collection(tmp_path) / "heat.md"
    path.write_text(SOUND.replace("id: heat\n", "id: cold\n"), encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith(f"{path}:2: id-matches-file: id 'cold' differs")
    assert "— write 'id: heat' or rename the file" in printed


def test_command_gives_json_with_coverage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(_collection(tmp_path)), "--json", "--coverage"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["findings"] == []
    assert report["coverage"]["totals"]["facts"] == 2


def test_command_fails_on_gaps_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _collection(tmp_path)
    (folder / ".registry.yaml").write_text(REGISTRY_FILE.replace("[T1]", "[T1, T2]"), encoding="utf-8")
    assert main([str(folder)]) == 0
    assert main([str(folder), "--coverage"]) == 1
    assert "topics: 1 of 2 used or excused; not used: T2" in capsys.readouterr().out


def test_command_compares_with_given_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _collection(tmp_path, "disable: []\n")
    other = tmp_path / ".other.txt"
    other.write_text("heat wraps may ease new back pain a little for a few days", encoding="utf-8")
    assert main([str(folder), "--against", str(other)]) == 1
    assert "shared-words" in capsys.readouterr().out


def test_command_says_errors_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("title", ["Heat and cold", 'Heat: "hot" or #cold *x*?', "NHS advice", "Does it [help]?"])
def test_template_lacks_only_what_the_writer_must_add(tmp_path: Path, title: str) -> None:
    path = tmp_path / "new-one.md"
    path.write_text(new_article_template("new-one", title), encoding="utf-8")
    rules = {finding.rule for finding in check_articles([path], RULES)}
    assert rules <= {"fact-support", "safety-groups", "article-length"}


def test_template_carries_the_day(tmp_path: Path) -> None:
    text = new_article_template("heat", "Heat", today=datetime.date(2026, 2, 3))
    assert "reviewed: 2026-02-03" in text


@pytest.mark.parametrize(("article_id", "title"), [("Heat", "Heat"), ("../heat", "Heat"), ("heat", " ?")])
def test_template_refuses_bad_ids_and_empty_titles(article_id: str, title: str) -> None:
    with pytest.raises(FrontMatterError):
        new_article_template(article_id, title)


def test_own_collection_has_a_sound_configuration() -> None:
    rules = load_rules(Path(__file__).parents[3] / "corpus")
    assert rules.enabled == frozenset(STRICT)
    assert rules.registry is not None
    listed = {key for fact in rules.registry.facts.values() for key in fact.sources}
    assert listed <= set(rules.registry.sources)
