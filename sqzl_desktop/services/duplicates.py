"""疑似重复: residents that are probably one person, by number, name and birth date, or phone.

The same number in other grids is known by the server's marks alone; the rest is found on this
device, among what is in sight. What somebody has looked at is not brought up again.
"""

import dataclasses
import itertools
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from sqzl_desktop.base import identity
from sqzl_desktop.base.errors import NotFound, Refused
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.duplicate import Duplicate
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, likely, meta, records

_OPEN = Filter("state", "=", "open")
ELSEWHERE = "本社区其他网格已有同一身份证号的居民，请联系社区负责人"
REASONS = {"number": "证件号码相同", "born": "姓名和出生日期相同", "phone": "姓名和电话相同"}
_LOOKED = "apart/"


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """The mark of a resident; `others` are the residents in sight with the same number."""

    id: str
    resident_id: str
    name: str
    sentence: str
    others: tuple[tuple[str, str], ...]  # id, name


@dataclasses.dataclass(frozen=True, slots=True)
class Suspicion:
    """Residents in sight that are probably one person, and why.

    `marks` are the server's marks about it; with one resident the other is in another grid.
    """

    id: str
    residents: tuple[tuple[str, str], ...]  # id, name
    reason: str
    sentence: str
    marks: tuple[str, ...]


def of_resident(ws: Workspace, resident_id: str) -> Mark | None:
    """The mark of a resident that nobody has looked at yet, if there is one."""
    filters = [Filter("record_id", "=", resident_id), _OPEN]
    with ws.store.read() as tx:
        found = records.find(tx, "duplicate", filters=filters, limit=1)
        if not found:
            return None
        return _mark(tx, found[0])


def suspicions(ws: Workspace) -> list[Suspicion]:
    """What nobody has looked at yet, the most certain first: number, birth date, phone."""
    with ws.store.read() as tx:
        marked, pairs = _by_token(tx), _pairs(tx)
        ids = {each.record_id for same in marked for each in same}
        ids |= {each for pair, _ in pairs for each in pair}
        names = elements.titles_in(tx, "resident", ids)
        found = [_of_marks(same, names) for same in marked]
        found += [_of_pair(pair, reason, names) for pair, reason in pairs]
    return found


def open_count(ws: Workspace) -> int:
    """How many persons have marks; what this device finds by itself is listed, not counted."""
    with ws.store.read() as tx:
        return len(_by_token(tx))


def dismiss(ws: Workspace, mark_id: str) -> None:
    """Somebody has looked and found nothing to do; the mark comes again with another number."""
    with ws.store.write() as tx:
        _dismiss(ws, tx, mark_id)


def looked_at(ws: Workspace, suspicion: Suspicion) -> None:
    """They are not one person. Marks are told to everybody; what this device found stays here."""
    with ws.store.write() as tx:
        for each in suspicion.marks:
            _dismiss(ws, tx, each)
        if not suspicion.marks:
            meta.put(tx, _looked([each for each, _ in suspicion.residents]), ws.actor.account)


def _dismiss(ws: Workspace, tx: sa.Connection, mark_id: str) -> None:
    kind = BY_NAME["duplicate"]
    mark = elements.wanted(tx, kind.name, mark_id)
    if not isinstance(mark, Duplicate) or mark.state != "open":
        raise NotFound("这项疑似重复已经核对过了")
    if not allows(ws.actor, "settle", kind, mark):
        raise Refused("您的岗位不能核对疑似重复，请联系网格员或社区负责人")
    effect = {"state": "dismissed", "dismissed_by": ws.actor.name}
    action = changes.Action(tx, ws.clock.now())
    action.step(kind.name, mark.id, mark.community_id, ("dismiss", "open"), effect)


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


def _by_token(tx: sa.Connection) -> list[list[Duplicate]]:
    """The open marks, those of one person together; not those whose record was merged since."""
    found = records.find(tx, "duplicate", filters=[_OPEN], limit=-1)
    marks = [each for each in found if isinstance(each, Duplicate)]
    merged = records.values_of(tx, "resident", ("merged_into",), (m.record_id for m in marks))
    gone = {key for key, each in merged.items() if each["merged_into"]}
    of_token: dict[str, list[Duplicate]] = {}
    for each in marks:
        of_token.setdefault(each.token, []).append(each)
    groups = ([m for m in same if m.record_id not in gone] for same in of_token.values())
    had = {token: len(same) for token, same in of_token.items()}
    return [same for same in groups if len(same) > 1 or (same and had[same[0].token] == 1)]


def _pairs(tx: sa.Connection) -> list[tuple[tuple[str, str], str]]:
    """Pairs found here that no mark is about, with why; two numbers that pass are two people."""
    token = {
        each.record_id: each.token
        for each in records.find(tx, "duplicate", limit=-1)
        if isinstance(each, Duplicate)
    }
    found: dict[tuple[str, str], str] = {}
    for reason, ids in likely.groups(tx):
        for pair in itertools.combinations(ids, 2):
            found.setdefault(pair, reason)
    numbers = records.values_of(
        tx, "resident", ("id_number", "id_type"), {each for pair in found for each in pair}
    )
    looked = meta.get_some(tx, [_looked(pair) for pair in found])
    return [
        (pair, reason)
        for pair, reason in sorted(found.items(), key=lambda each: [*REASONS].index(each[1]))
        if not looked[_looked(pair)]
        and not (pair[0] in token and token[pair[0]] == token.get(pair[1]))
        and not _are_two(*(numbers[each] for each in pair))
    ]


def _looked(pair: Iterable[str]) -> str:
    return _LOOKED + "/".join(pair)


def _are_two(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    numbers = {str(each["id_number"] or "") for each in (one, other)}
    return len(numbers) == 2 and all(identity.born_on(each) is not None for each in numbers)


def _of_marks(same: Sequence[Duplicate], names: dict[str, str]) -> Suspicion:
    residents = tuple(sorted((each.record_id, names.get(each.record_id, "")) for each in same))
    sentence = REASONS["number"] if len(residents) > 1 else ELSEWHERE
    return Suspicion(same[0].token, residents, "number", sentence, tuple(each.id for each in same))


def _of_pair(pair: Iterable[str], reason: str, names: dict[str, str]) -> Suspicion:
    residents = tuple((each, names.get(each, "")) for each in pair)
    return Suspicion("/".join(pair), residents, reason, REASONS[reason], ())
