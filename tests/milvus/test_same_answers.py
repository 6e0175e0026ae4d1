"""The shipped collection on a server: every question of the evaluation gets the answer that the folder gives."""

import copy
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest
from langchain_core.embeddings import Embeddings

from eval.dataset import Split, load_questions
from rag.assemble import make_encoder, make_plain_answerer
from rag.assemble_index import make_index
from rag.assemble_store import make_source, make_vector_store
from rag.chain.answerer import Answerer
from rag.chain.renewal import answerer_over
from rag.embed.embeddings import EncoderEmbeddings
from rag.settings import CorpusSettings, IndexSettings, Settings
from rag.types import Answer, Question
from tests.conftest import PROJECT
from tests.milvus.load import MEASURED
from tests.milvus.shared_index import shared_index

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


@dataclass(frozen=True, slots=True)
class Both:
    """One collection in a folder and on a server, with an answerer over each."""

    settings: Settings
    folder: Answerer
    server: Answerer


@pytest.fixture(scope="module")
def both(milvus_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    place = tmp_path_factory.mktemp("both")
    in_folder = Settings(corpus=CorpusSettings(path=PROJECT / "corpus"), index=IndexSettings(path=place / "folder"))
    make_index(in_folder, [])
    # The vectors are made once: equal texts would be embedded to equal vectors.
    (place / "server").mkdir()
    for path in (place / "folder").glob("*.sqlite3*"):
        shutil.copy(path, place / "server")
    shutil.copytree(place / "folder" / "encoder", place / "server" / "encoder")
    with shared_index(milvus_uri, place) as shared:
        index = IndexSettings(path=place / "server", uri=milvus_uri, collection=shared.server.alias)
        on_server = in_folder.model_copy(update={"index": index})
        make_index(on_server, [])
        folder = make_plain_answerer(in_folder)
        yield Both(on_server, folder, answerer_over(copy.copy(folder), make_source(on_server).open()))


def test_every_question_of_the_evaluation_gets_the_same_answer(both: Both) -> None:
    questions = [one.question for one in load_questions(Split.ALL)]

    times: dict[str, list[float]] = {"folder": [], "server": []}
    different = []
    for question in questions:
        theirs = _timed(both.folder, question, times["folder"])
        ours = _timed(both.server, question, times["server"])
        if _seen(theirs) != _seen(ours):
            different.append(question.text)

    for name, taken in times.items():
        taken.sort()
        middle, late = taken[len(taken) // 2], taken[len(taken) * 95 // 100]
        MEASURED.append(f"{len(taken)} questions, {name}: p50 {middle:.0f} ms, p95 {late:.0f} ms")
    assert different == []


def test_langchain_finds_the_same_passages_in_folder_and_server(both: Both) -> None:
    embedding: Embeddings = EncoderEmbeddings(make_encoder(both.settings))
    folder = make_vector_store(both.settings, embedding, index=both.settings.index.path.parent / "folder")
    server = make_vector_store(both.settings, embedding)

    for question in ("Does heat help sciatica?", "How long should a walk be?", "sleep"):
        theirs = folder.similarity_search_with_score(question, k=5)
        ours = server.similarity_search_with_score(question, k=5)
        assert [one.id for one, _ in ours] == [one.id for one, _ in theirs]
        assert [one.page_content for one, _ in ours] == [one.page_content for one, _ in theirs]
        assert [score for _, score in ours] == pytest.approx([score for _, score in theirs], abs=1e-5)


def test_no_answer_fails_while_the_collection_is_built_anew(both: Both) -> None:
    source, done = make_source(both.settings), threading.Event()
    asked, failures = [], []

    def ask(questions: Sequence[str]) -> None:
        answerer = both.server
        while not done.is_set():
            for question in questions:
                try:
                    if source.generation() != answerer.reader.generation:
                        answerer = answerer_over(answerer, source.open())
                    asked.append(answerer.invoke(Question(question)).index_id)
                except BaseException as error:
                    failures.append(error)

    threads = [threading.Thread(target=ask, args=([one],)) for one in ("Does heat help sciatica?", "May I walk?")]
    for thread in threads:
        thread.start()
    started = time.monotonic()
    try:
        make_index(both.settings, [], rebuild=True)
    finally:
        done.set()
        for thread in threads:
            thread.join()

    MEASURED.append(f"rebuilt in {time.monotonic() - started:.0f} s while {len(asked)} questions were asked")
    assert failures == []
    assert len(asked) > 10


def _timed(answerer: Answerer, question: Question, times: list[float]) -> Answer:
    started = time.perf_counter()
    answer = answerer.invoke(question)
    times.append((time.perf_counter() - started) * 1000)
    return answer


def _seen(answer: Answer) -> object:
    """What a reader sees; scores agree to the fifth digit, since sums of floats depend on their order."""
    passages = tuple(replace(one, score=round(one.score, 4)) for one in answer.passages)
    return answer.behavior, answer.text, answer.sentences, passages, answer.triage, answer.topics
