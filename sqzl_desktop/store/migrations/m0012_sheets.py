"""Imports that can be undone, and outside forms (一张表) with what was last handed in."""

import sqlalchemy as sa

DDL = """
CREATE TABLE import_run (id TEXT NOT NULL, at TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT
NULL, file TEXT NOT NULL, outcome TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
undone_at TEXT NOT NULL, PRIMARY KEY (id));
CREATE TABLE outside_form (name TEXT NOT NULL, body TEXT NOT NULL, template BLOB NOT NULL,
handed_in_at TEXT NOT NULL, PRIMARY KEY (name));
CREATE TABLE handed_in (form TEXT NOT NULL, record TEXT NOT NULL, digest TEXT NOT NULL, title TEXT
NOT NULL, PRIMARY KEY (form, record));
"""


def apply(tx: sa.Connection) -> None:
    """Create the tables."""
    for statement in DDL.split(";"):
        if statement.strip():
            tx.exec_driver_sql(statement.replace("\n", " "))
