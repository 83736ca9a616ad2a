"""历史: the operations on one record, with the values of those that had an effect."""

from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.protocol.messages import History, HistoryEvent, Operation
from sqzl_desktop.server import rows, scope
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.rows import Key
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import DEVICE, OPERATION

MOST = 500
_WITHOUT_EFFECT = ("held", "rejected")


def of_record(connection: sa.Connection, caller: Caller, community: str, key: Key) -> History:
    """The history of a record the caller sees."""
    zones = scope.zones(caller, community)
    stored = rows.load(connection, community, [key]).get(key)
    if stored is None or not zones.holds(stored.row.grid):
        raise Refusal(404, "NOT_FOUND", "没有找到该记录，或它不在您的负责范围内")
    of = OPERATION.c
    named = sorted({*stored.row.writes.values(), stored.row.last})[: rows.CHUNK]
    query = (
        sa.select(OPERATION, DEVICE.c.label)
        .select_from(OPERATION)
        .outerjoin(DEVICE, DEVICE.c.id == of.device)
        .where(of.community == community)
        .where(sa.or_(sa.and_(of.kind == key[0], of.record == key[1]), of.id.in_(named)))
        # within a second the ids tell, as well as anything can: it is only shown, nothing follows
        .order_by(of.received_at.desc(), of.id.desc())
        .limit(MOST + 1)
    )
    found = connection.execute(query).all()
    return History([_event(row, key) for row in found[:MOST]][::-1], len(found) > MOST)


def _event(row: sa.Row[Any], key: Key) -> HistoryEvent:
    it = row._mapping
    operation = msgspec.json.decode(it["body"], type=Operation)
    is_told = (operation.kind, operation.record) == key and it["outcome"] not in _WITHOUT_EFFECT
    return HistoryEvent(
        it["id"],
        it["author_name"],
        it["received_at"],
        it["made_at"],
        it["label"] or "",
        operation.action,
        operation.step,
        sorted({*operation.fields, *operation.sets}),
        it["outcome"],
        it["reason"],
        operation.fields if is_told else {},
        operation.sets if is_told else {},
    )
