"""The index: vectors in FAISS, texts and keywords in SQLite, saved as generations that are swapped in whole."""
