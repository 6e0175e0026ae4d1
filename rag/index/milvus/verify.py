"""Whether a server holds what its index says, and this machine's copy is as it was written."""

from pathlib import Path

from rag.errors import IndexStoreError
from rag.index.milvus.copies import COPIES, check_copy
from rag.index.milvus.layout import seen_by
from rag.index.milvus.rows import each_row
from rag.index.milvus.server import MilvusServer
from rag.index.milvus.source import reader_of
from rag.index.milvus.state import Note
from rag.index.milvus.vectors import Keys, PassageKeys, SentenceKeys
from rag.index.verify import Checked


def verify_server(server: MilvusServer, index: Path, note: Note) -> list[Checked]:
    """Return what was checked of the generation that answers, each with what is wrong with it.

    Checked are the copy byte by byte, and that the server holds a row for each passage, sentence and question of it
    and no others.

    Raises:
        IndexStoreError: the server does not answer.
    """
    folder = index / COPIES / note.generation.name
    reader_of(server, index, note).passages.close()  # makes the copy where there is none
    try:
        copy = check_copy(folder)
    except IndexStoreError as error:
        return [Checked(folder, _problem(error))]
    found = [Checked(folder, None)]
    articles = {
        row["article_id"]: row["digest"]
        for rows in each_row(server, note.names.articles, seen_by(note.current), ("article_id", "digest"))
        for row in rows
    }
    here = {article_id: place[2] for article_id, place in copy.article_places().items()}
    found.append(_checked(server, note.names.articles, "" if articles == here else "other articles"))
    sides: list[tuple[str, Keys]] = [
        (note.names.passages, PassageKeys(copy)),
        (note.names.sentences, SentenceKeys(copy)),
    ]
    for collection, keys in sides:
        held = {row["pk"] for rows in each_row(server, collection, seen_by(note.current), ("pk",)) for row in rows}
        wanted = set(keys.keys(keys.all()).values())
        missing, further = len(wanted - held), len(held - wanted)
        wrong = f"{missing} rows too few and {further} too many" if missing or further else ""
        found.append(_checked(server, collection, wrong))
    copy.close()
    return found


def _checked(server: MilvusServer, collection: str, wrong: str) -> Checked:
    return Checked(Path(f"{server.uri.partition('://')[2]}/{collection}"), f"holds {wrong}" if wrong else None)


def _problem(error: IndexStoreError) -> str:
    return str(error).partition(";")[0]
