"""一张表: the outside forms of this device, and a digest of every row that was handed in."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from sqzl_desktop.store import tables

Handed = dict[str, tuple[str, str]]


def names(tx: sa.Connection) -> list[tuple[str, str]]:
    """(name, moment of the last hand-in or "") of every form, by name."""
    columns = tables.outside_form.c
    query = sa.select(columns.name, columns.handed_in_at).order_by(columns.name)
    return [(row[0], row[1]) for row in tx.execute(query)]


def read(tx: sa.Connection, name: str) -> tuple[str, bytes] | None:
    """(description as JSON, the file itself) of a form."""
    columns = tables.outside_form.c
    query = sa.select(columns.body, columns.template).where(columns.name == name)
    row = tx.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def write(tx: sa.Connection, name: str, body: str, template: bytes) -> None:
    """Keep a form under its name; what was handed in before stays known."""
    statement = insert(tables.outside_form).values(
        name=name, body=body, template=template, handed_in_at=""
    )
    changed = {"body": body, "template": template}
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changed))


def rename(tx: sa.Connection, before: str, name: str) -> None:
    """A form is called otherwise; what was handed in stays known."""
    form, handed = tables.outside_form, tables.handed_in
    tx.execute(form.update().where(form.c.name == before).values(name=name))
    tx.execute(handed.update().where(handed.c.form == before).values(form=name))


def forget(tx: sa.Connection, name: str) -> None:
    """Drop a form and what was handed in."""
    tx.execute(tables.handed_in.delete().where(tables.handed_in.c.form == name))
    tx.execute(tables.outside_form.delete().where(tables.outside_form.c.name == name))


def handed_in(tx: sa.Connection, name: str) -> Handed:
    """Record to (digest of its row, what people call it), as last handed in."""
    columns = tables.handed_in.c
    query = sa.select(columns.record, columns.digest, columns.title).where(columns.form == name)
    return {row[0]: (row[1], row[2]) for row in tx.execute(query)}


def hand_in(tx: sa.Connection, name: str, at: str, rows: Mapping[str, tuple[str, str]]) -> None:
    """These rows were handed in, in place of those of the last time."""
    table, form = tables.handed_in, tables.outside_form
    tx.execute(table.delete().where(table.c.form == name))
    if rows:
        tx.execute(
            table.insert(),
            [
                {"form": name, "record": record, "digest": digest, "title": title}
                for record, (digest, title) in rows.items()
            ],
        )
    tx.execute(form.update().where(form.c.name == name).values(handed_in_at=at))


def forget_unseen(tx: sa.Connection) -> None:
    """Drop what was handed in of records that are not on this device any more, names with it."""
    tx.exec_driver_sql(
        "DELETE FROM handed_in WHERE NOT EXISTS"
        " (SELECT 1 FROM rows WHERE rows.id = handed_in.record)"
    )
