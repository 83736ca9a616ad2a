"""相同: records in which a text is found and whose other fields have given values.

The index finds the few in which the text stands, so that nothing reads a whole kind.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.codec import from_fields
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.store import records, search
from sqzl_desktop.store.tables import TABLES
from sqzl_desktop.store.where import condition

_FOUND = sa.text(
    "SELECT rows.id FROM search JOIN rows ON rows.no = search.rowid"
    " WHERE search MATCH :expression AND rows.kind = :of_kind"
).columns(sa.column("id", sa.Text))


def with_text(
    tx: sa.Connection, kind: str, text: str, filters: Sequence[Filter], *, most: int = 20
) -> list[Element]:
    """The records of a kind in which every word of the text is found, and that pass the filters."""
    expression = search.match_expression(text)
    if not expression:
        return []
    described, table = BY_NAME[kind], TABLES[kind]
    found = _FOUND.bindparams(expression=expression, of_kind=kind).subquery()
    query = (
        sa.select(table)
        .where(table.c.id.in_(sa.select(found.c.id)), condition(described, table, filters))
        .limit(most)
    )
    rows = tx.execute(query).mappings()
    return [from_fields(described, row["id"], records.read_fields(described, row)) for row in rows]
