"""Whole runs of `citewell index --ray` with the real model, undisturbed and with parts of the cluster ended."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rag.index.store import open_index
from tests.conftest import PROJECT
from tests.rag.distributed.conftest import Ran, Run, TwoNodes
from tests.rag.distributed.same import assert_same

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

COUNTS = ("added", "changed", "unchanged", "removed", "refused", "refusals", "near_duplicates", "chunks", "index_id")


def counted(ran: Ran) -> dict[str, Any]:
    assert ran.errors == ""
    return {name: ran.said[name] for name in (*COUNTS, "embedded")}


def answers(index: Path) -> list[Any]:
    """Answers to questions, times left out."""
    found = []
    for question in ("What is petrissage?", "Do warm packs help?", "lift knee calf pillow"):
        command = [sys.executable, "-m", "rag", "ask", question, "--json", "--index", str(index)]
        said = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True).stdout  # noqa: S603
        found.append({name: value for name, value in json.loads(said).items() if name != "timing_ms"})
    return found


def test_local_ray_makes_the_index_of_one_process(
    collection: Path, index: Path, by_one_process: tuple[Path, Ran]
) -> None:
    ran = Run(collection, index, "--ray").ended()

    assert ran.status == by_one_process[1].status == 3
    assert counted(ran) == counted(by_one_process[1])
    assert_same(index, by_one_process[0])
    assert answers(index) == answers(by_one_process[0])
    assert not (index / "shards").exists()


def test_killed_worker_leaves_every_passage_once(
    collection: Path, index: Path, by_one_process: tuple[Path, Ran], two_nodes: TwoNodes
) -> None:
    run = Run(collection, index, "--ray", two_nodes.address)
    run.wait_for_shards(1)
    two_nodes.kill_a_worker()
    ran = run.ended()

    assert counted(ran) == counted(by_one_process[1])
    assert_same(index, by_one_process[0])


def test_killed_driver_resumes_with_what_is_missing(
    collection: Path, index: Path, by_one_process: tuple[Path, Ran], two_nodes: TwoNodes
) -> None:
    run = Run(collection, index, "--ray", two_nodes.address)
    run.wait_for_shards(3)
    run.kill()
    done = {path: path.stat().st_mtime_ns for path in run.records.glob("*.record")}
    again = Run(collection, index, "--ray", two_nodes.address)
    again.wait_for_shards(len(done) + 1)
    untouched = {path: path.stat().st_mtime_ns for path in done}
    ran = again.ended()

    assert untouched == done
    assert ran.said["embedded"] < by_one_process[1].said["embedded"]
    assert_same(index, by_one_process[0])


def test_removed_node_leaves_every_passage_once(
    collection: Path, index: Path, by_one_process: tuple[Path, Ran], two_nodes: TwoNodes
) -> None:
    run = Run(collection, index, "--ray", two_nodes.address)
    run.wait_for_shards(1)
    two_nodes.ask("remove")
    ran = run.ended()
    two_nodes.ask("add")

    assert counted(ran) == counted(by_one_process[1])
    assert_same(index, by_one_process[0])


def test_second_run_embeds_only_what_changed(
    collection: Path, index: Path, by_one_process: tuple[Path, Ran], two_nodes: TwoNodes, tmp_path: Path
) -> None:
    shutil.copytree(by_one_process[0], index, dirs_exist_ok=True)
    changed = collection / "made" / "made-0007.md"
    text = changed.read_text(encoding="utf-8")
    try:
        changed.write_text(f"{text.rstrip()} One more sentence about a lift.\n", encoding="utf-8")
        ran = Run(collection, index, "--ray", two_nodes.address).ended()
    finally:
        changed.write_text(text, encoding="utf-8")

    assert (ran.said["changed"], ran.said["unchanged"], ran.said["added"]) == (1, 243, 0)
    assert ran.said["embedded"] == 2  # the passage and its new sentence
    assert "One more sentence" in " ".join(article.text for article in open_index(index).articles())
