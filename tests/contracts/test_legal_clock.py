"""The limits of a case run by the server's clock; what a device's clock said stands beside it."""

import msgspec
import pytest

from sqzl_desktop.base.ids import new_id
from tests.contracts.cases import ON_THE_WAY, case, of_kind, stepped

NOW = "2026-07-01T01:00:00Z"
PAST, FUTURE = "2016-07-01T01:00:00Z", "2036-07-01T01:00:00Z"
TIMES = ("confirmed_at", "filed_at", "dispatched_at", "handling_at", "fed_back_at", "verified_at",
         "closed_at")  # fmt: skip


def by_clock(operations, at):
    """The operations as a device makes them whose clock says `at`."""
    effect = dict.fromkeys((*TIMES, "state_at", "due_at", "stage_due_at"), at)
    return [
        msgspec.structs.replace(
            each, made_at=at, fields=each.fields | (effect if each.action == "step" else {})
        )
        for each in operations
    ]


@pytest.mark.parametrize("at", [PAST, FUTURE])
def test_clock_wrong_by_ten_years_changes_no_limit(worker, at):
    right, wrong = new_id(), new_id()
    said = {"reported_at": at, "discovered_at": at, "number": f"案{at[:4]}-1"}
    assert worker.outcomes(worker.put("case", right, case(discovered_at=NOW))) == ["applied"]
    reported = by_clock([worker.put("case", wrong, case(**said))], at)
    assert worker.outcomes(*reported) == ["applied"]
    worker.pull()
    for step, values in ON_THE_WAY.items():
        assert set(worker.outcomes(*stepped(worker, right, step, **values))) <= {"applied", "noop"}
        taken = by_clock(stepped(worker, wrong, step, **values), at)
        assert set(worker.outcomes(*taken)) <= {"applied", "noop"}
        worker.pull()

    own, other = (worker.rows["case", each].fields for each in (right, wrong))
    differing = {name for name in own.keys() | other.keys() if own.get(name) != other.get(name)}
    assert differing <= {"number", "discovered_at"}
    assert {own[name] for name in (*TIMES, "reported_at", "state_at")} == {NOW}
    assert other["discovered_at"] == min(at, NOW), "what is still to come was not noticed yet"
    claimed = {row.fields["made_at"] for row in of_kind(worker, "case_step")
               if row.fields["case_id"] == wrong}  # fmt: skip
    received = {row.fields["received_at"] for row in of_kind(worker, "case_step")}
    assert (claimed, received) == ({at}, {NOW})


def test_new_case_cannot_say_what_only_steps_write(worker):
    record = new_id()
    forged = case(closed_at=PAST, close_kind="closed", due_at=FUTURE, filed_at=PAST, step_count=7,
                  merged_into=new_id(), home_grid_id="640104001001002", rework_count=3)  # fmt: skip

    assert worker.outcomes(worker.put("case", record, forged)) == ["applied"]

    worker.pull()
    fields = worker.rows["case", record].fields
    forged_names = ("closed_at", "close_kind", "filed_at", "step_count", "merged_into",
                    "home_grid_id", "rework_count", "due_at")  # fmt: skip
    assert [name for name in forged_names if name in fields] == []


def test_report_that_waited_a_day_on_a_laptop_has_its_limit_from_when_it_came(backend, worker):
    early, late = new_id(), new_id()
    yesterday = "2026-06-30T01:00:00Z"
    worker.outcomes(worker.put("case", early, case(discovered_at=yesterday)))
    backend.clock.advance(minutes=10)
    worker.outcomes(worker.put("case", late, case(discovered_at=yesterday)))
    worker.pull()

    first, second = (worker.rows["case", each].fields for each in (early, late))
    assert first["discovered_at"] == second["discovered_at"] == yesterday
    assert (first["reported_at"], second["reported_at"]) == (NOW, "2026-07-01T01:10:00Z")
    assert ("stage_due_at" in first) == ("stage_due_at" in second)
