"""The limits of cases on the server: its own time, the community's classes and calendar."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.server import deadlines, ledger
from tests.contracts.backend import COMMUNITY, NORTH, Backend

# the server's clock stands at nine on Wednesday, 1 July 2026; five working days end on the 8th
USUAL, DAY_LATER = "2026-07-08T10:00:00Z", "2026-07-09T10:00:00Z"


@pytest.fixture
def lead(backend):
    return backend.device("书记", role="community_lead")


def rule(**fields):
    return {"community_id": COMMUNITY, **fields}


def make_case(device):
    record = new_id()
    fields = {"community_id": COMMUNITY, "grid_id": NORTH, "title": "绿地脏乱"}
    assert device.outcomes(device.put("case", record, fields)) == ["applied"]
    return record


def file_case(device, **values):
    record = make_case(device)
    step(device, record, "file", **{"class_code": "06017", **values})
    return record


def step(device, record, name, state="", **fields):
    assert device.outcomes(device.step("case", record, name, state=state, fields=fields)) == [
        "applied"
    ]


def limits(device, record):
    device.pull()
    assert device.recomputed() == device.digests
    fields = device.rows["case", record].fields
    return fields.get("due_at"), fields.get("due_before")


def day_off(lead, on="2026-07-03", record=None):
    record = record or new_id()
    assert lead.outcomes(lead.put("calendar_day", record, rule(on=on, name="停电"))) == ["applied"]
    return record


def test_limit_runs_by_the_server_s_time(worker):
    record = file_case(worker)

    assert limits(worker, record) == (USUAL, None)
    assert worker.rows["case", record].fields["class_version"] == 1


def test_changed_calendar_moves_open_cases_and_keeps_what_was_before(worker, lead):
    record, unfiled = file_case(worker), make_case(worker)

    adjusted = day_off(lead)

    assert limits(worker, record) == (DAY_LATER, USUAL)
    assert limits(worker, unfiled) == (None, None)
    # the calendar's author is who moved it
    row, calendar = worker.rows["case", record], worker.rows["calendar_day", adjusted]
    assert row.writes["due_at"] == calendar.last


def test_calendar_and_limit_come_in_one_page(worker, lead):
    record = file_case(worker)
    worker.pull()

    day_off(lead)

    (page,) = worker.pull()
    kinds = {entry.kind for entry in page.entries}
    assert kinds == {"calendar_day", "case"}
    assert worker.rows["case", record].fields["due_at"] == DAY_LATER


def test_taking_the_day_back_leaves_nothing_of_it(worker, lead):
    record = file_case(worker)
    adjusted = day_off(lead)
    lead.pull()

    assert lead.outcomes(lead.delete("calendar_day", adjusted)) == ["applied"]

    assert limits(worker, record) == (USUAL, None)


def test_new_office_hours_move_the_hours(worker, lead):
    record = file_case(worker, class_code="06010")  # four hours: until 15:30
    assert limits(worker, record)[0] == "2026-07-01T07:30:00Z"

    hours = rule(from_on="2026-07-01", hours="08:00-12:00,15:00-18:30")
    assert lead.outcomes(lead.put("office_hours", new_id(), hours)) == ["applied"]

    assert limits(worker, record) == ("2026-07-01T08:00:00Z", "2026-07-01T07:30:00Z")


def test_ended_and_parked_cases_are_left_alone(backend, worker, lead):
    ended, parked = file_case(worker), file_case(worker)
    step(worker, ended, "handle_on_spot", state="filed", measures="已清理")
    step(lead, parked, "park", state="filed", park_reason="等待")

    day_off(lead)

    assert limits(worker, ended) == (USUAL, None)
    assert limits(worker, parked) == (None, None)

    backend.clock.at += dt.timedelta(days=1)
    worker.connect()
    step(worker, parked, "resume", state="parked")
    # half an hour of the 2nd was lost to parking, the 3rd is off
    assert limits(worker, parked)[0] == "2026-07-10T01:00:00Z"


def test_case_follows_the_version_of_its_class_that_was_in_force(worker, lead):
    old = file_case(worker)
    changed = rule(code="06017", version=2, name="绿地脏乱", phases="1工作日")
    assert lead.outcomes(lead.put("case_class", new_id(), changed)) == ["applied"]

    new = file_case(worker)

    assert limits(worker, old)[0] == USUAL
    assert limits(worker, new)[0] == "2026-07-02T10:00:00Z"
    step(worker, old, "dispatch", state="filed", handler_kind="01", handler="园林所")
    assert limits(worker, old)[0] == USUAL


def test_class_made_in_the_same_push_counts(lead):
    made = rule(code="L1", version=1, name="树枝碰窗", phases="2工作日")
    record = new_id()
    fields = {"community_id": COMMUNITY, "grid_id": NORTH, "title": "树枝碰窗"}

    outcomes = lead.outcomes(
        lead.put("case_class", new_id(), made),
        lead.put("case", record, fields),
        lead.step("case", record, "file", fields={"class_code": "L1"}),
    )

    assert outcomes == ["applied"] * 3
    assert limits(lead, record)[0] == "2026-07-03T10:00:00Z"
    assert lead.rows["case", record].fields["class_version"] == 1


def test_filed_case_put_into_another_class_or_urgency_runs_by_it(worker, lead):
    record = file_case(worker)
    lead.pull()

    lead.push(lead.put("case", record, {"urgency": "02"}))
    assert limits(lead, record)[0] == "2026-07-02T10:00:00Z"

    lead.push(lead.put("case", record, {"class_code": "D02", "urgency": "01"}))
    assert limits(lead, record)[0] == "2026-07-10T10:00:00Z"


@pytest.mark.parametrize("fields", [{"class_code": "D02"}, {"urgency": "01"}])
def test_who_has_to_keep_a_limit_does_not_change_it(worker, fields):
    record = file_case(worker, urgency="02")
    worker.pull()

    (answer,) = worker.push(worker.put("case", record, fields))

    assert answer.outcome == "rejected"
    assert "立案以后只能由社区负责人修改" in answer.reason


def test_before_filing_class_and_urgency_are_anybody_s_to_put_right(worker):
    record = make_case(worker)
    worker.pull()

    edit = worker.put("case", record, {"class_code": "D02", "urgency": "02"})

    assert worker.outcomes(edit) == ["applied"]


def test_limit_a_device_claims_is_not_taken(worker):
    record = file_case(worker)
    worker.pull()

    assert worker.outcomes(
        worker.put("case", record, {"granted_until": "2030-01-01T00:00:00Z"})
    ) == ["rejected"]


def test_extension_asked_for_after_one_was_granted_takes_nothing_away(worker, lead):
    record = file_case(worker)
    step(worker, record, "dispatch", state="filed", handler_kind="01", handler="园林所")
    asked = {"extension_until": "2026-07-20T10:00:00Z", "extension_reason": "苗木未到"}
    step(worker, record, "extend", state="dispatched", **asked)
    step(lead, record, "grant", state="dispatched")
    assert limits(worker, record)[0] == "2026-07-20T10:00:00Z"

    later = {"extension_until": "2026-09-20T10:00:00Z", "extension_reason": "仍未到"}
    step(worker, record, "extend", state="dispatched", **later)

    assert limits(worker, record)[0] == "2026-07-20T10:00:00Z"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("case_class", {"code": "L1", "version": 1, "name": "试", "phases": "尽快"}),
        ("office_hours", {"from_on": "2026-07-01", "hours": "八点到十二点"}),
    ],
)
def test_limits_nobody_can_count_by_are_rejected(lead, kind, fields):
    assert lead.outcomes(lead.put(kind, new_id(), rule(**fields))) == ["rejected"]


def test_only_the_lead_changes_the_calendar(worker):
    fields = rule(on="2026-07-03", name="停电")

    assert worker.outcomes(worker.put("calendar_day", new_id(), fields)) == ["rejected"]


def test_step_that_empties_a_field_leaves_none_behind(worker, lead):
    record = file_case(worker)
    step(lead, record, "park", state="filed", park_reason="等待")
    step(worker, record, "resume", state="parked")

    worker.pull()

    assert None not in worker.rows["case", record].fields.values()
    assert worker.recomputed() == worker.digests


@pytest.mark.postgres
def test_case_filed_while_the_calendar_changes_is_moved_too(postgres_url, tmp_path, loop):
    with Backend(postgres_url, tmp_path / "cache", loop) as backend:
        worker, lead = backend.device("张三"), backend.device("书记", role="community_lead")
        record, filing = new_id(), worker.step("case", new_id(), "file")
        fields = {
            "community_id": COMMUNITY, "grid_id": NORTH, "title": "绿地脏乱", "state": "filed",
            "class_code": "06017", "class_version": 1, "phase": 1, "due_at": USUAL,
            "filed_at": "2026-07-01T01:00:00Z", "state_at": "2026-07-01T01:00:00Z",
        }  # fmt: skip
        changing = threading.Thread(target=lambda: day_off(lead))

        def file_slowly(connection):
            deadlines.take_turn(connection, COMMUNITY, [filing])
            changing.start()
            while changing.is_alive() and not connection.scalar(_WAITING):
                pass  # without turns the calendar is changed by now, and the case is missed
            row = Row("case", record, NORTH, 0, fields, {"*": "made"}, "made")
            ledger.commit(connection, COMMUNITY, [ledger.Change(None, row)])

        backend.database.writing(file_slowly)
        changing.join()

        assert limits(worker, record) == (DAY_LATER, USUAL)


_WAITING = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
