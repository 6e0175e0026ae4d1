"""Whether being fast changed anything: the exported encoder beside sentence-transformers, on the run's own texts."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.embed.encoder import PreparedEncoder
from rag.embed.export import agreement_of, top_overlap
from rag.index.store import open_index
from rag.retrieve.hybrid import HybridRetriever

TOP = 10


def agreement(encoder: PreparedEncoder, index: Path, questions: Sequence[str]) -> dict[str, float]:
    """Return how near the export is to the model itself.

    Args:
        encoder: an export, with the model that it was made from.
        index: the index folder, whose vectors are the model's.
        questions: one or more.

    Returns:
        `min_cosine` and `max_difference` of the questions' vectors; the share of the ten best passages that both have
        in common, by vectors alone (`top_10_overlap`) and by the whole search (`search_top_10_overlap`).
    """
    plain = encoder.plain
    theirs, ours = plain.encode(questions), encoder.encode(questions)
    reader = open_index(index)
    found = agreement_of(theirs, ours)
    found["top_10_overlap"] = top_overlap(theirs, ours, reader.vectors.vectors(reader.passages.all_rows()))
    searches = [HybridRetriever(reader, one) for one in (plain, encoder)]
    shares = []
    for question in questions:
        one, other = ([hit.chunk.chunk_id for hit in search.retrieve(question, k=TOP)] for search in searches)
        shares.append(len({*one} & {*other}) / max(len(one), 1))
    found["search_top_10_overlap"] = float(np.mean(shares))
    return found
