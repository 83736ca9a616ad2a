"""成批: many rows into or out of a table in one statement, on either database."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

Line = Mapping[str, Any]  # a value for each column of the table
Condition = Callable[[sa.Column[Any]], sa.ColumnElement[bool]]


def among(
    connection: sa.Connection, column: sa.Column[Any], values: Sequence[str]
) -> sa.ColumnElement[bool]:
    """The condition that a text column holds one of many values; no more than `rows.CHUNK`."""
    if connection.dialect.name == "postgresql":  # one parameter instead of hundreds
        return column == _any_of(sa.bindparam(None, _json(values), sa.Text, unique=True))
    return column.in_(values)


class Among:
    """A query with a condition on many texts, built once for each database.

    Building a statement anew costs three times what running it does. `make` is given what makes
    the condition of a column; the texts are then the parameter `some`, at most `rows.CHUNK`.
    """

    def __init__(self, make: Callable[[Condition], sa.Select[Any]]) -> None:
        texts = _any_of(sa.bindparam("some", type_=sa.Text))
        self._postgresql = make(lambda column: column == texts)
        self._sqlite = make(lambda column: column.in_(sa.bindparam("some", expanding=True)))
        # without statistics yet, PostgreSQL reads a whole kind to find one of a list of one
        self._only = make(lambda column: column == sa.bindparam("some"))

    def run(
        self, connection: sa.Connection, some: Sequence[str], **values: Any
    ) -> sa.CursorResult[Any]:
        """Ask for some of the texts."""
        if len(some) == 1:
            return connection.execute(self._only, {"some": some[0], **values})
        is_server = connection.dialect.name == "postgresql"
        if is_server:
            return connection.execute(self._postgresql, {"some": _json(some), **values})
        return connection.execute(self._sqlite, {"some": list(some), **values})


def _any_of(texts: sa.BindParameter[str]) -> sa.ColumnElement[Any]:
    """Any of a JSON list of texts.

    psycopg takes long to write an array; and of an array that it is told PostgreSQL thinks, as
    long as it has no statistics, that most rows are in it, of one it works out that few are.
    """
    listed = sa.func.json_array_elements_text(sa.cast(texts, sa.JSON)).column_valued("each")
    return sa.any_(sa.func.array(sa.select(listed).scalar_subquery()))


def insert(connection: sa.Connection, table: sa.Table, lines: Sequence[Line]) -> None:
    """Put new rows into a table."""
    if not lines:
        return
    names = ", ".join(f'"{column.name}"' for column in table.c)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({names}) SELECT * FROM {_given(table)}",
            (_json(lines),),
        )
    else:
        places = ", ".join("?" * len(table.c))
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({names}) VALUES ({places})",
            _rows(lines, [column.name for column in table.c]),
        )


def update(connection: sa.Connection, table: sa.Table, lines: Sequence[Line]) -> None:
    """Replace rows of one community by those of the same primary key.

    The community is given as a value of its own, so that one partition is looked at.
    """
    if not lines:
        return
    keys = [column.name for column in table.primary_key]
    values = [column.name for column in table.c if column.name not in keys]
    if connection.dialect.name == "postgresql":
        sets = ", ".join(f'"{name}" = new."{name}"' for name in values)
        same = " AND ".join(f'{table.name}."{name}" = new."{name}"' for name in keys)
        connection.exec_driver_sql(
            f"UPDATE {table.name} SET {sets} FROM {_given(table)}"
            f" WHERE {table.name}.community = %s AND {same}",
            (_json(lines), lines[0]["community"]),
        )
    else:
        sets = ", ".join(f'"{name}" = ?' for name in values)
        same = " AND ".join(f'"{name}" = ?' for name in keys)
        connection.exec_driver_sql(
            f"UPDATE {table.name} SET {sets} WHERE {same}",
            _rows(lines, [*values, *keys]),
        )


def _given(table: sa.Table) -> str:
    """The lines as a table of PostgreSQL; arrays of psycopg take ten times as long to write."""
    types = ("bigint" if isinstance(column.type, sa.BigInteger) else "text" for column in table.c)
    names = (f'"{column.name}"' for column in table.c)
    columns = ", ".join(map(" ".join, zip(names, types, strict=True)))
    return f"json_to_recordset(%s::json) AS new ({columns})"


def _json(lines: Sequence[Line] | Sequence[str]) -> str:
    return msgspec.json.encode(lines).decode()


def _rows(lines: Sequence[Line], names: Sequence[str]) -> list[tuple[Any, ...]]:
    return [tuple(line[name] for name in names) for line in lines]
