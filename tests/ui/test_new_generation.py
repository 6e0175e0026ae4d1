"""A running page moves to a new index: no restart, no failed question, nothing from what was removed."""

import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from rag.chain.answerer import Answerer
from rag.chain.other_subjects import OtherSubjects
from rag.index.build import build_index
from rag.index.pointer import current_generation
from rag.index.roll_back import roll_back
from rag.index.store import open_index
from rag.settings import IndexSettings, Settings
from rag.types import Encoder, Question
from tests.conftest import TINY_CORPUS
from tests.fakes import CalmSafety, HashedEncoder
from tests.rag.index.states import AFTER, BEFORE, write_collection
from tests.ui.conftest import OpenPage, html_of
from ui.resources import Engine


def load(settings: Settings) -> Answerer:
    encoder = HashedEncoder()
    nothing = OtherSubjects(np.zeros((1, encoder.dimension), dtype=np.float32))
    return Answerer(open_index(settings.index.path), encoder, CalmSafety(), subjects=nothing)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A loaded engine over the collection before its change."""
    build_index([write_collection(tmp_path / "texts", BEFORE)], tmp_path / "index", encoder=HashedEncoder())
    engine = Engine(Settings(index=IndexSettings(path=tmp_path / "index")), load=load)
    list(engine.stream(Question("Is heat warm?")))
    return engine


def test_first_question_after_indexing_is_answered_from_the_new_index(engine: Engine, tmp_path: Path) -> None:
    build_index([write_collection(tmp_path / "texts", AFTER)], tmp_path / "index", encoder=HashedEncoder())

    answer = list(engine.stream(Question("Is heat gentle?")))[-1]

    assert answer.index_id == open_index(tmp_path / "index").index_id
    assert [article.article_id for article in engine.articles()] == ["heat", "rest", "walk"]


def test_library_shows_the_new_index_before_anything_is_asked(engine: Engine, tmp_path: Path) -> None:
    build_index([write_collection(tmp_path / "texts", AFTER)], tmp_path / "index", encoder=HashedEncoder())

    assert engine.reader().article("cold") is None
    assert engine.reader().article("rest") is not None


def test_page_follows_a_roll_back(engine: Engine, tmp_path: Path) -> None:
    build_index([write_collection(tmp_path / "texts", AFTER)], tmp_path / "index", encoder=HashedEncoder())
    assert engine.reader().article("cold") is None
    roll_back(tmp_path / "index", model=HashedEncoder().name)

    assert engine.reader().article("cold") is not None


@pytest.mark.parametrize("how", ["damaged", "of another model", "gone"])
def test_index_that_cannot_be_used_leaves_the_old_one_answering(engine: Engine, tmp_path: Path, how: str) -> None:
    index, before = tmp_path / "index", engine.reader().index_id
    encoder = HashedEncoder(name="other@1", dimension=32) if how == "of another model" else HashedEncoder()
    corpus = write_collection(tmp_path / "texts", AFTER)
    build_index([corpus], index, encoder=encoder, rebuild=True)
    if how == "damaged":
        (current_generation(index) / "vectors.faiss").write_bytes(b"")
    elif how == "gone":
        shutil.rmtree(index)

    for _ in range(2):
        assert list(engine.stream(Question("Is heat warm?")))[-1].index_id == before

    build_index([corpus], index, encoder=HashedEncoder(), rebuild=True)
    assert engine.reader().article("rest") is not None


def test_no_question_fails_while_the_index_changes_again_and_again(engine: Engine, tmp_path: Path) -> None:
    ids = {engine.reader().index_id}
    seen: set[str] = set()
    failures: list[Exception] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                seen.add(list(engine.stream(Question("Is heat warm?")))[-1].index_id)
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    try:
        for articles in (AFTER, BEFORE) * 4:
            report = build_index(
                [write_collection(tmp_path / "texts", articles)], tmp_path / "index", encoder=HashedEncoder()
            )
            ids.add(report.index_id)
    finally:
        done.set()
        for thread in threads:
            thread.join()

    assert failures == []
    assert seen <= ids
    assert len(ids) == 2


def test_open_page_stops_quoting_an_edited_article(tmp_path: Path, encoder: Encoder, open_page: OpenPage) -> None:
    corpus, index = tmp_path / "texts", tmp_path / "index"
    shutil.copytree(TINY_CORPUS, corpus)
    build_index([corpus], index, encoder=encoder)
    page = open_page(Engine(Settings(index=IndexSettings(path=index))))
    page.chat_input(key="question").set_value("What is petrissage?").run()
    assert "Petrissage is kneading" in html_of(page)
    assert not page.exception

    article = corpus / "gliding-strokes.md"
    article.write_text(
        article.read_text(encoding="utf-8").replace("Petrissage is kneading", "Petrissage means kneading")
    )
    build_index([corpus], index, encoder=encoder)
    page.chat_input(key="question").set_value("What is petrissage in massage?").run()
    assert not page.exception
    assert "Petrissage means kneading" in html_of(page)
