"""Move an answerer to another generation of its index without loading anything heavy again."""

import copy
from dataclasses import replace

from rag.chain.answerer import Answerer
from rag.errors import IndexMismatchError
from rag.index.store import IndexReader
from rag.retrieve.hybrid import HybridRetriever


def answerer_over(answerer: Answerer, reader: IndexReader) -> Answerer:
    """Return an answerer like the given one over another reader; the given one goes on working.

    Raises:
        IndexMismatchError: another encoder built the index.
    """
    if reader.manifest.recipe.model != answerer.encoder.name:
        raise IndexMismatchError(
            f"{reader.folder} was built with {reader.manifest.recipe.model}, not with {answerer.encoder.name}; "
            "start the program again with the settings that the index was built with"
        )
    renewed = copy.copy(answerer)
    renewed.reader = reader
    renewed.chooser = replace(answerer.chooser, retriever=HybridRetriever(reader, answerer.encoder))
    return renewed
