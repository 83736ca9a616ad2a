"""Invented histories: several laptops at work, with and without a network, end up the same.

Real client library, real server application; what people might do is drawn by Hypothesis.
"""

import contextlib
import dataclasses
import os
import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import msgspec
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.base.errors import UserError
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.protocol.messages import EnrolRequest
from sqzl_desktop.services import conflicts, elements
from sqzl_desktop.store import confirmed, meta
from sqzl_desktop.store.engine import open_store
from sqzl_desktop.store.migrations import migrate
from tests.field import PASSWORD, Field, start
from tests.places import COMMUNITY, GRID, KEY, NOW, OTHER_GRID

ACCOUNTS = ("wang", "ma", "li")
FIELDS = ("phone", "employer", "remark")
EXAMPLES = int(os.environ.get("SQZL_HISTORIES", "25"))

who = st.integers(0, len(ACCOUNTS) - 1)
which = st.integers(0, 3)


def device(field: Field, account: str) -> DeviceSession:
    """A laptop without the slow wrapping of its key."""
    transport = field.connect("")
    enrolment = transport.enrol(EnrolRequest(account, PASSWORD, account))
    folder = field.folder / account
    folder.mkdir()
    store = open_store(folder, KEY)
    with store.write() as tx:
        migrate(tx, field.clock)
        for name, value in (("device", enrolment.device), ("secret", enrolment.secret),
                            ("code", enrolment.code), ("incarnation", new_id())):  # fmt: skip
            meta.put(tx, name, value)
        meta.put(tx, "person", msgspec.json.encode(enrolment.person).decode())
    session = DeviceSession(store, transport, field.clock)
    session.sync()
    return session


class Histories(RuleBasedStateMachine):
    """What three people do to four residents."""

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.field = start(Path(self.place.name), FixedClock(NOW))
        self.devices = [device(self.field, account) for account in ACCOUNTS]
        self.people = [new_id() for _ in range(4)]

    def resident(self, session: DeviceSession, number: int) -> Resident | None:
        try:
            found = elements.get(session.ws, "resident", self.people[number])
        except UserError:
            return None
        assert isinstance(found, Resident)
        return found

    @rule(by=who, number=which, grid=st.sampled_from((GRID, OTHER_GRID)))
    def register(self, by: int, number: int, grid: str) -> None:
        session = self.devices[by]
        if self.resident(session, number) is None:
            self.try_to(elements.save, session.ws,
                        Resident(id=self.people[number], name="马小明", grid_id=grid))  # fmt: skip

    @rule(by=who, number=which, name=st.sampled_from(FIELDS), value=st.sampled_from("甲乙丙"))
    def edit(self, by: int, number: int, name: str, value: str) -> None:
        phone = {"甲": "15411111111", "乙": "15422222222", "丙": ""}[value]
        self.change(by, number, **{name: phone if name == "phone" else value})

    @rule(by=who, number=which, tags=st.sets(st.sampled_from(("K01", "K02", "K03"))))
    def tag(self, by: int, number: int, tags: set[str]) -> None:
        self.change(by, number, tags=tuple(sorted(tags)))

    @rule(by=who, number=which, grid=st.sampled_from((GRID, OTHER_GRID)))
    def move(self, by: int, number: int, grid: str) -> None:
        self.change(by, number, grid_id=grid)

    @rule(by=who, number=which)
    def delete(self, by: int, number: int) -> None:
        session = self.devices[by]
        if self.resident(session, number) is not None:
            elements.delete(session.ws, "resident", self.people[number])

    @rule(by=who, keep=st.sampled_from(("standing", "other")))
    def settle(self, by: int, keep: str) -> None:
        session = self.devices[by]
        for each in conflicts.open_conflicts(session.ws)[:1]:
            self.try_to(conflicts.settle, session.ws, each.id, keep)

    @rule(by=who, lost=st.integers(0, 2))
    def sync(self, by: int, lost: int) -> None:
        self.field.network.answers_lost = lost
        self.try_to(self.devices[by].sync)
        self.field.network.answers_lost = 0

    @precondition(lambda self: any(self.pending()))
    @rule(by=who)
    def restart(self, by: int) -> None:
        session = self.devices[by]
        session.close()
        store = open_store(session.ws.store.folder, KEY)
        self.devices[by] = DeviceSession(store, self.field.connect(""), self.field.clock)

    @invariant()
    def shown_row_and_operation_exist_together(self) -> None:
        for session in self.devices:
            with session.ws.store.read() as tx:
                lonely = tx.exec_driver_sql(
                    "SELECT count(*) FROM outbox LEFT JOIN rows ON rows.kind = outbox.kind AND"
                    " rows.id = outbox.record LEFT JOIN base ON base.no = rows.no"
                    " WHERE outbox.state = 'pending' AND base.no IS NULL"
                ).scalar()
            assert lonely == 0

    def change(self, by: int, number: int, **fields: Any) -> None:
        session = self.devices[by]
        record = self.resident(session, number)
        if record is not None:
            self.try_to(elements.save, session.ws, dataclasses.replace(record, **fields))

    def try_to(self, work: Any, *words: Any) -> None:
        with contextlib.suppress(UserError):  # a refusal is an answer, being offline is life
            work(*words)

    def pending(self) -> list[int]:
        return [session.sync_state().pending for session in self.devices]

    def teardown(self) -> None:
        for _ in range(3):
            for session in self.devices:
                session.sync()
        assert self.pending() == [0, 0, 0]
        seen = [self.everything(session) for session in self.devices]
        assert seen[0] == seen[1] == seen[2]
        for session in self.devices:
            session.close()
        self.field.app.state.database.close()
        self.place.cleanup()

    def everything(self, session: DeviceSession) -> tuple[Any, ...]:
        """Digests, rows and open conflicts: what must be the same on every laptop."""
        with session.ws.store.read() as tx:
            kept = confirmed.digests(confirmed.read_sums(tx, COMMUNITY))
            assert kept == confirmed.digests(confirmed.recomputed_sums(tx, COMMUNITY))
        rows = sorted(elements.find(session.ws, "resident"), key=lambda each: each.id)
        open_ones = sorted((each.id, each.standing.value, each.other.value)
                           for each in conflicts.open_conflicts(session.ws))  # fmt: skip
        return kept, rows, open_ones


Histories.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestHistories = Histories.TestCase
