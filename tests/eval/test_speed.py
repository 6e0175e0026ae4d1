"""Speed: ratios, spreads and turns by hand; one whole run without a model; one with it, marked slow."""

import argparse
import itertools
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eval.commands.speed import add_parser, pick
from eval.report import page
from eval.speed import Work, measure, turns
from eval.speed_articles import Articles, copy_articles, divided
from eval.speed_askers import answers_per_second
from eval.speed_limit import Layers, layers_of, passages_per_second
from eval.speed_process import Usage, measured
from eval.speed_report import machine, speed_report, speed_tables
from eval.speed_systems import Citewell, Plain, System
from eval.speed_values import MEASURES, against_first, gain, percentile, shown, spread, summary
from rag.chunk.windows import ChunkSettings
from rag.errors import CitewellError, CorpusError
from tests.conftest import TINY_CORPUS
from tests.eval.examples import write_set
from tests.fakes import HashedEncoder

CHUNKING = ChunkSettings(max_tokens=256)
WITH = {"askers": set(), "query": {"plain", "control"}, "cold": {"plain", "control"}}
WITHOUT = {key: {"plain"} for key in ("answer_wall_p50", "answer_wall_p95", "build_many")}
NAMES = {measure.name for measure in MEASURES}


def run_command(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    asked = parser.parse_args(["speed", *arguments])
    return int(asked.run(asked))


def systems_of(encoder: HashedEncoder) -> list[System]:
    return [Citewell(encoder, CHUNKING), Plain(encoder.encode, "hashed"), Citewell(encoder, CHUNKING, control=True)]


def work_of(folder: Path, encoder: HashedEncoder, status: int = 0) -> Work:
    seconds = itertools.count(1.0)

    def run(command: Sequence[str]) -> Usage:
        return Usage(next(seconds), 0.5, 100.0, status, "an answer\n", "no room\nleft")

    articles = copy_articles(TINY_CORPUS, folder / "articles", encoder=encoder, chunking=CHUNKING)
    questions = ["Do warm packs help?", "How far to walk?"]
    return Work(
        articles,
        divided(articles, folder / "divided", count=10),
        questions,
        folder,
        answer=str.upper,
        ready=lambda index: None,
        run=run,
        limit=lambda: 1e6,
    )


def test_percentile_is_the_nearest_rank() -> None:
    assert percentile([3.0, 1.0, 2.0, 4.0], 50) == 2.0
    assert percentile([3.0, 1.0, 2.0, 4.0], 95) == 4.0
    assert percentile([7.0], 50) == 7.0


def test_spread_is_median_lowest_and_highest() -> None:
    assert spread([9.0, 1.0, 2.0]) == {"value": 2.0, "low": 1.0, "high": 9.0}


def test_ratio_pairs_the_runs_of_a_repeat() -> None:
    # Medians are 2 and 6, a ratio of 3; in pairs it is 10/1, 6/2 and 2/4.
    assert gain([1.0, 2.0, 4.0], [10.0, 6.0, 2.0]) == {"value": 3.0, "low": 0.5, "high": 10.0}


def test_ratio_of_a_rate_is_the_other_way_round() -> None:
    assert gain([30.0, 20.0], [10.0, 10.0], rate=True) == {"value": 2.5, "low": 2.0, "high": 3.0}


def test_no_ratio_to_nothing() -> None:
    assert gain([1.0], [0.0]) is None
    assert gain([0.0], [1.0]) is None


def test_summary_gives_ratios_to_the_others_alone() -> None:
    found = summary({"embed": {"citewell": [20.0], "plain": [10.0]}, "answer_wall_p50": {"citewell": [5.0]}})
    assert set(found) == {"embed", "answer_wall_p50"}
    assert found["embed"]["systems"]["citewell"]["ratio"] is None
    assert found["embed"]["systems"]["plain"]["ratio"] == {"value": 2.0, "low": 2.0, "high": 2.0}
    assert found["embed"]["systems"]["plain"]["runs"] == [10.0]


def test_indexing_again_is_held_against_our_own_first_index() -> None:
    values = {
        "build": {"citewell": [8.0, 6.0], "plain": [1.0, 1.0]},
        "reindex_unchanged": {"citewell": [0.5, 0.5], "plain": [1.0, 1.0]},
        "reindex_edited": {"citewell": [2.0, 2.0], "plain": [1.0, 1.0]},
    }
    found = against_first(values)
    assert found["reindex_unchanged"] == {"value": 14.0, "low": 12.0, "high": 16.0}
    assert found["reindex_edited"] == {"value": 3.5, "low": 3.0, "high": 4.0}


def test_values_are_shown_to_three_digits() -> None:
    assert shown({"value": 1234.5, "low": 0.0, "high": 0.01234}) == "1234 [0-0.0123]"
    assert shown(None) == "-"


def test_each_repeat_starts_with_the_next_system() -> None:
    assert [turns(["a", "b", "c"], repeat) for repeat in range(4)] == [
        ["a", "b", "c"], ["b", "c", "a"], ["c", "a", "b"], ["a", "b", "c"],
    ]  # fmt: skip


def test_questions_are_picked_evenly() -> None:
    assert pick(list("abcdef"), 3) == ["a", "c", "e"]
    assert pick(["a"], 3) == ["a"]


def test_articles_are_copied_whole_up_to_the_limit(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    every = copy_articles(TINY_CORPUS, tmp_path / "all", encoder=hashed_encoder, chunking=CHUNKING)
    one = copy_articles(TINY_CORPUS, tmp_path / "one", encoder=hashed_encoder, chunking=CHUNKING, limit=1)
    assert (every.count, one.count) == (4, 1)
    assert one.passages == every.passages[: len(one.passages)]
    with pytest.raises(CorpusError, match="name a folder with articles"):
        copy_articles(tmp_path / "none", tmp_path / "x", encoder=hashed_encoder, chunking=CHUNKING)


def test_texts_are_divided_among_so_many_articles(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    whole = copy_articles(TINY_CORPUS, tmp_path / "all", encoder=hashed_encoder, chunking=CHUNKING)

    for count in (5, 400):  # more than there are sentences
        many = divided(whole, tmp_path / str(count), count=count)

        files = sorted(many.folder.iterdir())
        assert len(files) == many.count == count
        assert len({path.read_text(encoding="utf-8") for path in files}) == count
        assert all(len(path.read_text(encoding="utf-8").splitlines()) > 2 for path in files)
    text = " ".join((tmp_path / "5" / f"part-{number}.md").read_text(encoding="utf-8") for number in range(1, 6))
    assert all(word in text for passage in whole.passages for word in passage.split())


def test_every_measure_has_a_value_for_each_repeat(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    systems, work = systems_of(hashed_encoder), work_of(tmp_path, hashed_encoder)
    before = {path.name: path.read_bytes() for path in work.articles.folder.iterdir()}
    values = measure(systems, work, repeats=3)
    assert set(values) == NAMES
    for name, by_system in values.items():
        assert set(by_system) == {"citewell", *WITH.get(name.partition("_")[0], {"plain"})} - WITHOUT.get(name, set())
        assert {len(runs) for runs in by_system.values()} == {3}
    # The first three cold starts are not counted; then the systems take turns.
    assert values["cold_wall"] == {
        "citewell": [4.0, 9.0, 11.0], "plain": [5.0, 7.0, 12.0], "control": [6.0, 8.0, 10.0],
    }  # fmt: skip
    assert {path.name: path.read_bytes() for path in work.articles.folder.iterdir()} == before


def test_both_systems_find_passages(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    work = work_of(tmp_path, hashed_encoder)
    for system in systems_of(hashed_encoder):
        system.build(work.articles.passages, work.articles.folder, tmp_path / system.name)
        system.open(tmp_path / system.name)
        assert "pack" in system.search("warm packs")[0].lower()


def test_failed_cold_start_is_told_in_one_line(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    with pytest.raises(CitewellError, match="cold start of Citewell ended with 1 and no answer: no room left"):
        measure(systems_of(hashed_encoder), work_of(tmp_path, hashed_encoder, status=1), repeats=1)


def test_without_a_file_to_edit_only_that_measure_is_left_out(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    work = work_of(tmp_path, hashed_encoder)
    page = copy_articles(TINY_CORPUS / "sleep.html", tmp_path / "page", encoder=hashed_encoder, chunking=CHUNKING)
    assert isinstance(page, Articles)
    assert page.editable() is None
    given = replace(work, articles=page)
    values = measure(systems_of(hashed_encoder), given, repeats=1)
    assert "citewell" not in values["reindex_edited"]
    report = speed_report(values, systems_of(hashed_encoder), conditions={}, machine=machine())
    assert set(report["reindex_against_first"]) == {"reindex_unchanged", "reindex_many"}
    assert "one article edited" in speed_tables(report)


def test_report_is_json_and_a_table(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    systems = systems_of(hashed_encoder)
    values = measure(systems, work_of(tmp_path, hashed_encoder), repeats=2)
    report = speed_report(values, systems, conditions={"repeats": 2}, machine=machine(), notes=["a note"])
    assert json.loads(json.dumps(report)) == report
    assert set(report) == {
        "command", "machine", "conditions", "systems", "measures", "reindex_against_first", "agreement", "notes",
    }  # fmt: skip
    assert set(report["machine"]) == {"cores", "cpu", "load", "system", "python", "packages"}
    assert report["machine"]["packages"]["torch"]
    shown_report = speed_tables(report)
    assert "ratio to plain" in shown_report
    assert shown_report.endswith("a note")


def test_plot_shows_what_ours_takes_of_the_others(tmp_path: Path, hashed_encoder: HashedEncoder) -> None:
    systems = systems_of(hashed_encoder)
    values = {"cold_wall": {"citewell": [1.0], "plain": [4.0], "control": [1.0]}, "build": {"citewell": [1.0]}}
    report = speed_report(values, systems, conditions={"repeats": 1}, machine=machine(), agreement={"min_cosine": 1.0})
    shown_page = page([report])
    assert "What Citewell takes of what plain sentence-transformers takes" in shown_page
    assert "0.250" in shown_page
    assert "min_cosine 1" in shown_page


def test_limit_counts_the_operations_of_a_transformer() -> None:
    # 6 layers of 384 and 1536: 21.2 million for a word piece, and attention on top.
    assert Layers(6, 384, 1536).operations(1) == pytest.approx(21.2e6, rel=0.01)
    assert Layers(1, 1, 1).operations(10) == (8 + 4 + 40) * 10


def test_layers_are_read_from_the_models_folder(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(
        '{"num_hidden_layers": 2, "hidden_size": 8, "intermediate_size": 16}', encoding="utf-8"
    )
    assert layers_of(str(tmp_path)) == Layers(2, 8, 16)
    assert layers_of("some/model") is None
    assert passages_per_second(Layers(2, 8, 16), [10, 20]) > 0


def test_every_asker_is_answered() -> None:
    asked: list[str] = []
    assert answers_per_second(asked.append, ["one", "two"], 8) > 0
    assert sorted(asked) == ["one"] * 8 + ["two"] * 8


def test_process_is_measured_apart_from_us(tmp_path: Path) -> None:
    code = "import sys; held = bytearray(50_000_000); print('here'); sys.exit('gone')"
    usage = measured([sys.executable, "-c", code], {}, tmp_path)
    assert (usage.status, usage.output, usage.error) == (1, "here\n", "gone\n")
    assert usage.wall_s > 0
    assert 50 < usage.peak_mb < 150  # a torch of ours would add hundreds


@pytest.mark.parametrize("arguments", [["--repeats", "0"], ["--articles", "nowhere"]])
def test_wrong_usage_has_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        run_command(*arguments)
    assert caught.value.code == 2
    assert arguments[0] in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_short_run_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = write_set(tmp_path / "data")
    assert run_command("--short", "--json", "--data", str(data), "--articles", str(TINY_CORPUS)) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["conditions"]["repeats"] == 2
    assert set(report["measures"]) == NAMES
    assert {"citewell", "plain", "control"} <= set(report["systems"])
    assert report["agreement"]["min_cosine"] >= 0.9999
    assert report["agreement"]["search_top_10_overlap"] >= 0.995
    assert all(len(one["runs"]) == 2 for one in report["measures"]["cold_wall"]["systems"].values())
