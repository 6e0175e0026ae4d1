"""Retrieval: a question's text in, ranked `Hit`s out."""
