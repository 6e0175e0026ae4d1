"""`citewell index --dry-run`, `--verify`, `--rollback` and `--rebuild`: what they print and their exit status."""

import json
from pathlib import Path

import pytest

from rag.cli import main
from rag.index.pointer import current_generation
from rag.index.store import open_index
from rag.settings import get_settings


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with two articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "heat.md").write_text("## Packs\n\nHeat is warm.", encoding="utf-8")
    (folder / "cold.md").write_text("## Ice\n\nIce is cold.", encoding="utf-8")
    return folder


@pytest.fixture
def index(corpus: Path, made: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Their index."""
    assert main(["index", str(corpus), "--index", str(made)]) == 0
    capsys.readouterr()
    return made


def change(corpus: Path) -> None:
    """One article edited, one gone, one new, one refused."""
    (corpus / "heat.md").write_text("## Packs\n\nHeat is gentle.", encoding="utf-8")
    (corpus / "cold.md").unlink()
    (corpus / "rest.md").write_text("## Rest\n\nRest is calm.", encoding="utf-8")
    (corpus / "bad.md").write_bytes(b"")


def test_dry_run_names_what_would_change(corpus: Path, index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(corpus)

    assert main(["index", str(corpus), "--index", str(index), "--dry-run"]) == 0
    output = capsys.readouterr()
    assert output.out.splitlines() == [
        "added rest",
        "changed heat",
        "removed cold",
        "refused bad.md: the file is empty; expected text",
        "would be: added 1, changed 1, unchanged 0, removed 1, refused 1; nothing was written",
    ]
    assert output.err == ""
    assert open_index(index).article("cold") is not None


def test_dry_run_as_json_lists_ids(corpus: Path, index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "cold.md").unlink()

    assert main(["index", str(corpus), "--index", str(index), "--dry-run", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "added": [], "changed": [], "unchanged": ["heat"], "removed": ["cold"], "refused": [], "near_duplicates": [],
        "index": str(index),
    }  # fmt: skip


def test_verify_counts_sound_files(index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["index", "--index", str(index), "--verify"]) == 0
    assert capsys.readouterr().out == f"{index}: 13 files checked, all sound\n"


def test_damage_is_named_in_one_line_and_mended_by_the_command_in_it(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = current_generation(index) / "sentences.faiss"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    for command in (["index", "--verify"], ["search", "heat"], ["articles", "list"], ["index", "x"]):
        assert main([*command, "--index", str(index)]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert str(path) in line
        assert line.endswith(f"run: citewell index --rebuild --index {index}")
    assert main(["index", "--verify", "--json", "--index", str(index)]) == 1
    said = json.loads(capsys.readouterr().out)
    assert [file["path"] for file in said if not file["sound"]] == [str(path)]

    # as the line says, without PATH: the index knows what it was built from
    assert main(["index", "--rebuild", "--index", str(index)]) == 0
    assert capsys.readouterr().out.startswith("added 2,")
    assert main(["index", "--verify", "--index", str(index)]) == 0


def test_rollback_says_what_answers_now(corpus: Path, index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(corpus)
    assert main(["index", str(corpus), "--index", str(index)]) == 3
    capsys.readouterr()

    assert main(["index", "--index", str(index), "--rollback"]) == 0
    assert "with 2 articles answers again" in capsys.readouterr().out
    assert open_index(index).article("cold") is not None
    assert main(["index", "--index", str(index), "--rollback", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["index_id"] == open_index(index).index_id
    assert open_index(index).article("cold") is None


@pytest.mark.parametrize(
    "options", [["--verify", "x"], ["--rollback", "--rebuild"], ["--verify", "--rollback"], ["--dry-run", "--verify"]]
)
def test_ways_that_exclude_each_other_are_wrong_usage(options: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["index", *options])

    assert left.value.code == 2


@pytest.mark.parametrize("way", ["--verify", "--rollback"])
def test_missing_index_is_said_and_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str], way: str) -> None:
    assert main(["index", "--index", "none", way]) == 1
    assert capsys.readouterr().err == "citewell: no index at none; run: citewell index --index none\n"
    assert not Path("none").exists()


def test_changed_chunk_setting_is_refused_with_the_command(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CITEWELL_CHUNK__TARGET_TOKENS", "99")
    get_settings.cache_clear()

    assert main(["index", str(corpus), "--index", str(index)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "another chunk setting target_tokens (160, now 99)" in line
    assert line.endswith(f"run: citewell index --rebuild --index {index}")


def test_index_of_an_earlier_version_is_refused_in_one_line(
    corpus: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (index / "CURRENT").write_text(current_generation(index).name + "\n")

    for command in (["search", "heat"], ["index", str(corpus)], ["index", "--verify"]):
        assert main([*command, "--index", str(index)]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert "was written by an earlier version of Citewell, or cut short" in line
    assert main(["index", "--rebuild", "--index", str(index)]) == 0
