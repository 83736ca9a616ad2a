"""查找: one box for names, pinyin, initials, tails of numbers, parts of addresses."""

import dataclasses
from collections.abc import Sequence

import sqlalchemy as sa

from sqzl_desktop.base import text as texts
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services.elements import masked, titles_in
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import records, search

_ORDER = {kind: place for place, kind in enumerate((
    "resident", "dwelling", "household", "organisation", "building", "case", "event", "topic",
    "consultation", "facility", "staff", "grid", "community", "notice", "visit",
))}  # fmt: skip
_DETAIL = {
    "resident": ("sex", "born_on", "id_number", "phone"),
    "dwelling": ("use", "owner_name"),
    "organisation": ("category", "address"),
    "building": ("category", "lead_name"),
    "household": ("category",),
    "case": ("state", "place"),
    "event": ("state", "place"),
    "topic": ("state", "proposer_name"),
    "consultation": ("state", "held_at"),
    "facility": ("category", "place"),
    "staff": ("post",),
}
_CANDIDATES = 50


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """One record found: its title, and a line (masked) that tells it from its namesakes."""

    kind: str
    id: str
    title: str
    detail: str


def find_text(ws: Workspace, text: str, *, kinds: Sequence[str] = (), limit: int = 20) -> list[Hit]:
    """The records in which every word is found; exact names first, then by kind."""
    folded = texts.fold(text)
    with ws.store.read() as tx:
        asked = kinds or [*_ORDER]
        found = search.matches(tx, text, kinds=asked, most=max(limit, _CANDIDATES))
        named = [
            (kind, record_id, title)
            for kind in dict.fromkeys(kind for kind, _ in found)
            for record_id, title in titles_in(
                tx, kind, [each for name, each in found if name == kind]
            ).items()
        ]
        named.sort(key=lambda each: _rank(each[0], each[2], folded))
        return _hits(tx, named[:limit])


def _rank(kind: str, title: str, folded: str) -> tuple[int, int, int]:
    name = texts.fold(title)
    nearness = 0 if name == folded else 1 if name.startswith(folded) else 2
    return nearness, _ORDER.get(kind, len(_ORDER)), len(name)


def _hits(tx: sa.Connection, named: Sequence[tuple[str, str, str]]) -> list[Hit]:
    """The hits in their order, each with the line that tells it from its namesakes."""
    details: dict[str, list[str]] = {}
    for kind in {kind for kind, _, _ in named}:
        ids = [record_id for each, record_id, _ in named if each == kind]
        shown = _DETAIL.get(kind, ())
        columns = [BY_NAME[kind].column(name) for name in shown]
        for record_id, values in records.values_of(tx, kind, shown, ids).items():
            details[record_id] = [masked(column, values[column.name]) for column in columns]
        if kind == "resident":
            for record_id, home in _homes(tx, ids).items():
                details[record_id].append(home)
    return [
        Hit(kind, record_id, title, "　".join(filter(None, details.get(record_id, ()))))
        for kind, record_id, title in named
    ]


def _homes(tx: sa.Connection, residents: list[str]) -> dict[str, str]:
    rows = tx.execute(
        sa.text(
            "SELECT residence.resident_id, dwelling.address FROM residence JOIN dwelling"
            " ON dwelling.id = residence.dwelling_id WHERE residence.until_on IS NULL"
            " AND residence.resident_id IN :ids"
        ).bindparams(sa.bindparam("ids", expanding=True)),
        {"ids": residents},
    )
    return {row[0]: row[1] for row in rows}
