"""Invented histories with disasters: server or laptop go back to a backup at any moment.

Whatever a surviving machine holds must come through: at the end every operation in any outbox is
known to the server or visibly refused, and no value has vanished without a trace.
"""

import os
import shutil
from typing import Any

import hypothesis.strategies as st
import msgspec
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis.stateful import precondition, rule

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.protocol.messages import Operation
from sqzl_desktop.server.tables import OPERATION, RECORD
from sqzl_desktop.store.engine import open_store
from tests.places import KEY
from tests.sync.restoring import back_up, outbox, restore
from tests.sync.test_histories import Histories, who

EXAMPLES = int(os.environ.get("SQZL_RESTORE_HISTORIES", "8"))


class Disasters(Histories):
    """What three people do to four residents while machines are restored from backups."""

    def __init__(self) -> None:
        super().__init__()
        self.images: dict[int, str] = {}
        self.backups = 0

    @rule()
    def back_up(self) -> None:
        self.backups += 1
        back_up(self.field, f"backup-{self.backups}.db")

    @precondition(lambda self: self.backups)
    @rule(which=st.integers(0, 3), by_tool=st.booleans())
    def restore_server(self, which: int, by_tool: bool) -> None:
        chosen = max(1, self.backups - which)
        restore(self.field, self.field.folder / f"backup-{chosen}.db", by_tool=by_tool)
        self.field.clock.advance(hours=2)  # so that the epoch may be raised again

    @rule(by=who)
    def image_laptop(self, by: int) -> None:
        folder = self.devices[by].ws.store.folder
        self.devices[by].close()
        image = folder.with_name(f"{folder.name}-image")
        shutil.rmtree(image, ignore_errors=True)
        shutil.copytree(folder, image)
        self.images[by] = str(image)
        self.reopen(by)

    @precondition(lambda self: self.images)
    @rule(by=who)
    def restore_laptop(self, by: int) -> None:
        if by not in self.images:
            return
        folder = self.devices[by].ws.store.folder
        self.devices[by].close()
        shutil.rmtree(folder)
        shutil.copytree(self.images[by], folder)
        self.reopen(by)

    def reopen(self, by: int) -> None:
        store = open_store(self.devices[by].ws.store.folder, KEY)
        self.devices[by] = DeviceSession(store, self.field.connect(""), self.field.clock)

    def teardown(self) -> None:
        for days in (0, 8):  # nobody waits longer than a week for a laptop that is gone
            self.field.clock.advance(days=days)
            for _ in range(3):
                for session in self.devices:
                    session.sync()
        self.nothing_is_lost()
        super().teardown()

    def nothing_is_lost(self) -> None:
        with self.field.app.state.database.reading() as connection:
            lines = connection.execute(sa.select(OPERATION)).all()
            records = {each.id: each for each in connection.execute(sa.select(RECORD))}
        known = {line.id for line in lines}
        for session in self.devices:
            for operation, state in outbox(session).items():
                assert state == "refused" or (state == "done" and operation in known)
        operations = [msgspec.json.decode(line.body, type=Operation) for line in lines]
        seen = {(name, saw) for each in operations for name, saw in each.saw.items()}
        for line in lines:  # who saw an operation has seen the one whose value it repeated
            seen |= {
                (name, standing)
                for name, standing in msgspec.json.decode(line.agreed).items()
                if (name, line.id) in seen
            }
        for line, each in zip(lines, operations, strict=True):
            if each.action == "put" and line.outcome in ("applied", "conflict_kept"):
                said_before = msgspec.json.decode(line.agreed).keys()
                for name in each.fields.keys() - said_before:
                    assert (name, each.id) in seen or leaves_a_trace(records, each, name)


def leaves_a_trace(records: dict[str, Any], operation: Operation, name: str) -> bool:
    """Does the value stand, is it kept beside another, or did somebody delete the record?"""
    record = records[operation.record]
    if record.deleted or operation.id in msgspec.json.decode(record.writes).values():
        return True
    kept = [msgspec.json.decode(each.fields) for each in records.values()
            if each.kind == "conflict"]  # fmt: skip
    return any(
        each["field"] == name and operation.id in (each["other_op"], each["standing_op"])
        for each in kept
    )


Disasters.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestDisasters = Disasters.TestCase
