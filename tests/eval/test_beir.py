"""Judged collections in BEIR form: read strictly, indexed once, scored by document."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from eval.beir import article_id_of, as_article, document_id_of, read_collection
from eval.beir_ranking import beir_report
from eval.json_rows import Row
from rag.errors import EvaluationDataError, IndexStoreError
from rag.index.build import build_index
from rag.index.store import open_index
from rag.index.vector_cache import Progress
from tests.conftest import TINY_CORPUS
from tests.eval.examples import write_lines
from tests.fakes import HashedEncoder

ANIMALS = ("heron", "otter", "badger", "lynx", "marten", "stoat", "weasel", "beaver", "hare", "vole")
PLACES = ("river", "forest", "meadow")


def collection(folder: Path, *, compressed: bool = False, nested: bool = False) -> Path:
    """Thirty documents, one for each pair of animal and place; three queries."""
    documents: list[dict[str, Any]] = [
        {
            "_id": f"doc/{animal} {place}",
            "title": animal.title(),
            "text": f"The {animal} lives by the {place}.\nIt eats.",
        }
        for animal in ANIMALS
        for place in PLACES
    ]
    path = write_lines(folder / "corpus.jsonl", documents)
    if compressed:
        (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    write_lines(folder / "queries.jsonl", [{"_id": f"q{n}", "text": f"{ANIMALS[n]} forest"} for n in range(3)])
    lines = ["query-id\tcorpus-id\tscore", *(f"q{n}\tdoc/{ANIMALS[n]} forest\t1" for n in range(2)), "q2\tdoc/x\t0"]
    qrels = folder / ("qrels/test.tsv" if nested else "qrels.tsv")
    qrels.parent.mkdir(exist_ok=True)
    qrels.write_text("\n".join(lines) + "\n")
    return folder


@pytest.mark.parametrize(("compressed", "nested"), [(False, False), (True, True)])
def test_both_forms_of_a_folder_are_read(tmp_path: Path, compressed: bool, nested: bool) -> None:
    judged = read_collection(collection(tmp_path / "animals", compressed=compressed, nested=nested))
    assert (judged.name, judged.documents) == ("animals", 30)
    assert judged.queries == {"q0": "heron forest", "q1": "otter forest"}
    assert judged.qrels == {"q0": {"doc/heron forest": 1}, "q1": {"doc/otter forest": 1}}
    assert judged.notes == ("1 queries have no relevant document and are left out",)


def test_every_system_is_scored_and_the_index_is_kept(tmp_path: Path) -> None:
    judged = read_collection(collection(tmp_path / "animals"))
    encoder = HashedEncoder(dimension=256)
    out = tmp_path / "run.txt"
    report = beir_report(judged, encoder, target_tokens=160, cache=tmp_path / "cache", run_out=out)
    assert set(report["systems"]) == {"hybrid", "dense", "lexical", "rrf"}
    assert report["systems"]["lexical"]["measures"]["nDCG@10"] == 1.0
    assert report["systems"]["hybrid"]["measures"]["R@10"] == 1.0
    assert report["differences"]["dense"]["nDCG@10"]["n"] == 2
    assert "doc/heron forest" in out.read_text()
    texts = len(encoder.encoded)
    again = beir_report(judged, encoder, target_tokens=160, cache=tmp_path / "cache")
    assert again["systems"] == report["systems"]
    assert len(encoder.encoded) - texts < 10  # the queries only


def test_sentence_vectors_are_made_only_when_asked_for(tmp_path: Path) -> None:
    judged = read_collection(collection(tmp_path / "animals"))
    for sentences, count in ((False, 0), (True, 60)):
        place = tmp_path / f"index-{sentences}"
        beir_report(judged, HashedEncoder(), target_tokens=160, index=place, sentences=sentences)
        reader = open_index(place)
        assert (len(reader.vectors), len(reader.sentences)) == (30, count)


def test_changed_collection_is_indexed_anew(tmp_path: Path) -> None:
    folder = collection(tmp_path / "animals")
    encoder = HashedEncoder()
    first = beir_report(read_collection(folder), encoder, target_tokens=160, index=tmp_path / "index")
    with (folder / "corpus.jsonl").open("a") as file:
        file.write(json.dumps({"_id": "new", "text": "A new document."}) + "\n")
    second = beir_report(read_collection(folder), encoder, target_tokens=160, index=tmp_path / "index")
    assert (first["documents"], second["documents"]) == (30, 31)
    assert first["index_id"] != second["index_id"]


def test_index_of_articles_is_left_alone(tmp_path: Path) -> None:
    encoder = HashedEncoder()
    report = build_index([TINY_CORPUS], tmp_path / "index", encoder=encoder)
    with pytest.raises(IndexStoreError, match="holds an index of articles"):
        beir_report(
            read_collection(collection(tmp_path / "animals")), encoder, target_tokens=160, index=tmp_path / "index"
        )
    assert open_index(tmp_path / "index").index_id == report.index_id


def test_progress_counts_documents_and_queries(tmp_path: Path) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}

    class Recorder(Progress):
        def __init__(self, label: str) -> None:
            self.calls = seen.setdefault(label, [])

        def __call__(self, done: int, total: int) -> None:
            self.calls.append((done, total))

    judged = read_collection(collection(tmp_path / "animals"))
    beir_report(judged, HashedEncoder(), target_tokens=160, cache=tmp_path, progress=Recorder)
    assert seen["documents"] == [(30, 30)]
    assert seen["queries"][-1] == (2, 2)


@pytest.mark.parametrize("document_id", ["plain", "a/b", "..", "ä ö", "100%", "x\ty", "A:B#C"])
def test_document_ids_come_back_unchanged(document_id: str) -> None:
    article_id = article_id_of(document_id)
    assert document_id_of(article_id) == document_id
    assert "/" not in article_id
    assert " " not in article_id


def test_document_becomes_an_article() -> None:
    found = as_article(Row("corpus.jsonl:1", {"_id": "d1", "title": "Heron", "text": "One.\nTwo."}))
    assert (found.title, found.text) == ("Heron", "One.\n\nTwo.")
    untitled = as_article(Row("corpus.jsonl:1", {"_id": "d1", "title": None, "text": "One."}))
    assert (untitled.title, untitled.text) == ("", "One.")
    assert as_article(Row("corpus.jsonl:1", {"_id": "d1", "title": "Heron", "text": ""})).text == "Heron"


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("corpus.jsonl", '{"_id": "a", "text": 3}\n', "corpus.jsonl:1: 'text' is 3"),
        ("corpus.jsonl", '{"text": "x"}\n', "corpus.jsonl:1: '_id' is missing"),
        ("corpus.jsonl", '{"_id": "a", "text": "x"}\n{"_id": "a", "text": "y"}\n', 'corpus.jsonl:2: _id "a" is used'),
        ("corpus.jsonl", "\n", "no documents"),
        ("queries.jsonl", "oops\n", "queries.jsonl:1: not JSON"),
        ("queries.jsonl", '{"_id": "q0", "text": ""}\n', "queries.jsonl:1: 'text' is"),
        ("qrels.tsv", "q0 d1 1\n", "qrels.tsv:1: 1 columns"),
        ("qrels.tsv", "q0\td1\tgood\n", 'qrels.tsv:1: score "good"'),
        ("qrels.tsv", "q77\td1\t1\n", 'qrels.tsv:1: query "q77"'),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq0\td1\t0\n", "no relevant document"),
    ],
)
def test_malformed_folder_is_refused(tmp_path: Path, name: str, content: str, complaint: str) -> None:
    folder = collection(tmp_path)
    (folder / name).write_text(content)
    with pytest.raises(EvaluationDataError) as caught:
        read_collection(folder)
    assert complaint in str(caught.value)
    assert "; expected " in str(caught.value)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (collection(tmp_path) / name).unlink()
    with pytest.raises(EvaluationDataError, match="no such file"):
        read_collection(tmp_path)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationDataError, match="no such folder"):
        read_collection(tmp_path / "nothing")


def test_judgement_of_an_unknown_document_counts_as_not_found(tmp_path: Path) -> None:
    folder = collection(tmp_path / "animals")
    (folder / "qrels.tsv").write_text("q0\tdoc/heron forest\t1\nq1\tgone\t1\n")
    judged = read_collection(folder)
    report = beir_report(judged, HashedEncoder(dimension=256), target_tokens=160, cache=tmp_path / "cache")
    assert report["systems"]["lexical"]["measures"]["R@100"] == 0.5
    assert "1 judgements name documents" in report["notes"][0]
