"""The server decides every situation of the table as the table says."""

import dataclasses

import pytest

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.access import GRID_WORKER, ROLES
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.protocol.merge import ALL
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.server import steps
from sqzl_desktop.server.ledger import Change, commit
from tests.case_table import KEPT, VALUES, situations
from tests.contracts.backend import COMMUNITY, NORTH

MOST = 500


@pytest.fixture
def seeded(backend):
    """A record for every situation, in the state it is about: id to situation."""
    found = {new_id(): each for each in situations()}
    kept = {"community_id": COMMUNITY, "grid_id": NORTH, "title": "留", "state": "handling"}

    def seed(connection):
        rows = [Row("case", each, NORTH, 0, about.fields, {ALL: "seed"}, "seed")
                for each, about in found.items()]  # fmt: skip
        rows.append(Row("case", KEPT, NORTH, 0, kept, {ALL: "seed"}, "seed"))
        commit(connection, COMMUNITY, [Change(None, row) for row in rows])

    backend.database.writing(seed)
    return found


def faults(backend, seeded):
    """What the server did otherwise than the table says, one by one."""
    devices = {role: backend.device(role, role=role) for role in ROLES}
    answers = {}
    for role, device in devices.items():
        asked = [(each, about) for each, about in seeded.items() if about.role == role]
        for start in range(0, len(asked), MOST // 2):
            some = asked[start : start + MOST // 2]
            taken = [operation for each, about in some for operation in ask(device, each, about)]
            told = device.push(*taken)
            answers |= {operation.record: answer
                        for operation, answer in zip(taken, told, strict=True)}  # fmt: skip
    lead = devices["community_lead"]
    lead.load_snapshot()
    found = []
    for each, about in seeded.items():
        outcome, state = answers[each].outcome, lead.rows["case", each].fields["state"]
        is_well = outcome == ("rejected" if about.sentence else "applied")
        if not is_well or state != (about.fields["state"] if about.sentence else about.target):
            found.append(f"{about.step} in {about.fields['state']} by {about.role}: {outcome}")
    counted = sum(1 for kind, _ in lead.rows if kind == "case_step")
    if counted != sum(not about.sentence for about in seeded.values()):
        found.append(f"{counted} steps were put down")
    return found


def ask(device, record, about):
    """The values as a put, and the step, in one group."""
    values = {name: record if value == "itself" else value for name, value in about.values.items()}
    own = {name: values.pop(name) for name in ("merged_into",) if name in values}
    group = new_id()
    seen = {"saw": {"state": "seed"}, "state": about.fields["state"], "group": group}
    saw = {name: "seed" if name in about.fields else "" for name in values}
    puts = [device.put("case", record, values, saw=saw, group=group)] if values else []
    return [*puts, device.step("case", record, about.step, fields=own, **seen)]


def test_server_decides_every_situation_as_the_table_says(backend, seeded):
    assert faults(backend, seeded) == []


def test_server_that_asks_for_nothing_is_found(backend, seeded, monkeypatch):
    def lenient(flow, record, step, *, values, **_who_and_when):
        transition = flow.transition(step)
        state = transition.target or record.state
        return dataclasses.replace(record, **values, state=state, step_count=1)

    monkeypatch.setattr(steps, "advance", lenient)

    found = faults(backend, seeded)

    allowed = [each for each in CASE_FLOW.transitions if GRID_WORKER in each.roles]
    assert len(found) > len(allowed) * 10


def test_every_value_that_a_step_needs_is_known():
    needed = {name for each in CASE_FLOW.transitions for name in each.needs}

    assert needed == VALUES.keys()
