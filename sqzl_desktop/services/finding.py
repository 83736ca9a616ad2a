"""查找: one box for names, pinyin, initials, tails of numbers, addresses, tags; grouped by kind."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base import text as texts
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.protocol.search_text import doors
from sqzl_desktop.schema.codec import decode
from sqzl_desktop.schema.kind import Column
from sqzl_desktop.services.elements import masked, may_know, titles_in
from sqzl_desktop.services.marking import Span, marks
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import confirmed, meta, records, search

_ORDER = {kind: place for place, kind in enumerate((
    "resident", "dwelling", "household", "organisation", "building", "estate", "case", "event",
    "topic", "consultation", "facility", "staff", "grid", "community", "notice", "visit",
))}  # fmt: skip
_DETAIL = {
    "resident": ("sex", "born_on", "id_number", "phone"),
    "dwelling": ("use", "owner_name"),
    "organisation": ("category", "address"),
    "building": ("category", "lead_name"),
    "estate": ("category", "address"),
    "household": ("category",),
    "case": ("state", "place"),
    "event": ("state", "place"),
    "topic": ("state", "proposer_name"),
    "consultation": ("state", "held_at"),
    "facility": ("category", "place"),
    "staff": ("post",),
}
_PLACES = (("dwelling_id", "dwelling"), ("building_id", "building"))
NOWHERE = ("", "")
_STATE, _GONE = "state", ("02", "04")  # who moved away or died comes after those who are here
MOST_COUNTED = 100
_CANDIDATES, _OTHER_CANDIDATES = {"resident": 24}, 8
_FIRST_GROUP, _OTHER_GROUP, _RECENT = 10, 4, 10
_AMONG = "IN (SELECT value FROM json_each(?))"


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """One record found: its title, and a line (masked) that tells it from its namesakes.

    `marks` are the parts of the title that were asked for; `place` is (kind, id) of where it is to
    be found, ("", "") where that is unknown.
    """

    kind: str
    id: str
    title: str
    detail: str
    marks: tuple[Span, ...] = ()
    place: tuple[str, str] = NOWHERE


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """The best hits of a kind, and how many there are in all, counted as far as `MOST_COUNTED`."""

    kind: str
    total: int
    hits: tuple[Hit, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class _Candidate:
    no: int
    id: str
    title: str
    rank: tuple[int, int, int]


def find_text(ws: Workspace, text: str, *, kinds: Sequence[str] = (), limit: int = 20) -> list[Hit]:
    """The hits of `find_groups` one after the other, `limit` at most."""
    groups = find_groups(ws, text, kinds=kinds, most=limit)
    return [hit for group in groups for hit in group.hits][:limit]


def find_groups(
    ws: Workspace, text: str, *, kinds: Sequence[str] = (), most: int = 24
) -> list[Group]:
    """The records in which every word is found, by kind, the best kind and the best hits first.

    Exact names come before names that begin so, those before names that contain the words, and
    those before records that contain them elsewhere.
    With one kind all the room is for it; a kind for which no room is left tells its number.
    """
    asked = search.question(text)
    if not asked.every:
        return []
    wanted = [kind for kind in (kinds or _ORDER) if may_know(ws, kind)]
    folded = texts.fold(text)
    with ws.store.read() as tx:
        numbers = search.numbers(tx, asked, wanted, MOST_COUNTED)
        room = most if len(numbers) == 1 else _OTHER_GROUP * 3
        found = {
            kind: _best(
                tx, asked, kind, (folded, numbers[kind], max(room, _CANDIDATES.get(kind, 0)))
            )
            for kind in numbers
        }
        order = sorted(found, key=lambda kind: (found[kind][0].rank[0], _ORDER.get(kind, 99)))
        shares = _shares([(kind, len(found[kind])) for kind in order], most)
        return [
            Group(kind, len(numbers[kind]), _hits(tx, kind, found[kind][: shares[kind]], text))
            for kind in order
        ]


def remember(ws: Workspace, hit: Hit) -> None:
    """Keep what was opened, for the next time the box is empty."""
    with ws.store.write() as tx:
        kept = [each for each in _kept(tx, ws) if each != (hit.kind, hit.id)]
        newest = [(hit.kind, hit.id), *kept][:_RECENT]
        meta.put(tx, _kept_as(ws), msgspec.json.encode(newest).decode())


def recent(ws: Workspace) -> list[Hit]:
    """What this person opened lately, newest first; what is out of sight by now is left out."""
    with ws.store.read() as tx:
        kept = [(kind, record_id) for kind, record_id in _kept(tx, ws) if may_know(ws, kind)]
        found = {}
        for kind, record_id in kept:
            no = confirmed.number(tx, kind, record_id)
            title = titles_in(tx, kind, [record_id]).get(record_id)
            if no is not None and title is not None:
                hit = _hits(tx, kind, [_Candidate(no, record_id, title, (0, 0, 0))], "")
                found[kind, record_id] = hit[0]
    return [found[each] for each in kept if each in found]


def _kept(tx: sa.Connection, ws: Workspace) -> list[tuple[str, str]]:
    return msgspec.json.decode(meta.get(tx, _kept_as(ws), "[]"), type=list[tuple[str, str]])


def _kept_as(ws: Workspace) -> str:
    return f"recent:{ws.actor.account}"


def _shares(sizes: Sequence[tuple[str, int]], most: int) -> dict[str, int]:
    """How many of each kind are shown: the first group gets what the others leave."""
    if not sizes:
        return {}
    (first, number), *others = sizes
    left = most - min(number, _FIRST_GROUP, most)
    shares = {}
    for kind, size in others:
        shares[kind] = min(size, _OTHER_GROUP, left)
        left -= shares[kind]
    return {first: min(number, _FIRST_GROUP if others else most), **shares}


def _best(
    tx: sa.Connection, asked: search.Question, kind: str, given: tuple[str, Sequence[int], int]
) -> list[_Candidate]:
    """The best hits of a kind in their order, of the numbers given; as many as there is room."""
    folded, numbers, room = given
    if len(numbers) > room:
        numbers = list(dict.fromkeys((*search.foremost(tx, asked, kind, room), *numbers)))[:room]
    described = BY_NAME[kind]
    named = [described.column(name) for name in described.title]
    columns = [*named, described.column(_STATE)] if _STATE in described.known else named
    rows = records.numbered(tx, kind, columns, numbers)
    titles = _titles(tx, kind, named, rows)
    candidates = []
    for no, record_id, *values in rows:
        title = titles.get(record_id, "")
        is_gone = kind == "resident" and values[-1] in _GONE
        candidates.append(_Candidate(no, record_id, title, _rank(title, folded, is_gone)))
    return sorted(candidates, key=lambda each: each.rank)


def _titles(
    tx: sa.Connection, kind: str, named: Sequence[Column], rows: Sequence[tuple[Any, ...]]
) -> dict[str, str]:
    if any(column.type != "text" for column in named):
        return titles_in(tx, kind, (row[1] for row in rows))
    return {row[1]: " ".join(filter(None, row[2 : 2 + len(named)])) for row in rows}


def _rank(title: str, folded: str, is_gone: bool) -> tuple[int, int, int]:
    name = texts.fold(title)
    if name == folded or name.startswith(folded):
        return int(name != folded), is_gone, len(name)
    is_in_title = marks(title, folded) or _is_door(name, folded)
    return 2 if is_in_title else 3, is_gone, len(name)


def _is_door(name: str, folded: str) -> bool:
    """Is a place asked for (3-2-401) that stands in the title?"""
    wanted = {door.term for door in doors(folded)}
    return bool(wanted) and any(door.term in wanted for door in doors(name))


def _hits(tx: sa.Connection, kind: str, some: Sequence[_Candidate], query: str) -> tuple[Hit, ...]:
    """The hits in their order, each with the line that tells it from its namesakes."""
    if not some:
        return ()
    described = BY_NAME[kind]
    shown = [described.column(name) for name in _DETAIL.get(kind, ())]
    places = [(described.column(name), to) for name, to in _PLACES if name in described.known]
    rows = records.numbered(
        tx, kind, [*shown, *(column for column, _ in places)], [each.no for each in some]
    )
    values = {row[0]: row[2:] for row in rows}
    ids = [each.id for each in some]
    homes = _homes(tx, ids) if kind == "resident" else {}
    living = _living_in(tx, ids) if kind == "dwelling" else {}
    made = []
    for each in some:
        given = values[each.no]
        words = [masked(column, decode(column, value))
                 for column, value in zip(shown, given, strict=False)]  # fmt: skip
        place = next(((to, where) for (_, to), where in zip(places, given[len(shown):], strict=True)
                      if where), NOWHERE)  # fmt: skip
        if each.id in homes:
            place = ("dwelling", homes[each.id][0])
            words.append(homes[each.id][1])
        words.append(living.get(each.id, ""))
        detail = "　".join(filter(None, words))
        made.append(Hit(kind, each.id, each.title, detail, marks(each.title, query), place))
    return tuple(made)


def _homes(tx: sa.Connection, residents: list[str]) -> dict[str, tuple[str, str]]:
    """(id, address) of the dwelling that each lives in now."""
    rows = tx.exec_driver_sql(
        "SELECT residence.resident_id, dwelling.id, dwelling.address FROM residence JOIN dwelling"
        " ON dwelling.id = residence.dwelling_id WHERE residence.until_on IS NULL"
        f" AND residence.resident_id {_AMONG}",
        (_json(residents),),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _living_in(tx: sa.Connection, dwellings: list[str]) -> dict[str, str]:
    """The names of those who live in each dwelling now, in one text."""
    rows = tx.exec_driver_sql(
        "SELECT residence.dwelling_id, group_concat(resident.name, '、') FROM residence JOIN"
        " resident ON resident.id = residence.resident_id WHERE residence.until_on IS NULL"
        f" AND residence.dwelling_id {_AMONG} GROUP BY residence.dwelling_id",
        (_json(dwellings),),
    )
    return {row[0]: f"住：{row[1]}" for row in rows}


def _json(ids: Sequence[str]) -> str:
    return msgspec.json.encode(ids).decode()
