"""Embedding: texts in, unit vectors out."""
