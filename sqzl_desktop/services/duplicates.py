"""疑似重复: the mark of a resident whose ID number another record has too, and looking at it."""

import dataclasses

import sqlalchemy as sa

from sqzl_desktop.base.errors import NotFound, Refused
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.duplicate import Duplicate
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records

_OPEN = Filter("state", "=", "open")
ELSEWHERE = "本社区其他网格已有同一身份证号的居民，请联系社区负责人"


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a resident; `others` are the residents in sight with the same number."""

    id: str
    resident_id: str
    name: str
    sentence: str
    others: tuple[tuple[str, str], ...]  # id, name


def of_resident(ws: Workspace, resident_id: str) -> Mark | None:
    """The mark of a resident that nobody has looked at yet, if there is one."""
    filters = [Filter("record_id", "=", resident_id), _OPEN]
    with ws.store.read() as tx:
        found = records.find(tx, "duplicate", filters=filters, limit=1)
        if not found:
            return None
        return _mark(tx, found[0])


def open_marks(ws: Workspace) -> list[Mark]:
    """The marks that nobody has looked at yet."""
    with ws.store.read() as tx:
        found = records.find(tx, "duplicate", filters=[_OPEN], limit=500)
        return [_mark(tx, each) for each in found]


def open_count(ws: Workspace) -> int:
    """How many there are."""
    return elements.count(ws, "duplicate", filters=[_OPEN])


def _mark(tx: sa.Connection, mark: Element) -> Mark:
    assert isinstance(mark, Duplicate)
    resident_id = mark.record_id
    same = records.find(tx, "duplicate", filters=[Filter("token", "=", mark.token)], limit=50)
    ids = {each.record_id for each in same if isinstance(each, Duplicate)} - {resident_id}
    others = tuple(sorted(elements.titles_in(tx, "resident", ids).items()))
    name = elements.titles_in(tx, "resident", [resident_id]).get(resident_id, "")
    named = "、".join(name for _, name in others)
    sentence = f"与{named}的身份证号相同，请核对" if others else ELSEWHERE
    return Mark(mark.id, resident_id, name, sentence, others)


def dismiss(ws: Workspace, mark_id: str) -> None:
    """Somebody has looked and found nothing to do; the mark comes again with another number."""
    kind = BY_NAME["duplicate"]
    with ws.store.write() as tx:
        mark = elements.wanted(tx, kind.name, mark_id)
        if not isinstance(mark, Duplicate) or mark.state != "open":
            raise NotFound("这项疑似重复已经核对过了")
        if not allows(ws.actor, "settle", kind, mark):
            raise Refused("您的岗位不能核对疑似重复，请联系网格员或社区负责人")
        effect = {"state": "dismissed", "dismissed_by": ws.actor.name}
        action = changes.Action(tx, ws.clock.now())
        action.step(kind.name, mark.id, mark.community_id, ("dismiss", "open"), effect)
