"""历史: the operations on one record, without the values they carried."""

import msgspec
import sqlalchemy as sa

from sqzl_desktop.protocol.messages import Operation
from sqzl_desktop.server import rows, scope
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.rows import Key
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import DEVICE, OPERATION

MOST = 500


class Event(msgspec.Struct, frozen=True):
    """One operation: who, when (server's receipt, device's claim), where, which fields, outcome."""

    id: str
    author: str
    received_at: str
    made_at: str
    device: str
    action: str
    step: str
    fields: list[str]
    outcome: str
    reason: str


class History(msgspec.Struct, frozen=True):
    """The newest operations on a record, oldest first."""

    events: list[Event]


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
        .order_by(of.received_at.desc(), of.n.desc())
        .limit(MOST)
    )
    return History([_event(row) for row in connection.execute(query)][::-1])


def _event(row: sa.Row[tuple[object, ...]]) -> Event:
    it = row._mapping
    operation = msgspec.json.decode(it["body"], type=Operation)
    return Event(
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
    )
