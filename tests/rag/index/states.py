"""A collection before and after a change, and everything that an index of it answers."""

from pathlib import Path
from typing import Any

import numpy as np

from rag.chain.answerer import Answerer
from rag.chain.other_subjects import OtherSubjects
from rag.chain.renewal import answerer_over
from rag.index.store import IndexReader, open_index
from tests.fakes import CalmSafety, HashedEncoder

QUESTIONS = ("Is heat warm?", "What is ice?", "How long should a walk be?", "Is rest calm?", "petrissage")
BEFORE = {
    "heat": "## Packs\n\nHeat is warm for the back. Packs are soft and cheap.",
    "cold": "## Ice\n\nIce is cold and numbs the skin. Ice melts in the hand.",
    "walk": "## Walks\n\nA walk should be short at first. A walk may grow week by week.",
}
AFTER = {
    "heat": "## Packs\n\nHeat is gentle for the back. Packs are soft and cheap.",
    "walk": BEFORE["walk"],
    "rest": "## Rest\n\nRest is calm and quiet. Rest for a day may help.",
}


def write_collection(folder: Path, articles: dict[str, str]) -> Path:
    """Make a folder hold exactly these articles."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in articles.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def answers(index: Path) -> list[Any]:
    """Everything that readers can see of an index, row numbers left out."""
    return answers_of(open_index(index))


def answers_of(reader: IndexReader) -> list[Any]:
    """Everything that readers can see of an open index, row numbers left out."""
    encoder = HashedEncoder()
    found: list[Any] = [(one.article_id, one.title, one.text) for one in reader.articles()]
    for question in QUESTIONS:
        vector = encoder.encode([question])
        by_row = reader.chunks(reader.passages.all_rows())
        found.append(sorted((round(cosine, 5), by_row[row].text) for row, cosine in reader.search_vectors(vector, k=9)))
        found.append(
            sorted((round(cosine, 5), by_row[row].text, at) for row, at, cosine in reader.search_sentences(vector, k=9))
        )
        found.append(sorted((round(score, 5), by_row[row].text) for row, score in reader.search_words(question, k=9)))
        answer = _answerer_over(reader).invoke(question)
        found.append((answer.behavior, answer.text))
    return found


def _answerer_over(reader: IndexReader) -> Answerer:
    if not _shared:
        nothing = OtherSubjects(np.zeros((1, HashedEncoder().dimension), dtype=np.float32))
        _shared.append(Answerer(reader, HashedEncoder(), CalmSafety(), subjects=nothing))
    return answerer_over(_shared[0], reader)


_shared: list[Answerer] = []
