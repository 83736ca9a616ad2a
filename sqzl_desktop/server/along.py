"""随迁: what is written down beside a record goes with it to another grid, open or done with.

Beside a resident that is all that names them: visits, care, blocks; a stay lies where its dwelling
does. Whoever looks after a person now sees what was done for them before. What a case consists of
lies where the case does, wherever the people in it live.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.domain.kinds.attachment import ATTACHMENT
from sqzl_desktop.domain.kinds.case import CASE
from sqzl_desktop.domain.kinds.case_party import CASE_PARTY
from sqzl_desktop.domain.kinds.case_step import CASE_STEP
from sqzl_desktop.domain.kinds.handover import HANDOVER
from sqzl_desktop.domain.kinds.residence import RESIDENCE
from sqzl_desktop.domain.kinds.supplement import SUPPLEMENT
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.server import rows
from sqzl_desktop.server.ledger import Change
from sqzl_desktop.server.rows import Key
from sqzl_desktop.server.tables import RECORD

BESIDE = ("conflict", ATTACHMENT.name, HANDOVER.name, SUPPLEMENT.name)
OF_CASE = (CASE_STEP.name, CASE_PARTY.name)
OF_PERSON = tuple(
    kind.name
    for kind in KINDS
    if "resident_id" in kind.known and kind.name not in (RESIDENCE.name, *OF_CASE)
)
_OF_THEM = (*OF_CASE, *OF_PERSON)
_ADDED_BY_PEOPLE = (ATTACHMENT.name, *_OF_THEM)
_PLACE = ("grid_id", "community_id")  # a new record that names no grid is common to the community
_FEW = 20  # records whose ids are looked for in the text of what may be beside them


def follow(
    connection: sa.Connection,
    community: str,
    changes: Sequence[Change],
    operations: Sequence[Operation],
) -> Sequence[Change]:
    """The changes, and those of what goes along: its values are of the record that left.

    `operations` are those that made the changes. What is of a person or a case comes first: the
    files of a visit go where the visit goes.
    """
    named = _named_grids(operations)
    for kinds in (_OF_THEM, BESIDE):
        changes = _follow(connection, community, changes, kinds=kinds, named=named)
    return changes


def _named_grids(operations: Sequence[Operation]) -> dict[Key, set[str]]:
    """The grids in which operations put each record, on its way to where it is now.

    A server that was restored has forgotten a record, but may have been told already of a visit
    to it; a new record has therefore left the grids in which it was before, as any other has.
    """
    named: dict[Key, set[str]] = {}
    for each in operations:
        if each.action == "put" and not each.fields.keys().isdisjoint(_PLACE):
            grid = str(each.fields.get("grid_id") or "")
            named.setdefault((each.kind, each.record), set()).add(grid)
    return named


def _follow(
    connection: sa.Connection,
    community: str,
    changes: Sequence[Change],
    *,
    kinds: Sequence[str],
    named: Mapping[Key, set[str]],
) -> Sequence[Change]:
    here = {_key(each.after): each.after for each in changes}
    subjects = here | _elsewhere(connection, community, here, kinds)
    kept = [Change(each.before, _along(each.after, subjects, kinds)) for each in changes]
    moved: dict[Key, Row] = {}
    left: set[str] = set()
    for each in changes:
        grids = _left(each, named)
        if grids and _may_have_beside(each.after, kinds):
            moved[_key(each.after)] = each.after
            left |= grids
    if not moved:
        return kept
    going = {
        _key(row)
        for row in _standing(connection, community, kinds, moved=moved, left=left)
        if _key(row) not in here and _along(row, moved, kinds) is not row
    }
    # locked and read again: somebody may be at work on it
    for before in rows.load(connection, community, going, lock=True).values():
        kept.append(Change(before, _along(before.row, moved, kinds)))
    return kept


def _left(change: Change, named: Mapping[Key, set[str]]) -> set[str]:
    grids = named.get(_key(change.after), set())
    if change.before:
        grids = grids | {change.before.row.grid}
    return grids - {change.after.grid}


def _may_have_beside(row: Row, kinds: Sequence[str]) -> bool:
    return row.kind in ("resident", CASE.name) if kinds is _OF_THEM else row.kind not in BESIDE


def _elsewhere(
    connection: sa.Connection, community: str, here: dict[Key, Row], kinds: Sequence[str]
) -> dict[Key, Row]:
    """The records that did not change, of what people added or changed beside them.

    It may have been added where its record does not lie any more. They are locked: who moves one
    of them at this moment waits, and then finds what was added, or it is waited for.
    """
    named = {
        _subject(row) for row in here.values() if row.kind in kinds and row.kind in _ADDED_BY_PEOPLE
    }
    found = rows.load(connection, community, named - here.keys(), lock=True)
    return {key: each.row for key, each in found.items()}


def _standing(
    connection: sa.Connection,
    community: str,
    kinds: Sequence[str],
    *,
    moved: Mapping[Key, Row],
    left: set[str],
) -> Iterator[Row]:
    """What may go along: all that lies beside records, and what of them lay where they left."""
    of = RECORD.c
    query = sa.select(RECORD).where(of.community == community, of.kind.in_(kinds))
    if len(moved) <= _FEW:  # a grid has very many visits
        texts = (msgspec.json.encode(record).decode() for _, record in moved)
        query = query.where(sa.or_(*(of.fields.contains(each, autoescape=True) for each in texts)))
    parts = [query.where(of.grid.in_(part)) for part in rows.chunks(sorted(left))]
    for each in parts if kinds is _OF_THEM else [query]:
        yield from (rows.stored(line).row for line in connection.execute(each))


def _key(row: Row) -> Key:
    return row.kind, row.id


def _subject(row: Row) -> Key:
    if row.kind in OF_PERSON:
        return "resident", str(row.fields.get("resident_id"))
    if row.kind in OF_CASE:
        return CASE.name, str(row.fields.get("case_id"))
    return str(row.fields.get("record_kind")), str(row.fields.get("record_id"))


def _along(row: Row, subjects: dict[Key, Row], kinds: Sequence[str]) -> Row:
    subject = subjects.get(_subject(row)) if row.kind in kinds else None
    if subject is None or subject.grid == row.grid:
        return row
    return rows.in_grid(row, subject.grid, subject.last)
