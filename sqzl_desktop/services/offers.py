"""候选: what somebody who types into a field probably means: a dwelling by its door, a record."""

import sqlalchemy as sa

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.exchange import cells
from sqzl_desktop.services import elements, finding
from sqzl_desktop.services.finding import Hit
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import records

MOST = 8


def of_kind(ws: Workspace, kind: str, text: str) -> list[Hit]:
    """The records of a kind that a text may mean; a dwelling also by its door: 3-2-401."""
    door = cells.place(text) if kind == "dwelling" else {}
    if door:
        with ws.store.read() as tx:
            found = _at_door(tx, door)
        if found:
            return found
    return finding.find_text(ws, text, kinds=[kind], limit=MOST)


def addresses(ws: Workspace, text: str) -> list[Hit]:
    """The dwellings that the beginning of an address may mean: 3号楼2单元401, 阳光家园3号楼."""
    return of_kind(ws, "dwelling", text) if len(text.strip()) > 1 else []


def _at_door(tx: sa.Connection, door: dict[str, str]) -> list[Hit]:
    building, unit, room = door["building"], door["unit"], door["room"]
    words = f"{building}号楼" if building[-1:].isdigit() else building
    asked = " ".join(filter(None, (words, f"{unit}单元" if unit else "", room)))
    same = [Filter("room", "=", room.upper())] if room else []
    if unit:
        same.append(Filter("entrance", "=", unit))
    found = records.find(
        tx, "dwelling", filters=[Filter("id", "matches", asked), *same], limit=MOST
    )
    names = elements.titles_in(tx, "dwelling", [each.id for each in found])
    return [Hit("dwelling", each.id, names[each.id], "") for each in found]
