"""Chunking: articles in, `Chunk`s within the encoder's window out."""
