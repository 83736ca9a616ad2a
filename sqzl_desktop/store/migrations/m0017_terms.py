"""The search index takes terms as they are: they were cut and folded before they came."""

import sqlalchemy as sa

STATEMENTS = (
    "DROP TABLE search",
    "CREATE VIRTUAL TABLE search USING fts5(terms, content='', contentless_delete=1, detail=none,"
    " tokenize='ascii')",
)


def apply(tx: sa.Connection) -> None:
    """An empty index: `search.bring_up_to_date` fills it when all steps are done."""
    for statement in STATEMENTS:
        tx.exec_driver_sql(statement)
