"""查找: one box for names, pinyin, initials, tails of numbers, parts of addresses."""

import dataclasses
from collections.abc import Sequence

import sqlalchemy as sa

from sqzl_desktop.base import text as texts
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.fields import Element
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
    with ws.store.read() as tx:
        found = search.matches(tx, text, kinds=kinds or [*_ORDER], most=max(limit, _CANDIDATES))
        hits: list[Hit] = []
        for kind in dict.fromkeys(kind for kind, _ in found):
            hits += _hits(tx, kind, [each for name, each in found if name == kind])
    folded = texts.fold(text)
    hits.sort(key=lambda hit: _rank(hit, folded))
    return hits[:limit]


def _rank(hit: Hit, folded: str) -> tuple[int, int, int]:
    title = texts.fold(hit.title)
    nearness = 0 if title == folded else 1 if title.startswith(folded) else 2
    return nearness, _ORDER.get(hit.kind, len(_ORDER)), len(title)


def _hits(tx: sa.Connection, kind: str, ids: list[str]) -> list[Hit]:
    if kind not in _ORDER:
        return []
    found = records.get_many(tx, kind, ids)
    titles = titles_in(tx, kind, ids)
    homes = _homes(tx, ids) if kind == "resident" else {}
    return [
        Hit(kind, record_id, titles[record_id],
            "　".join(filter(None, (*_details(kind, found[record_id]), homes.get(record_id)))))
        for record_id in ids
        if record_id in found
    ]  # fmt: skip


def _details(kind: str, record: Element) -> list[str]:
    described = BY_NAME[kind]
    return [masked(described.column(name), getattr(record, name)) for name in _DETAIL.get(kind, ())]


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
