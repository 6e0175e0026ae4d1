"""The first question to a saved index of a plain baseline, as a script that imports nothing of ours.

Usage: python -P speed_first_query.py plain|quick_start FOLDER MODEL QUESTION
"""

import json
import sys
import warnings
from pathlib import Path

TOP = 4
"""What a LangChain retriever returns unless told otherwise."""

VECTORS_FILE = "vectors.npy"
PASSAGES_FILE = "passages.json"


def plain(folder: Path, model: str, question: str) -> list[str]:
    """Return the top passages by sentence-transformers and a product with every vector."""
    import numpy as np
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(model, device="cpu")
    vectors = np.load(folder / VECTORS_FILE)
    passages = json.loads((folder / PASSAGES_FILE).read_text(encoding="utf-8"))
    query = encoder.encode([question], normalize_embeddings=True, show_progress_bar=False)[0]
    return [str(passages[row]) for row in np.argsort(-(vectors @ query))[:TOP]]


def quick_start(folder: Path, model: str, question: str) -> list[str]:
    """Return the top passages by LangChain's quick start."""
    with warnings.catch_warnings():
        # The community package says at every import that it is no longer developed.
        warnings.simplefilter("ignore")
        from langchain_community.vectorstores import FAISS  # type: ignore[import-not-found, unused-ignore]
        from langchain_huggingface import HuggingFaceEmbeddings  # type: ignore[import-not-found, unused-ignore]

    embeddings = HuggingFaceEmbeddings(model_name=model, model_kwargs={"device": "cpu"})
    # The folder was written a moment ago by the measuring process itself.
    store = FAISS.load_local(str(folder), embeddings, allow_dangerous_deserialization=True)
    return [str(found.page_content) for found in store.similarity_search(question, k=TOP)]


if __name__ == "__main__":
    system = {"plain": plain, "quick_start": quick_start}[sys.argv[1]]
    print("\n\n".join(system(Path(sys.argv[2]), sys.argv[3], sys.argv[4])))
