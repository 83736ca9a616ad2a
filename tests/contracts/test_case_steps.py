"""What the server writes down of a step of a case."""

from sqzl_desktop.base.ids import new_id
from tests.contracts.backend import COMMUNITY, NORTH


def steps_of(device):
    return [row for (kind, _), row in device.live().items() if kind == "case_step"]


def case(**fields):
    return {"community_id": COMMUNITY, "grid_id": NORTH, "title": "楼道堆物", **fields}


def test_step_is_put_down_with_the_server_s_time_and_what_was_filled_in(worker):
    record = new_id()
    assert worker.outcomes(worker.put("case", record, case())) == ["applied"]
    step = worker.step("case", record, "file", fields={"class_code": "06010"})

    assert worker.outcomes(step) == ["applied"]

    worker.pull()
    row = worker.rows["case", record]
    assert (row.fields["state"], row.fields["filed_at"]) == ("filed", "2026-07-01T01:00:00Z")
    (kept,) = steps_of(worker)
    assert kept.grid == NORTH
    assert kept.fields == {
        "community_id": COMMUNITY,
        "grid_id": NORTH,
        "case_id": record,
        "step": "file",
        "number": 1,
        "label": "立案",
        "from_state": "reported",
        "to_state": "filed",
        "by": "张三同志",
        "role": "网格员",
        "device": "张三的电脑",
        "content": "案件类别：06010",
        "made_at": "2026-07-01T00:59:00Z",
        "received_at": "2026-07-01T01:00:00Z",
    }
    assert worker.recomputed() == worker.digests


def test_step_answered_again_is_put_down_once(worker):
    record = new_id()
    worker.push(worker.put("case", record, case()))
    step = worker.step("case", record, "file", fields={"class_code": "06010"})

    worker.push(step)
    worker.push(step)

    worker.pull()
    assert len(steps_of(worker)) == 1


def test_time_a_device_claims_for_a_step_is_not_the_clock_s(worker):
    record = new_id()
    worker.push(worker.put("case", record, case()))
    claimed = {
        "class_code": "06010",
        "filed_at": "2016-01-01T00:00:00Z",
        "due_at": "2099-01-01T00:00:00Z",
    }

    worker.push(worker.step("case", record, "file", fields=claimed))

    worker.pull()
    fields = worker.rows["case", record].fields
    assert fields["filed_at"] == "2026-07-01T01:00:00Z"
    assert fields.get("due_at") != "2099-01-01T00:00:00Z"


def test_step_is_written_by_nobody(worker):
    fields = {"community_id": COMMUNITY, "case_id": new_id(), "step": "close"}

    assert worker.outcomes(worker.put("case_step", new_id(), fields)) == ["rejected"]
