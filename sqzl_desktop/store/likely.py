"""疑似重复: residents in sight who share a number, or a name with birth date or phone."""

from collections.abc import Iterator

import sqlalchemy as sa

_MOST = 500  # groups; what is more is a wrong import, not people registered twice
_KEYS = {
    "number": ("id_number", "coalesce(id_type, '111')"),
    "born": ("name", "born_on"),
    "phone": ("name", "phone"),
}


def groups(tx: sa.Connection) -> Iterator[tuple[str, list[str]]]:
    """(what they share, ids in order), the most telling first. Records merged are left out."""
    for what, (first, second) in _KEYS.items():
        query = (
            "SELECT group_concat(id) FROM"
            f" (SELECT id, community_id, {first} AS a, {second} AS b FROM resident"
            f" WHERE +merged_into IS NULL AND {first} IS NOT NULL AND {second} IS NOT NULL"
            " ORDER BY id) GROUP BY community_id, a, b HAVING count(*) BETWEEN 2 AND 5 LIMIT ?"
        )
        for (ids,) in tx.exec_driver_sql(query, (_MOST,)):
            yield what, sorted(ids.split(","))
