"""随迁: what is written down beside a record goes with it to another grid, open or done with."""

from collections.abc import Sequence

import sqlalchemy as sa

from sqzl_desktop.domain.kinds.attachment import ATTACHMENT
from sqzl_desktop.domain.kinds.handover import HANDOVER
from sqzl_desktop.domain.kinds.supplement import SUPPLEMENT
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.server import rows
from sqzl_desktop.server.ledger import Change
from sqzl_desktop.server.rows import Key
from sqzl_desktop.server.tables import RECORD

BESIDE = ("conflict", ATTACHMENT.name, HANDOVER.name, SUPPLEMENT.name)


def follow(
    connection: sa.Connection, community: str, changes: Sequence[Change]
) -> Sequence[Change]:
    """The changes, and those of what goes along: its values are of the record that left."""
    moved = {
        (each.after.kind, each.after.id): each.after
        for each in changes
        if each.before and each.before.row.grid != each.after.grid
    }
    moved = {key: row for key, row in moved.items() if key[0] not in BESIDE}
    named = _named_by_files(changes)
    subjects = moved
    if named:  # a file may have been added where its record does not lie any more
        found = rows.load(connection, community, named)
        here = {(each.after.kind, each.after.id): each.after for each in changes}
        subjects = {key: here.get(key, each.row) for key, each in found.items()} | moved
    kept = [Change(each.before, _along(each.after, subjects)) for each in changes]
    if not moved:
        return kept
    at_hand = {(each.after.kind, each.after.id) for each in changes}
    query = sa.select(RECORD).where(RECORD.c.community == community, RECORD.c.kind.in_(BESIDE))
    for before in map(rows.stored, connection.execute(query)):
        after = _along(before.row, moved)
        if after is not before.row and (after.kind, after.id) not in at_hand:
            kept.append(Change(before, after))
    return kept


def _named_by_files(changes: Sequence[Change]) -> set[Key]:
    """The records to which the files among the changes belong."""
    files = (each.after.fields for each in changes if each.after.kind == ATTACHMENT.name)
    return {(str(each.get("record_kind")), str(each.get("record_id"))) for each in files}


def _along(row: Row, moved: dict[Key, Row]) -> Row:
    if row.kind not in BESIDE:
        return row
    subject = moved.get((str(row.fields.get("record_kind")), str(row.fields.get("record_id"))))
    if subject is None or subject.grid == row.grid:
        return row
    return rows.in_grid(row, subject.grid, subject.last)
