"""重复案件: a case merged into another leads to the one that is kept, never in a circle."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.protocol.messages import Operation
from sqzl_desktop.server import rows
from sqzl_desktop.server.desk import Desk
from sqzl_desktop.server.refusals import Rejected
from sqzl_desktop.server.rows import Key, Stored

NAME = CASE.name
STEP, INTO = "merge", "merged_into"
_DROPPED = ("void", "declined")
_AGAIN = "请同步后查看最新情况"


def load(
    connection: sa.Connection,
    community: str,
    operations: Sequence[Operation],
    touched: Mapping[Key, Stored],
) -> dict[Key, Stored]:
    """The cases to which cases of a push lead or shall lead, by every one on the way, locked."""
    found: dict[Key, Stored] = {}
    wanted = {_target(each.fields) for each in operations if each.kind == NAME}
    wanted |= {_target(each.row.fields) for each in touched.values() if each.row.kind == NAME}
    wanted -= {""}
    while wanted:
        new = rows.load(connection, community, {(NAME, each) for each in wanted}, lock=True)
        found |= new
        wanted = {_target(each.row.fields) for each in new.values()} - {""}
        wanted -= {record for _, record in found}
    return found


def refuse_target(desk: Desk, case: Case) -> None:
    """Rejected where the case that a merged one leads to is not there, or leads back to it."""
    kept = desk.rows.get((NAME, case.merged_into))
    if kept is None or kept.deleted or kept.fields.get("state") in _DROPPED:
        raise Rejected("要并入的案件已不存在、不予立案或已作废，不能合并", _AGAIN)
    seen: set[str] = set()
    while kept is not None and kept.id not in seen:
        if kept.id == case.id:
            raise Rejected("这两件案件已由他人合并，保留的是本案；您的合并没有生效", _AGAIN)
        seen.add(kept.id)
        kept = desk.rows.get((NAME, _target(kept.fields)))


def _target(fields: Mapping[str, object]) -> str:
    return str(fields.get(INTO) or "")
