"""The shared engine: loads in the background, renews itself, recovers."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.chain.answerer import Answerer
from rag.errors import IndexMissingError
from rag.index.build import build_index
from rag.index.store import open_index
from rag.settings import IndexSettings, Settings
from rag.types import Question
from tests.fakes import CalmSafety, HashedEncoder
from ui import resources
from ui.resources import Engine

QUESTION = Question("What is petrissage?")


def _settings(path: Path) -> Settings:
    return Settings(index=IndexSettings(path=path))


def _wait(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def _article(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.md").write_text(f"# {name}\n\n{text}\n", encoding="utf-8")


def _load(settings: Settings) -> Answerer:
    encoder = HashedEncoder()
    return Answerer(open_index(settings.index.path), encoder, CalmSafety())


def test_the_page_is_usable_while_the_model_loads(tmp_path: Path) -> None:
    _article(tmp_path / "texts", "Kneading", "Petrissage is kneading.")
    build_index([tmp_path / "texts"], tmp_path / "index", encoder=HashedEncoder())
    gate = threading.Event()

    def slow(settings: Settings) -> Answerer:
        gate.wait(20)
        return _load(settings)

    engine = Engine(_settings(tmp_path / "index"), load=slow)
    engine.start()
    assert not engine.is_ready
    assert [article.title for article in engine.articles()] == ["Kneading"]
    gate.set()
    answers = list(engine.stream(QUESTION))
    assert engine.is_ready
    assert answers[-1].disclaimer == CalmSafety.disclaimer


def test_a_new_index_takes_over_without_a_restart(tmp_path: Path) -> None:
    _article(tmp_path / "texts", "Kneading", "Petrissage is kneading.")
    build_index([tmp_path / "texts"], tmp_path / "index", encoder=HashedEncoder())
    engine = Engine(_settings(tmp_path / "index"), load=_load)
    engine.start()
    _wait(lambda: engine.is_ready)
    _article(tmp_path / "texts", "Walking", "Walking is gentle.")
    build_index([tmp_path / "texts"], tmp_path / "index", encoder=HashedEncoder())

    def renewed() -> bool:
        engine.start()
        return len(engine.articles()) == 2

    _wait(renewed)
    assert list(engine.stream(QUESTION))[-1].index_id == engine.reader().index_id


def test_loading_that_failed_is_tried_again_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "RETRY_AFTER_S", 0.2)
    engine = Engine(_settings(tmp_path / "index"), load=_load)
    engine.start()
    _wait(lambda: engine.is_ready)
    assert engine.problem is not None
    assert "citewell index" in engine.problem
    with pytest.raises(IndexMissingError):
        engine.reader()
    with pytest.raises(IndexMissingError):
        list(engine.stream(QUESTION))
    _article(tmp_path / "texts", "Kneading", "Petrissage is kneading.")
    build_index([tmp_path / "texts"], tmp_path / "index", encoder=HashedEncoder())

    def recovered() -> bool:
        engine.start()
        return engine.is_ready and engine.problem is None

    _wait(recovered)


def test_an_unexpected_failure_is_told_without_its_text(tmp_path: Path) -> None:
    def broken(settings: Settings) -> Answerer:
        raise RuntimeError("inner workings")

    engine = Engine(_settings(tmp_path), load=broken)
    engine.start()
    _wait(lambda: engine.is_ready)
    assert engine.problem == resources.UNEXPECTED


def test_each_country_has_its_numbers(real_engine: Engine) -> None:
    numb = Question("since yesterday i cant feel it when i wipe")
    real_engine.start()
    _wait(lambda: real_engine.is_ready)
    real_engine.prepare_region("US")
    british = list(real_engine.stream(numb, region="GB"))[-1]
    american = list(real_engine.stream(numb, region="US"))[-1]
    assert any("999" in line for line in british.triage.action)
    assert any("911" in line and "999" not in line for line in american.triage.action)
