"""A search index of terms without places; the lists of people, dwellings, households in order."""

import sqlalchemy as sa

STATEMENTS = (
    "DROP TABLE search",
    "CREATE VIRTUAL TABLE search USING fts5(terms, content='', contentless_delete=1, detail=none,"
    " tokenize='unicode61')",
    "CREATE INDEX resident_name ON resident (name, id)",
    "CREATE INDEX dwelling_address ON dwelling (address, id)",
    "CREATE INDEX household_head_name ON household (head_name, id)",
)


def apply(tx: sa.Connection) -> None:
    """An empty index: `search.bring_up_to_date` fills it when all steps are done."""
    for statement in STATEMENTS:
        tx.exec_driver_sql(statement)
