"""The command itself, with the real model, killed at random moments."""

import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from rag.index.build import build_index
from rag.index.store import open_index
from rag.index.verify import require_sound, verify_index
from rag.types import Encoder
from tests.conftest import PROJECT, TINY_CORPUS

TIMES = 10


def texts(index: Path) -> list[tuple[str, str]]:
    return [(article.article_id, article.text) for article in open_index(index).articles()]


def start(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "rag", *arguments]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603


def done(*arguments: str) -> str:
    with start(*arguments) as process:
        said, errors = process.communicate()
    assert process.returncode == 0, errors
    return said


def asked(index: Path) -> list[Any]:
    """The answers to questions, times left out."""
    answers = []
    for question in ("What is petrissage?", "Do warm packs help?"):
        answer = json.loads(done("ask", question, "--json", "--index", str(index)))
        answers.append({name: value for name, value in answer.items() if name not in ("timing_ms", "index_id")})
    return answers


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_command_that_is_killed_leaves_the_answers_of_before_or_after(
    made: Path, tmp_path: Path, encoder: Encoder
) -> None:
    corpus, changed = tmp_path / "corpus", tmp_path / "changed"
    shutil.copytree(TINY_CORPUS, corpus)
    build_index([corpus], made, encoder=encoder)
    before = asked(made)
    article = corpus / "gliding-strokes.md"
    text = article.read_text(encoding="utf-8")
    article.write_text(text.replace("Petrissage is kneading", "Petrissage means kneading"), encoding="utf-8")
    (corpus / "sleep.html").unlink()
    shutil.copytree(made, changed)
    started = time.perf_counter()
    done("index", str(corpus), "--index", str(changed))
    length = time.perf_counter() - started
    after, kinds = texts(changed), [texts(made), texts(changed)]
    assert asked(changed) != before
    moments = random.Random(4)  # noqa: S311 - which moments is of no consequence

    for number in range(TIMES):
        index = tmp_path / f"tried{number}"
        shutil.copytree(made, index)
        with start("index", str(corpus), "--index", str(index)) as process:
            time.sleep(moments.uniform(length / 4, length))
            process.kill()
        assert texts(index) in kinds
        require_sound(index, verify_index(index))
        if number == 0:
            assert asked(index) in (before, asked(changed))
        done("index", str(corpus), "--index", str(index))
        assert texts(index) == after
        require_sound(index, verify_index(index))
