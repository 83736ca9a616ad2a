"""Saves residents and syncs as fast as it can, in threads, and says what is acknowledged.

A child process that is to be killed. It says `saved ID` after 已存本机 and `reported ID` when the
server's answer is in the store, one line each, in one write.
"""

import contextlib
import itertools
import os
import threading
from collections.abc import Callable

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.base.errors import Offline
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync.transport import HttpTransport
from tests.places import GRID

Say = Callable[[str], None]
SAVERS = 2


def begun(store: Store, server: str, *, too_soon: bool = False) -> tuple[int, int]:
    """Fork a writer; its process id and the end of the pipe where its words come out.

    The store has no open connection, but knows its statements: a life begins in milliseconds.
    """
    hears, speaks = os.pipe()
    child = os.fork()
    if child:
        os.close(speaks)
        return child, hears
    with contextlib.suppress(BaseException):  # whatever it is, the parent must not go on twice
        os.close(hears)
        _live(store, server, lambda line: _say(speaks, line), too_soon)
    os._exit(1)


def _say(speaks: int, line: str) -> None:
    os.write(speaks, f"{line}\n".encode())


def _live(store: Store, server: str, say: Say, too_soon: bool) -> None:
    session = DeviceSession(store, HttpTransport(server), SystemClock())
    save = _save_too_soon if too_soon else _save
    for _ in range(SAVERS):
        threading.Thread(target=_for_ever, args=(save, session.ws, say), daemon=True).start()
    told = 0
    while True:
        told = _sync(session, say, told)


def _for_ever(save: Callable[[Workspace, Say, int], None], ws: Workspace, say: Say) -> None:
    for number in itertools.count():
        save(ws, say, number)


def _save(ws: Workspace, say: Say, number: int) -> None:
    """One resident, or two in one action."""
    saved = elements.save_all(ws, residents(number % 2 + 1))
    for each in saved:
        say(f"saved {each.id}")


def _save_too_soon(ws: Workspace, say: Say, number: int) -> None:
    """The control: acknowledged before the commit."""
    some = residents(number % 2 + 1)
    for each in some:
        say(f"saved {each.id}")
    elements.save_all(ws, some)


def residents(count: int) -> list[Resident]:
    """So many new ones."""
    return [Resident(id=new_id(), name="马小明", grid_id=GRID) for _ in range(count)]


def _sync(session: DeviceSession, say: Say, told: int) -> int:
    say("begun round")
    with contextlib.suppress(Offline):
        session.sync()
    with session.ws.store.read() as tx:
        newest = tx.exec_driver_sql(
            "SELECT no, record FROM outbox WHERE state = 'done' AND no > ? ORDER BY no LIMIT 500",
            (told,),
        ).all()
    for _, record in newest[-50:]:
        say(f"reported {record}")
    return newest[-1][0] if newest else told
