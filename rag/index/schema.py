"""The tables of the passage database, and the identity of all that its rows hold."""

from rag.index.chunk_rows import layout_id

SCHEMA = """
CREATE TABLE articles (
    article_id TEXT PRIMARY KEY, origin TEXT NOT NULL, path TEXT NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article_id TEXT, title TEXT NOT NULL, headings TEXT NOT NULL,
    text TEXT NOT NULL, metadata TEXT NOT NULL
);
CREATE INDEX passages_by_article ON passages (article_id);
CREATE VIRTUAL TABLE words USING fts5 (
    title, headings, text, content='passages', content_rowid='row', tokenize='porter unicode61 remove_diacritics 2'
);
CREATE TABLE stems (term TEXT PRIMARY KEY, doc INTEGER NOT NULL) WITHOUT ROWID;
"""

LAYOUT = layout_id(SCHEMA)
"""Identity of the tables and of the fields in their rows: an index with another one is refused."""
