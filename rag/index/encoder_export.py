"""Keep an export of the encoder in the index folder, made and checked when the index is built."""

import logging
import shutil
from pathlib import Path

from rag.chunk.windows import embedding_text
from rag.embed.encoder import PreparedEncoder, SentenceEncoder
from rag.embed.export import Sample, export_encoder, is_whole
from rag.embed.exported import export_folder
from rag.errors import ModelError
from rag.index.store import IndexReader

logger = logging.getLogger(__name__)

PASSAGES = 16
QUESTIONS = 48
"""How many of the collection's own texts an export is compared on: about three seconds of work, once."""


def keep_export(encoder: SentenceEncoder | PreparedEncoder, exports: Path, reader: IndexReader) -> bool:
    """Make the export of an encoder unless it is there and whole; return whether there is one now.

    A model that cannot be exported is no error: sentence-transformers then answers, more slowly, with the same vectors.

    Args:
        encoder: what the index was built with.
        exports: folder of exported encoders.
        reader: the index, whose texts are compared on.
    """
    plain = encoder.plain if isinstance(encoder, PreparedEncoder) else encoder
    folder = export_folder(exports, plain.files)
    if folder is None:
        logger.info("%s is not exported: its weights are not in a folder of their own", plain.name)
        return False
    if folder.is_dir() and is_whole(folder):
        return True
    try:
        agreement = export_encoder(plain, folder, sample_of(reader))
    except ModelError as error:
        logger.warning("%s; sentence-transformers answers instead, which starts more slowly", error)
        return False
    logger.info("%s exported: %s", plain.name, ", ".join(f"{name} {value:.7f}" for name, value in agreement.items()))
    for other in exports.iterdir():
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    return True


def sample_of(reader: IndexReader) -> Sample:
    """Return passages and questions from all over a collection, with the vectors of all its passages."""
    rows = reader.passages.all_rows()
    chunks = reader.chunks(rows[:: max(1, len(rows) // PASSAGES)][:PASSAGES])
    questions = list(
        dict.fromkeys(
            question for chunk in reader.chunks(rows).values() for question in chunk.questions or [chunk.title]
        )
    )
    return Sample(
        passages=[embedding_text(one.title, one.headings, one.text) for one in chunks.values()],
        questions=questions[:: max(1, len(questions) // QUESTIONS)][:QUESTIONS],
        vectors=reader.vectors.vectors(rows),
    )
