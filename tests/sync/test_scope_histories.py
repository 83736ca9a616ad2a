"""Random days on which grids change hands: no work is lost, nothing out of scope is left.

Every history is made from its number, so that one that fails fails again.
"""

import contextlib
import dataclasses
import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.errors import Offline, Refused
from sqzl_desktop.domain.access import NOTHING, Actor, visible
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.server import accounts
from sqzl_desktop.server.tables import OPERATION, RECORD
from sqzl_desktop.services import elements, handovers
from sqzl_desktop.store import changes, keys, traces
from tests import plain
from tests.field import PASSWORD, Field
from tests.places import COMMUNITY, GRID, OTHER_GRID

Laptops = Callable[..., DeviceSession]
SCOPES = ((GRID,), (OTHER_GRID,), (GRID, OTHER_GRID), ("640105001001",), (COMMUNITY,))
STEPS = 40


@dataclasses.dataclass
class History:
    """A server, some laptops, and what was done."""

    field: Field
    laptops: dict[str, DeviceSession]
    chance: random.Random
    made: dict[str, set[str]] = dataclasses.field(default_factory=dict)
    words: dict[str, str] = dataclasses.field(default_factory=dict)

    def go(self, steps: int) -> None:
        acts = (self.register, self.register, self.change, self.change, self.move, self.delete,
                self.decide, self.entrust, self.switch, self.wait,
                self.sync, self.sync)  # fmt: skip
        for _ in range(steps):
            self.chance.choice(acts)(self.chance.choice(list(self.laptops.values())))
            self.note()

    def register(self, on: DeviceSession) -> None:
        grids = [each.code for each in elements.find(on.ws, "grid")]  # type: ignore[attr-defined]
        mine = [each for each in grids if any(each.startswith(code) for code in on.ws.actor.scope)]
        if mine:
            word = f"zq{self.chance.getrandbits(64):016x}"
            person = Resident(name="马小明", employer=word, grid_id=self.chance.choice(mine))
            self.words[elements.save(on.ws, person).id] = word

    def change(self, on: DeviceSession) -> None:
        self._edit(on, lambda: {"phone": f"154{self.chance.randrange(10**8):08d}"})

    def move(self, on: DeviceSession) -> None:
        self._edit(on, lambda: {"grid_id": self.chance.choice((GRID, OTHER_GRID))})

    def _edit(self, on: DeviceSession, values: Callable[[], dict[str, str]]) -> None:
        found = elements.find(on.ws, "resident")
        if found:
            try:
                elements.save(on.ws, dataclasses.replace(self.chance.choice(found), **values()))
            except Refused:
                return  # a grid that is not this worker's

    def delete(self, on: DeviceSession) -> None:
        found = elements.find(on.ws, "resident")
        if found and self.chance.random() < 0.5:
            elements.delete(on.ws, "resident", self.chance.choice(found).id)

    def decide(self, on: DeviceSession) -> None:
        for each in handovers.open_handovers(on.ws):
            try:
                if self.chance.random() < 0.7:
                    handovers.accept(on.ws, each.id)
                else:
                    handovers.decline(on.ws, each.id, "已核实")
            except Refused:
                continue

    def entrust(self, on: DeviceSession) -> None:
        account = on.ws.actor.account
        scope = (COMMUNITY,) if account == "li" else self.chance.choice(SCOPES)
        self.field.app.state.database.writing(
            lambda connection: accounts.entrust(connection, account, scope, self.field.clock)
        )

    def switch(self, _on: DeviceSession) -> None:
        self.field.network.is_up = not self.field.network.is_up

    def wait(self, _on: DeviceSession) -> None:
        self.field.clock.advance(hours=self.chance.choice((1, 5, 30)))

    def sync(self, on: DeviceSession) -> None:
        self.field.network.answers_lost = self.chance.choice((0, 0, 0, 1))
        with contextlib.suppress(Offline):
            on.sync()
        self.field.network.answers_lost = 0

    def note(self) -> None:
        for name, session in self.laptops.items():
            with session.ws.store.read() as tx:
                ids = tx.exec_driver_sql("SELECT id FROM outbox").scalars()
                self.made.setdefault(name, set()).update(ids)

    def come_to_rest(self) -> None:
        self.field.network.is_up = True
        for _ in range(3):
            for session in self.laptops.values():
                session.sync()
            self.note()


def lost_work(history: History) -> list[str]:
    """Operations that were saved on some laptop and are neither there, unsent, nor at the server;
    and held ones that nobody can see."""
    with history.field.app.state.database.reading() as connection:
        outcomes = {each.id: each for each in connection.execute(sa.select(OPERATION))}
        boxes = connection.scalars(sa.select(RECORD.c.fields).where(RECORD.c.kind == "handover"))
        boxed = "".join(boxes)
    lost = []
    for name, made in history.made.items():
        with history.laptops[name].ws.store.read() as tx:
            waiting = {each.id for *_, each in changes.left_behind(tx, 0, 10**6)}
        lost += [each for each in made if each not in outcomes and each not in waiting]
    lost += [each.id for each in outcomes.values()
             if each.outcome == "held" and each.kind not in ("conflict", "handover")
             and f'"operation":"{each.id}"' not in boxed]  # fmt: skip
    return lost


def leaks(history: History) -> list[str]:
    """Words in some byte of a laptop that belong to records out of its user's sight."""
    found = []
    with history.field.app.state.database.reading() as connection:
        records = list(connection.execute(sa.select(RECORD)))
        people = {each.name: each for each in accounts.every(connection)}
    for name, session in history.laptops.items():
        account = people[session.ws.actor.account]
        actor = Actor(account.name, account.display, account.role, account.scope)
        zones = visible(actor, COMMUNITY) or NOTHING
        seen = "".join(each.fields for each in records if zones.holds(each.grid))
        folder = session.ws.store.folder
        bytes_of = b"".join(plain.pages(folder, keys.open_key(folder, PASSWORD, vault=None)))
        found += [f"{name}: {word}" for word in history.words.values()
                  if word not in seen and word.encode() in bytes_of]  # fmt: skip
    return found


def history(field: Field, laptops: Laptops, seed: int) -> History:
    made = {name: laptops(name) for name in ("wang", "ha", "li")}
    return History(field, made, random.Random(seed))


@pytest.mark.parametrize("seed", [0, 1, 4, 5])
def test_grids_change_hands_and_nothing_is_lost_or_left(
    field: Field, laptops: Laptops, seed: int
) -> None:
    told = history(field, laptops, seed)

    told.go(STEPS)
    told.come_to_rest()

    assert lost_work(told) == []
    assert leaks(told) == []


def test_histories_notice_a_device_that_drops_its_unsent_work(
    field: Field, laptops: Laptops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control for lost work: forgetting a grid forgets the outbox with it."""
    let_go = traces.let_go

    def careless(tx, community, zones):  # type: ignore[no-untyped-def]
        tx.exec_driver_sql("DELETE FROM outbox WHERE community = ?", (community,))
        return let_go(tx, community, zones)

    monkeypatch.setattr(traces, "let_go", careless)
    monkeypatch.setattr(
        "sqzl_desktop.sync.community.CommunityRound._push", lambda _self, report: report
    )
    told = history(field, laptops, 1)
    told.go(STEPS)
    told.come_to_rest()

    assert lost_work(told)


def test_histories_notice_a_device_that_keeps_what_it_sent(
    field: Field, laptops: Laptops, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control for what is left: rows go, their traces stay."""
    monkeypatch.setattr(traces, "remove", lambda _tx, _note: None)
    told = history(field, laptops, 5)
    told.go(STEPS)
    told.come_to_rest()

    assert leaks(told)
