"""随迁: what is written down beside a record goes with it to another grid, open or done with.

Beside a resident that is all that names them: visits, care, blocks; a stay lies where its dwelling
does. Whoever looks after a person now sees what was done for them before.
"""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.domain.kinds.attachment import ATTACHMENT
from sqzl_desktop.domain.kinds.handover import HANDOVER
from sqzl_desktop.domain.kinds.residence import RESIDENCE
from sqzl_desktop.domain.kinds.supplement import SUPPLEMENT
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.server import rows
from sqzl_desktop.server.ledger import Change
from sqzl_desktop.server.rows import Key, Stored
from sqzl_desktop.server.tables import RECORD

BESIDE = ("conflict", ATTACHMENT.name, HANDOVER.name, SUPPLEMENT.name)
OF_PERSON = tuple(
    kind.name for kind in KINDS if "resident_id" in kind.known and kind.name != RESIDENCE.name
)


def follow(
    connection: sa.Connection, community: str, changes: Sequence[Change]
) -> Sequence[Change]:
    """The changes, and those of what goes along: its values are of the record that left."""
    moved = {
        (each.after.kind, each.after.id): each.after
        for each in changes
        if each.before and each.before.row.grid != each.after.grid
    }
    moved = {key: row for key, row in moved.items() if key[0] not in (*BESIDE, *OF_PERSON)}
    named = _named_by_others(changes)
    subjects = moved
    if named:  # it may have been added where its record does not lie any more
        found = rows.load(connection, community, named)
        here = {(each.after.kind, each.after.id): each.after for each in changes}
        subjects = {key: here.get(key, each.row) for key, each in found.items()} | moved
    kept = [Change(each.before, _along(each.after, subjects)) for each in changes]
    if not moved:
        return kept
    at_hand = {(each.after.kind, each.after.id) for each in changes}
    for before in _standing(connection, community, changes, moved):
        after = _along(before.row, moved)
        if after is not before.row and (after.kind, after.id) not in at_hand:
            kept.append(Change(before, after))
    return kept


def _standing(
    connection: sa.Connection, community: str, changes: Sequence[Change], moved: dict[Key, Row]
) -> Iterator[Stored]:
    """What may go along: all that lies beside records, and what of people lay where they left."""
    of = RECORD.c
    query = sa.select(RECORD).where(of.community == community, of.kind.in_(BESIDE))
    yield from map(rows.stored, connection.execute(query))
    left = {
        each.before.row.grid
        for each in changes
        if each.before and each.after.kind == "resident" and ("resident", each.after.id) in moved
    }
    for part in rows.chunks(sorted(left)):
        query = sa.select(RECORD).where(
            of.community == community, of.kind.in_(OF_PERSON), of.grid.in_(part)
        )
        yield from map(rows.stored, connection.execute(query))


def _named_by_others(changes: Sequence[Change]) -> set[Key]:
    """The records to which the files, and what of people, among the changes belong."""
    kinds = (ATTACHMENT.name, *OF_PERSON)
    return {_subject(each.after) for each in changes if each.after.kind in kinds}


def _subject(row: Row) -> Key:
    if row.kind in OF_PERSON:
        return "resident", str(row.fields.get("resident_id"))
    return str(row.fields.get("record_kind")), str(row.fields.get("record_id"))


def _along(row: Row, moved: dict[Key, Row]) -> Row:
    if row.kind not in (*BESIDE, *OF_PERSON):
        return row
    subject = moved.get(_subject(row))
    if subject is None or subject.grid == row.grid:
        return row
    return rows.in_grid(row, subject.grid, subject.last)
