"""查重: residents with the same ID number, found by keyed hashes; nothing is refused for it.

A mark lies in its resident's grid and names nobody else, so that no device learns more of another
grid than that somebody there has the same number.
"""

import dataclasses
import hmac
import uuid
from collections.abc import Mapping, Sequence

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.identity import normal_id_number
from sqzl_desktop.domain.kinds.duplicate import DUPLICATE
from sqzl_desktop.protocol.merge import ALL
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.server import checks, rows
from sqzl_desktop.server.desk import Desk, Verdict
from sqzl_desktop.server.ledger import Change
from sqzl_desktop.server.refusals import Held, Rejected
from sqzl_desktop.server.tables import COUNTER, IDENTITY, META

NAME = DUPLICATE.name
DISMISS = "dismiss"
_MARK = uuid.UUID("a3f0c3d4-4d0e-4f5b-8e55-6d2f9be1b07c")
_RESIDENT_ID = "111"  # what a number is where nothing else is said


@dataclasses.dataclass(frozen=True, slots=True)
class _Line:
    """What is known of a resident with a number: the hash, where it lies, who wrote it last."""

    hash: str
    grid: str
    last: str
    marked: bool


Lines = dict[str, _Line]  # by the id of the resident


def follow(
    connection: sa.Connection, community: str, changes: Sequence[Change]
) -> Sequence[Change]:
    """The changes, and those of the marks that come or go with them.

    Takes the community's counter: whoever writes the same number at the same time is seen.
    """
    touched = [each for each in changes if each.after.kind == "resident" and _matters(each)]
    if not touched:
        return changes
    key = _key(connection)
    now = {each.after.id: _line(key, each.after) for each in touched}
    counter = sa.select(COUNTER.c.seq).where(COUNTER.c.community == community)
    connection.execute(counter.with_for_update())
    before = _known(connection, community, now)
    after = {record: line for record, line in {**before, **now}.items() if line is not None}
    shared = _shared(after)
    after = {record: _marked(line, line.hash in shared) for record, line in after.items()}
    _write(connection, community, before, after)
    return _with_marks(connection, community, changes, before, after)


def decide(desk: Desk, operation: Operation) -> Verdict:
    """What becomes of a step on a mark: somebody has looked and found nothing to do."""
    if operation.step != DISMISS:
        raise Rejected(f"疑似重复没有“{operation.step}”这一步", "请更新程序后重试")
    checks.right(desk.scene, "settle", DUPLICATE)
    row = desk.rows.get((NAME, operation.record))
    if row is None or row.deleted:
        raise Rejected("该疑似重复已经消除", "请同步后查看最新情况")
    if not desk.scene.holds(row.grid, operation):
        raise Held("该居民已不在您负责的网格内")
    if row.fields.get("state") == "dismissed":
        return Verdict("noop")
    values: dict[str, Json] = {
        "state": "dismissed",
        "dismissed_by": desk.scene.actor.name,
        "dismissed_at": desk.scene.received_at,
    }
    writes = {**row.writes, **dict.fromkeys(values, operation.id)}
    desk.rows[NAME, row.id] = msgspec.structs.replace(
        row, fields={**row.fields, **values}, writes=writes, last=operation.id
    )
    return Verdict("applied")


_COMPARED = ("id_number", "id_type", "merged_into")


def _matters(change: Change) -> bool:
    if change.before is None:
        return bool(_number(change.after))
    before, after = change.before.row, change.after
    if all(before.fields.get(name) == after.fields.get(name) for name in _COMPARED):
        return before.deleted != after.deleted or before.grid != after.grid
    return (_number(before), before.grid) != (_number(after), after.grid)


def _number(row: Row) -> str:
    """The document's type and number of a living record, "" where there is none to compare.

    Nor is there for an alias: that it is the same person is known.
    """
    number = normal_id_number(str(row.fields.get("id_number") or ""))
    document = row.fields.get("id_type") or _RESIDENT_ID
    is_out = row.deleted or row.fields.get("merged_into")
    return "" if is_out or not number else f"{document} {number}"


def _line(key: bytes, row: Row) -> _Line | None:
    number = _number(row)
    if not number:
        return None
    return _Line(hmac.digest(key, number.encode(), "sha256").hex(), row.grid, row.last, False)


def _marked(line: _Line, marked: bool) -> _Line:
    return line if line.marked == marked else dataclasses.replace(line, marked=marked)


def _key(connection: sa.Connection) -> bytes:
    query = sa.select(META.c.value).where(META.c.name == "identity_key")
    return bytes.fromhex(str(connection.scalar(query)))


def _known(connection: sa.Connection, community: str, now: Mapping[str, _Line | None]) -> Lines:
    """What was known of these residents and of all who share a number with them, then or now."""
    known: Lines = {}
    for part in rows.chunks(sorted(now)):
        hashes = sorted({line.hash for each in part if (line := now[each])})
        known |= _lines(
            connection, community, sa.or_(IDENTITY.c.id.in_(part), IDENTITY.c.hash.in_(hashes))
        )
    left = {
        known[each].hash
        for each, line in now.items()
        if each in known and known[each].marked and (not line or line.hash != known[each].hash)
    }
    for part in rows.chunks(sorted(left)):
        known |= _lines(connection, community, IDENTITY.c.hash.in_(part))
    return known


def _lines(connection: sa.Connection, community: str, where: sa.ColumnElement[bool]) -> Lines:
    query = sa.select(IDENTITY).where(IDENTITY.c.community == community, where)
    return {
        each.id: _Line(each.hash, each.grid, each.last, bool(each.marked))
        for each in connection.execute(query)
    }


def _shared(lines: Lines) -> set[str]:
    seen: set[str] = set()
    shared: set[str] = set()
    for line in lines.values():
        (shared if line.hash in seen else seen).add(line.hash)
    return shared


def _write(connection: sa.Connection, community: str, before: Lines, after: Lines) -> None:
    changed = [record for record, line in before.items() if after.get(record) != line]
    for part in rows.chunks(changed):
        of = IDENTITY.c
        connection.execute(sa.delete(IDENTITY).where(of.community == community, of.id.in_(part)))
    made = [
        {"community": community, "id": record, "hash": line.hash, "grid": line.grid,
         "last": line.last, "marked": int(line.marked)}
        for record, line in after.items()
        if before.get(record) != line
    ]  # fmt: skip
    if made:
        connection.execute(sa.insert(IDENTITY), made)


def _with_marks(
    connection: sa.Connection,
    community: str,
    changes: Sequence[Change],
    before: Lines,
    after: Lines,
) -> Sequence[Change]:
    concerned = {each for each, line in {**before, **after}.items() if line.marked}
    concerned |= {each for each, line in before.items() if line.marked}
    if not concerned:
        return changes
    ids = {str(uuid.uuid5(_MARK, each)): each for each in concerned}
    at_hand = {each.after.id: each for each in changes if each.after.kind == NAME}
    standing = rows.load(connection, community, ((NAME, each) for each in ids), lock=True)
    made = dict(at_hand)
    for mark, record in ids.items():
        stored = standing.get((NAME, mark))
        row = at_hand[mark].after if mark in at_hand else stored.row if stored else None
        wanted = _mark(community, mark, record, row, after.get(record))
        if wanted is not None and wanted != row:
            made[mark] = Change(stored, wanted)
    return [*(each for each in changes if each.after.kind != NAME), *made.values()]


def _mark(
    community: str, mark: str, record: str, row: Row | None, line: _Line | None
) -> Row | None:
    """The mark of a resident as it should be; `row` is what there is."""
    if line is None or not line.marked:
        return row and msgspec.structs.replace(row, deleted=True)
    fields: dict[str, Json] = {
        "community_id": community,
        "record_id": record,
        "token": str(uuid.uuid5(_MARK, line.hash)),
        "state": "open",
    }
    if line.grid:
        fields["grid_id"] = line.grid
    if row is None or row.deleted or row.fields.get("token") != fields["token"]:
        rev = row.rev if row else 0
        return Row(NAME, mark, line.grid, rev, fields, {ALL: line.last}, line.last)
    return row if row.grid == line.grid else rows.in_grid(row, line.grid, line.last)
