"""What is left for a person to decide: a conflict, a refusal, a handover, a duplicate; a photo."""

import dataclasses
import sqlite3
from pathlib import Path

from PySide6.QtGui import QColor, QImage, QPainter

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import attachments, conflicts, elements
from tests.demo.server import DemoServer
from tests.demo.told import Teller

DAY = 25 * 60 * 60


def leave(
    server: DemoServer, told: Teller, sessions: tuple[DeviceSession, DeviceSession], grid: str
) -> None:
    """Leave on laptop A one of each sort that a person has to look at; A holds `grid` alone."""
    a, b = sessions
    people = _people(a, grid)
    for person, phones in ((people[1], ("1", "2")), (people[2], ("3", "4"))):
        for session, digit in zip(sessions, phones, strict=True):
            elements.save(session.ws, dataclasses.replace(person, phone=f"154{digit * 8}"))
    for session in (b, a, b):
        session.sync()
    _settle_both_ways(a, b)
    _photograph(a, server.folder)
    elements.save(a.ws, dataclasses.replace(people[3], id="", name=f"{people[3].name}（租户）"))
    a.sync()
    elements.save(b.ws, dataclasses.replace(people[4], employer="惠民社区食堂", phone=""))
    _take_away(server, grid)
    b.sync()
    a.sync()
    state = a.sync_state()
    told.count("A：待处理", f"冲突{state.conflicts}、被退回{state.refused}、移交{state.handovers}")
    if (state.conflicts, state.refused, state.handovers) != (1, 1, 1):
        raise SystemExit(f"one of each was to be left: {state}")


def _people(a: DeviceSession, grid: str) -> list[Resident]:
    known = [Filter("grid_id", "=", grid), Filter("phone", "!=", ""),
             Filter("id_number", "!=", "")]  # fmt: skip
    found = elements.find(a.ws, "resident", filters=known, limit=5)
    return [each for each in found if isinstance(each, Resident)]


def _settle_both_ways(a: DeviceSession, b: DeviceSession) -> None:
    """Who comes second is told who was first."""
    first = conflicts.open_conflicts(a.ws)[0].id
    conflicts.settle(b.ws, first, "standing")
    conflicts.settle(a.ws, first, "other")
    for session in (b, a):
        session.sync()


def _photograph(a: DeviceSession, folder: Path) -> None:
    picture = QImage(800, 560, QImage.Format.Format_RGB32)
    picture.fill(QColor("#9fb7c9"))
    painter = QPainter(picture)
    painter.fillRect(120, 140, 560, 420, QColor("#d8c7a8"))
    for floor in range(3):
        for window in range(4):
            painter.fillRect(165 + window * 125, 180 + floor * 120, 80, 70, QColor("#52708a"))
    painter.end()
    path = folder / "楼道照片.png"
    picture.save(str(path))
    for kind in ("event", "dwelling"):
        attachments.add(a.ws, kind, elements.find(a.ws, kind, limit=1)[0].id, path)


def _take_away(server: DemoServer, grid: str) -> None:
    """The grid went to A alone, and not just now."""
    server.command("user", "scope", "ma", "--scope", f"{grid[:-1]}2")
    with sqlite3.connect(server.folder / "server.db") as database:
        database.execute("UPDATE scope_change SET changed_at = changed_at - ?", (DAY,))
    database.close()
