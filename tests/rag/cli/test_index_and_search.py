"""`citewell index`, `search`, `articles` and `settings`: counts, exit statuses, JSON, errors in one line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag.cli import main
from rag.index.store import open_index
from tests.conftest import PROJECT, TINY_CORPUS


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with one article."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "heat.md").write_text("## Packs\n\nHeat is warm.", encoding="utf-8")
    return folder


def index_of(corpus: Path, made: Path, *options: str) -> int:
    return main(["index", str(corpus), "--index", str(made), *options])


def one_line(text: str) -> str:
    """The only line of an error output."""
    (line,) = text.splitlines()
    return line


def test_index_ends_with_counts(corpus: Path, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert index_of(corpus, made) == 0
    assert capsys.readouterr().out == "added 1, changed 0, unchanged 0, removed 0, refused 0\n"
    (corpus / "heat.md").write_text("## Packs\n\nHeat is gentle.", encoding="utf-8")
    assert index_of(corpus, made) == 0
    assert capsys.readouterr().out == "added 0, changed 1, unchanged 0, removed 0, refused 0\n"


def test_refused_file_gives_status_three_and_one_line(
    corpus: Path, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (corpus / "bad\nname.md").write_bytes(b"")

    assert index_of(corpus, made) == 3
    output = capsys.readouterr()
    assert output.out == "added 1, changed 0, unchanged 0, removed 0, refused 1\n"
    assert one_line(output.err) == "refused bad\\nname.md: the file is empty; expected text"


def test_index_as_json_names_refusals(corpus: Path, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "bad.md").write_bytes(b"")

    assert index_of(corpus, made, "--json") == 3
    output = capsys.readouterr()
    report = json.loads(output.out)
    assert {name: report[name] for name in ("added", "changed", "unchanged", "removed", "refused")} == {
        "added": 1, "changed": 0, "unchanged": 0, "removed": 0, "refused": 1,
    }  # fmt: skip
    assert report["refusals"] == [{"path": "bad.md", "reason": "the file is empty; expected text"}]
    assert report["index_id"] == open_index(made).index_id
    assert output.err == ""


def test_nothing_to_index_is_an_error_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", str(tmp_path / "none"), "--index", "made"]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert one_line(output.err).startswith("citewell: no articles to index")


def test_search_prints_ranked_hits(tiny_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "kneading the muscle", "-k", "2", "--index", str(tiny_index)]) == 0
    lines = capsys.readouterr().out.splitlines()

    assert len(lines) == 4
    assert lines[0].split()[0] == "1"
    assert "gliding-strokes" in lines[0]


@pytest.mark.parametrize("method", ["hybrid", "dense", "lexical"])
def test_search_as_json_gives_offsets_into_the_article(
    tiny_index: Path, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    command = ["search", "kneading the muscle", "-k", "1", "--method", method, "--json", "--index", str(tiny_index)]
    assert main(command) == 0
    (hit,) = json.loads(capsys.readouterr().out)

    article = open_index(tiny_index).article(hit["source"])
    assert article is not None
    assert article.text[hit["start"] : hit["end"]] == hit["text"]
    assert hit["rank"] == 1


def test_articles_are_listed(tiny_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["articles", "list", "--json", "--index", str(tiny_index)]) == 0
    assert [one["id"] for one in json.loads(capsys.readouterr().out)] == [
        "gliding-strokes",
        "sleep",
        "walking",
        "warm-packs",
    ]


def test_show_prints_exactly_the_text_that_offsets_count(tiny_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = open_index(tiny_index).article("warm-packs")
    assert article is not None

    assert main(["articles", "show", "warm-packs", "--index", str(tiny_index)]) == 0
    assert capsys.readouterr().out == article.text + "\n"


def test_unknown_article_is_an_error_that_names_the_list(tiny_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["articles", "show", "none", "--index", str(tiny_index)]) == 1
    assert one_line(capsys.readouterr().err).endswith("run: citewell articles list")


@pytest.mark.parametrize(
    "command", [["search", "x"], ["ask", "x"], ["articles", "list"], ["articles", "show", "x"]], ids=" ".join
)
def test_missing_index_names_the_command_that_makes_it(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--index", "none"]) == 1
    assert one_line(capsys.readouterr().err) == "citewell: no index at none; run: citewell index --index none"


def test_settings_do_not_show_secrets(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CITEWELL_CHAT__API_KEY", "hush-hush")
    for options in ([], ["--json"]):
        assert main(["settings", *options]) == 0
        shown = capsys.readouterr().out
        assert "hush" not in shown
        assert "(set)" in shown


def test_environment_reaches_the_settings(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CITEWELL_PAGE__PORT", "8600")

    assert main(["settings", "--json"]) == 0
    values = {row["name"]: row["value"] for row in json.loads(capsys.readouterr().out)}
    assert values["CITEWELL_PAGE__PORT"] == "8600"
    assert values["CITEWELL_ENCODER__MODEL"] == "all-MiniLM-L6-v2"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("CITEWELL_PAGE__PROT", "8600", "CITEWELL_PAGE__PROT is not a setting; run: citewell settings"),
        ("CITEWELL_TYPO", "1", "CITEWELL_TYPO is not a setting; run: citewell settings"),
        ("CITEWELL_PAGE__PORT", "0", "CITEWELL_PAGE__PORT: "),
        ("CITEWELL_LOG__LEVEL", "LOUD", "CITEWELL_LOG__LEVEL: "),
    ],
)
def test_wrong_setting_is_an_error_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(name, value)

    assert main(["settings"]) == 1
    assert one_line(capsys.readouterr().err).startswith(f"citewell: {reason}")


@pytest.mark.parametrize(
    "command",
    [[], ["unknown"], ["search"], ["search", "x", "-k", "0"], ["search", "x", "--method", "magic"], ["articles"]],
    ids=" ".join,
)
def test_wrong_usage_gives_status_two(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(command)

    assert left.value.code == 2
    assert "usage: citewell" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["index", "ask", "search", "articles", "chat", "serve", "eval", "settings"])
def test_every_command_has_help_with_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])

    assert left.value.code == 0
    assert "example: citewell" in capsys.readouterr().out


def test_reader_of_a_pipe_may_leave(tiny_index: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "rag", "articles", "show", "warm-packs", "--index", str(tiny_index)]
    run = subprocess.run(  # noqa: S603 - our own command
        command, cwd=PROJECT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)

    assert (run.returncode, run.stderr) == (0, "")


def test_collection_of_the_settings_is_indexed_when_no_path_is_given(
    monkeypatch: pytest.MonkeyPatch, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CITEWELL_CORPUS__PATH", str(TINY_CORPUS))
    monkeypatch.setenv("CITEWELL_INDEX__PATH", str(made))

    assert main(["index"]) == 0
    assert capsys.readouterr().out.startswith("added 4,")
    assert len(open_index(made).articles()) == 4
