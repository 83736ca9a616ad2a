"""成组的变更: the operations of this device that one user action made together."""

import msgspec
import sqlalchemy as sa

from sqzl_desktop.protocol.messages import Operation
from sqzl_desktop.store import tables

_BODY = tables.outbox.c.body


def operation(tx: sa.Connection, operation_id: str) -> Operation | None:
    """An operation of this device, while its content is kept."""
    body = tx.scalar(sa.select(_BODY).where(tables.outbox.c.id == operation_id))
    return msgspec.json.decode(body, type=Operation) if body else None


def operations(tx: sa.Connection, group: str) -> list[tuple[str, Operation]]:
    """(state in the outbox, operation) of a group, in order; [] where it is not kept any more."""
    columns = tables.outbox.c
    named = columns.body.contains(f'"group":"{group}"', autoescape=True)
    query = sa.select(columns.state, columns.body).where(named).order_by(columns.no)
    return [
        (state, msgspec.json.decode(body, type=Operation))
        for state, body in tx.execute(query)
    ]  # fmt: skip
