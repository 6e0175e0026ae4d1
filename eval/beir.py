"""Read a judged collection in BEIR form: `corpus.jsonl[.gz]`, `queries.jsonl[.gz]`, `qrels.tsv` or `qrels/test.tsv`."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from eval.json_rows import Row, read_lines, read_rows, shown
from eval.qrels import Qrels
from rag.errors import EvaluationDataError
from rag.ingest.text_builder import TextBuilder, clean_line
from rag.types import Article, ArticleId

HEADER = ("query-id", "corpus-id", "score")


@dataclass(frozen=True, slots=True)
class JudgedCollection:
    """A collection whose queries and judgements have been read; documents are read as they are needed.

    Attributes:
        name: the folder's name.
        corpus: the file with the documents.
        documents: how many there are.
        digest: SHA-256 (hex) of the documents' file as it is on disk.
        queries: text by query id; those that are judged.
        qrels: grades above zero by query and document id.
        notes: what was passed over, one line each.
    """

    name: str
    corpus: Path
    documents: int
    digest: str
    queries: dict[str, str]
    qrels: Qrels
    notes: tuple[str, ...]


def read_collection(folder: Path) -> JudgedCollection:
    """Return a judged collection, every line of it checked.

    Raises:
        EvaluationDataError: a file is missing or malformed, or a judgement names nothing that is there.
    """
    if not folder.is_dir():
        raise EvaluationDataError(
            f"{folder}:0: no such folder; expected one with corpus.jsonl, queries.jsonl, qrels.tsv"
        )
    corpus = _one_file(folder, "corpus.jsonl", "corpus.jsonl.gz")
    documents = _document_ids(corpus)
    queries = _queries(_one_file(folder, "queries.jsonl", "queries.jsonl.gz"))
    qrels, unknown = _qrels(_one_file(folder, "qrels.tsv", "qrels/test.tsv"), queries, documents)
    notes = []
    if unknown:
        notes.append(f"{unknown} judgements name documents that the corpus does not hold; they count as not found")
    if len(queries) > len(qrels):
        notes.append(f"{len(queries) - len(qrels)} queries have no relevant document and are left out")
    with corpus.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    judged = {query_id: text for query_id, text in queries.items() if query_id in qrels}
    return JudgedCollection(folder.resolve().name, corpus, len(documents), digest, judged, qrels, tuple(notes))


def read_documents(corpus: Path) -> Iterator[Article]:
    """Yield every document as an article, one at a time.

    Raises:
        EvaluationDataError: a line is malformed.
    """
    for row in read_rows(corpus):
        yield as_article(row)


def as_article(row: Row) -> Article:
    """Return a document as an article: its title, and a paragraph for each line of its text.

    A document without text is its title.

    Raises:
        EvaluationDataError: a field is missing or no text.
    """
    document_id = row.text("_id")
    title = clean_line(row.text("title", empty=True) if row.fields.get("title") is not None else "")
    text = row.text("text", empty=True)
    builder = TextBuilder()
    for line in (text if text.strip() else title).splitlines():
        builder.paragraph(line)
    return Article(
        article_id=article_id_of(document_id),
        title=title,
        text=builder.text(),
        blocks=tuple(builder.blocks),
        digest=hashlib.sha256(f"{title}\x00{text}".encode()).hexdigest(),
        path="",
    )


def article_id_of(document_id: str) -> ArticleId:
    """Return a document id as an article id, which holds no space, slash or sign of its own; see `document_id_of`."""
    return ArticleId(quote(document_id, safe=""))


def document_id_of(article_id: str) -> str:
    """Return the document id behind an article id; the inverse of `article_id_of`."""
    return unquote(article_id)


def _one_file(folder: Path, *names: str) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise EvaluationDataError(f"{folder / names[0]}:0: no such file; expected {' or '.join(names)}")


def _document_ids(corpus: Path) -> set[str]:
    found: set[str] = set()
    for row in read_rows(corpus):
        document_id = row.text("_id")
        if document_id in found:
            row.fail(f"_id {shown(document_id)} is used twice", "a new _id")
        as_article(row)
        found.add(document_id)
    if not found:
        raise EvaluationDataError(f"{corpus}:0: no documents; expected one a line")
    return found


def _queries(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in read_rows(path):
        query_id = row.text("_id")
        if query_id in found:
            row.fail(f"_id {shown(query_id)} is used twice", "a new _id")
        found[query_id] = row.text("text")
    return found


def _qrels(path: Path, queries: dict[str, str], documents: set[str]) -> tuple[Qrels, int]:
    """Judgements above zero by query, and how many of them name documents that are not there."""
    qrels: Qrels = {}
    unknown = 0
    for number, (place, line) in enumerate(read_lines(path)):
        fields = tuple(field.strip() for field in line.split("\t"))
        if number == 0 and fields == HEADER:
            continue
        if len(fields) != len(HEADER):
            raise EvaluationDataError(f"{place}: {len(fields)} columns; expected query-id, corpus-id and score by tabs")
        query_id, document_id, grade = fields
        if not grade.lstrip("-").isdigit():
            raise EvaluationDataError(f"{place}: score {shown(grade)}; expected a whole number")
        if query_id not in queries:
            raise EvaluationDataError(f"{place}: query {shown(query_id)}; expected an _id of the queries")
        if int(grade) > 0:
            unknown += document_id not in documents
            qrels.setdefault(query_id, {})[document_id] = int(grade)
    if not qrels:
        raise EvaluationDataError(f"{path}:0: no relevant document; expected at least one score above zero")
    return qrels, unknown
