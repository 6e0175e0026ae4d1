"""The one table of the feedback store, the same in every database."""

from sqlalchemy import JSON, Boolean, Column, Integer, MetaData, String, Table, Text, false

METADATA = MetaData()

FEEDBACK = Table(
    "citewell_feedback",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("created", String(32), nullable=False, index=True),  # ISO time in UTC: sorts as text in every database
    Column("verdict", String(8), nullable=False),
    Column("reason", String(32)),
    Column("behavior", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("question", Text),  # only where the reader agreed to send it
    Column("history", JSON, nullable=False),
    Column("passages", JSON, nullable=False),
    Column("index_id", String(64), nullable=False),
    Column("candidate", Boolean, nullable=False, server_default=false()),
    sqlite_autoincrement=True,  # the number of a deleted row is not given again
)
