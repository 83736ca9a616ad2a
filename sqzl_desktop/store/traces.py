"""痕迹: what is left of records that are out of sight, and how it is removed for good.

Deleting a row is not enough: the outbox holds what was sent, the search index keeps deleted words
until it is merged, the author table names who wrote them. Work the server has not answered yet is
never touched.
"""

from collections.abc import Callable

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain.access import Zones
from sqzl_desktop.protocol.messages import Operation, Removed
from sqzl_desktop.store import confirmed, downloads, forms, history, meta, proof, records, tables

_MARK, _REMOVED, _TOLD = "traces", "removed", "scope_told"
_removed = msgspec.json.Decoder(list[Removed])
# answered operations on records that are not here (any more)
_UNSEEN = (
    "state IN ('done', 'refused', 'dropped') AND NOT EXISTS"
    " (SELECT 1 FROM rows WHERE rows.kind = outbox.kind AND rows.id = outbox.record)"
)
# the person is still to be told what became of these: the fact stays, what was in them does not
_REFUSED = f"{_UNSEEN} AND state = 'refused'"
_REJECTED = "这项修改没有被接受；该记录已不在本机，您填写的内容保存在服务器"
_ASK = "如仍需要办理，请联系社区负责人"
_NOT_EMPTIED = "(body LIKE '%\"fields\"%' OR body LIKE '%\"sets\"%' OR body LIKE '%\"saw\"%')"
_STILL_TO_COME = (
    "SELECT 1 FROM outbox WHERE state IN ('pending', 'answered', 'owed') AND NOT EXISTS"
    " (SELECT 1 FROM rows WHERE rows.kind = outbox.kind AND rows.id = outbox.record) LIMIT 1"
)
_UNANSWERED = (
    "EXISTS (SELECT 1 FROM outbox WHERE outbox.kind = rows.kind AND outbox.record = rows.id"
    " AND outbox.state IN ('pending', 'answered', 'owed'))"
)
_UNREFERENCED = (
    "operation NOT IN (SELECT value FROM rows, json_each(rows.writes)"
    " UNION SELECT last FROM rows UNION SELECT operation FROM history)"
)
_UNSEEN_BLOB = (
    "attachment NOT IN (SELECT id FROM rows WHERE kind = 'attachment')"
    " AND NOT EXISTS (SELECT 1 FROM blob JOIN outbox ON outbox.record = blob.attachment"
    " WHERE blob.attachment = {table}.attachment AND blob.stored = 0"
    " AND outbox.state IN ('pending', 'answered', 'owed'))"
)


def mark(tx: sa.Connection) -> None:
    """Something left this device's sight: traces of it are to be removed."""
    meta.put(tx, _MARK, "1")


def is_marked(tx: sa.Connection) -> bool:
    """Are there traces to be removed?"""
    return meta.get(tx, _MARK) == "1"


def unmark(tx: sa.Connection) -> None:
    """They are removed, from the log of the file too. Unanswered work will leave new ones."""
    if tx.exec_driver_sql(_STILL_TO_COME).first() is None:
        meta.put(tx, _MARK, "")


def let_go(tx: sa.Connection, community: str, zones: Zones) -> Removed:
    """Forget what is here of a community and outside the zones; what that was."""
    lost = {grid for grid in confirmed.grids(tx, community) if not zones.holds(grid)}
    rows = 0
    for grid in sorted(lost):
        rows += _count(tx, community, grid)
        confirmed.clear(tx, community, grid)
    sums = confirmed.read_sums(tx, community)
    confirmed.write_sums(
        tx, community, {grid: each for grid, each in sums.items() if grid not in lost}
    )
    _let_go_of_unconfirmed(tx, community, zones)
    mark(tx)
    return Removed(community, sorted(lost), rows)


def _count(tx: sa.Connection, community: str, grid: str) -> int:
    of = tables.rows.c
    query = sa.select(sa.func.count()).where(of.community == community, of.grid == grid)
    return int(tx.execute(query.where(of.rev > 0)).scalar_one())


def _let_go_of_unconfirmed(tx: sa.Connection, community: str, zones: Zones) -> None:
    """Records this device made that the server did not take, in grids that are lost."""
    of = tables.rows.c
    query = sa.select(of.no, of.kind, of.id).where(of.community == community, of.rev == 0)
    for no, kind, record_id in tx.execute(query.where(sa.text(f"NOT {_UNANSWERED}"))).all():
        if not zones.holds(_grid_of_unconfirmed(tx, kind, record_id)):
            records.hide(tx, kind, no, record_id)
            confirmed.drop_base(tx, no)
            tx.execute(tables.rows.delete().where(of.no == no))


def _grid_of_unconfirmed(tx: sa.Connection, kind: str, record_id: str) -> str:
    """Where its operations say it is: it may be deleted here again, and shown nowhere."""
    of = tables.outbox.c
    bodies = sa.select(of.body).where(of.kind == kind, of.record == record_id, of.body != "")
    grid = ""
    for body in tx.execute(bodies.order_by(of.no)).scalars():
        operation = msgspec.json.decode(body, type=Operation)
        grid = str(operation.fields.get("grid_id", grid) or "")
    return grid


def remove(tx: sa.Connection, note: Callable[[str, str, str], None]) -> None:
    """Remove every trace of records that are not here. `note` is told of what the audit keeps:
    (kind, record, what became of it)."""
    refused = f"SELECT kind, record, id FROM outbox WHERE {_REFUSED} AND {_NOT_EMPTIED}"
    for kind, record_id, operation in tx.exec_driver_sql(refused).all():
        note(kind, record_id, f"operation {operation}")
    tx.exec_driver_sql(
        "UPDATE outbox SET body = json_remove(body, '$.fields', '$.sets', '$.saw')"
        f" WHERE {_REFUSED} AND {_NOT_EMPTIED}"
    )
    # why it was rejected may quote what was typed
    tx.exec_driver_sql(
        f"UPDATE outbox SET reason = ?, advice = ? WHERE {_REFUSED} AND outcome = 'rejected'",
        (_REJECTED, _ASK),
    )
    tx.exec_driver_sql(f"DELETE FROM outbox WHERE {_UNSEEN} AND state <> 'refused'")
    history.forget_unseen(tx)
    forms.forget_unseen(tx)
    proof.forget_strays(tx)  # a damaged register must not keep a record in sight
    tx.exec_driver_sql(f"DELETE FROM author WHERE {_UNREFERENCED}")
    for table in ("blob_part", "blob"):
        tx.exec_driver_sql(f"DELETE FROM {table} WHERE {_UNSEEN_BLOB.format(table=table)}")
    downloads.clear(tx)
    # deleted words stay in the index until its parts are merged
    tx.exec_driver_sql("INSERT INTO search(search) VALUES ('optimize')")


def has_unanswered(tx: sa.Connection, community: str) -> bool:
    """Is there work on a community that the server has not answered?"""
    of = tables.outbox.c
    query = sa.select(of.no).where(
        of.community == community, of.state.in_(("pending", "answered", "owed"))
    )
    return tx.execute(query.limit(1)).first() is not None


def forget_community(tx: sa.Connection, community: str) -> None:
    """Forget where its log was read up to; call when nothing of it is left."""
    for table in (tables.cursor, tables.bucket):
        tx.execute(table.delete().where(table.c.community == community))


def known_communities(tx: sa.Connection) -> dict[str, int]:
    """The communities of which this device holds, or has held, anything: read under which scope."""
    of = tables.cursor.c
    found = tx.execute(sa.select(of.community, of.scope_version).order_by(of.community))
    return {row.community: row.scope_version for row in found}


def note_removed(tx: sa.Connection, removed: Removed) -> None:
    """Keep what was removed until the server has been told."""
    waiting = [*removed_so_far(tx), removed]
    meta.put(tx, _REMOVED, msgspec.json.encode(waiting).decode())


def removed_so_far(tx: sa.Connection) -> list[Removed]:
    """What was removed and not yet told."""
    kept = meta.get(tx, _REMOVED)
    return _removed.decode(kept) if kept else []


def told(tx: sa.Connection, version: int) -> None:
    """The server knows what was removed, and that this device is at that scope version."""
    meta.put(tx, _REMOVED, "")
    meta.put(tx, _TOLD, str(version))


def is_told(tx: sa.Connection, version: int) -> bool:
    """Is nothing left to be removed, and does the server know, at that scope version?"""
    found = meta.get_some(tx, (_MARK, _REMOVED, _TOLD))
    return found == {_MARK: "", _REMOVED: "", _TOLD: str(version)}


def told_version(tx: sa.Connection) -> int:
    """The scope version at which the server last knew this device to be; 0 at first."""
    return int(meta.get(tx, _TOLD) or "0")
