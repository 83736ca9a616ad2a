import json

from sqzl_desktop.base.ids import new_id
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH, known_to_both, topic


def supplements(device):
    return [row for (kind, _), row in device.live().items() if kind == "supplement"]


def test_guarded_field_is_changed_by_steps_only(worker):
    record = new_id()
    assert worker.outcomes(worker.put("topic", record, topic())) == ["applied"]
    worker.pull()

    put = worker.put("topic", record, {"state": "adopted"})
    step = worker.step("topic", record, "adopt", fields={"decided_on": "2026-07-01"})

    assert worker.outcomes(put, step) == ["rejected", "applied"]
    worker.pull()
    row = worker.rows["topic", record]
    assert (row.fields["state"], row.fields["decided_on"]) == ("adopted", "2026-07-01")
    assert row.writes["state"] == row.writes["decided_on"] == row.last == step.id


def test_first_step_wins_and_the_second_is_told_who(worker, other):
    record = known_to_both(worker, other, "topic", topic())
    adopt = worker.step("topic", record, "adopt", state="collected")
    refuse = other.step(
        "topic", record, "refuse", state="collected", fields={"decision": "与职责无关"}
    )

    assert worker.outcomes(adopt) == ["applied"]
    (answer,) = other.push(refuse)

    assert answer.outcome == "noop"
    assert answer.reason == (
        "议题已由张三同志于2026年7月1日 09:00办理为“已确定”；"
        "您的“不予列入”和填写的内容已作为补充记入该议题"
    )
    other.pull()
    assert "decision" not in other.rows["topic", record].fields
    (kept,) = supplements(other)
    assert kept.fields == {
        "community_id": COMMUNITY,
        "record_kind": "topic",
        "record_id": record,
        "step": "不予列入",
        "content": "审核意见：与职责无关",
        "by": "李四同志",
        "device": "李四的电脑",
        "made_at": "2026-07-01T00:59:00Z",
        "received_at": "2026-07-01T01:00:00Z",
    }


def test_values_saved_with_a_late_step_stay_on_the_record_as_a_supplement(worker, other):
    record = known_to_both(worker, other, "topic", topic())
    worker.push(worker.step("topic", record, "adopt", state="collected"))
    group = new_id()
    values = other.put("topic", record, {"decision": "与职责无关"}, group=group)
    step = other.step("topic", record, "refuse", state="collected", group=group)

    assert other.outcomes(values, step) == ["noop", "noop"]
    assert other.outcomes(values, step) == ["noop", "noop"], "the same answer again"

    other.pull()
    assert "decision" not in other.rows["topic", record].fields
    (kept,) = supplements(other)
    assert kept.fields["content"] == "审核意见：与职责无关"


def test_photos_saved_with_a_late_step_stay_on_the_record(worker, other):
    record = known_to_both(worker, other, "topic", topic())
    worker.push(worker.step("topic", record, "adopt", state="collected"))
    group, photo = new_id(), new_id()
    values = other.put("topic", record, {"decision": "与职责无关"}, group=group)
    file = {
        "community_id": COMMUNITY, "record_kind": "topic", "record_id": record,
        "name": "现场.jpg", "media_type": "image/jpeg", "size": 3, "sha256": "0" * 64,
    }  # fmt: skip
    added = other.put("attachment", photo, file, group=group)
    step = other.step("topic", record, "refuse", state="collected", group=group)

    assert other.outcomes(values, added, step) == ["noop", "applied", "noop"]

    other.pull()
    assert other.rows["attachment", photo].fields["record_id"] == record
    (kept,) = supplements(other)
    assert kept.fields["content"] == "审核意见：与职责无关"


def test_late_step_whose_action_made_other_records_is_refused_whole(worker, other):
    record = known_to_both(worker, other, "topic", topic())
    worker.push(worker.step("topic", record, "refuse", fields={"decision": "与职责无关"}))
    group = new_id()
    adopt = other.step("topic", record, "adopt", state="collected", group=group)
    meeting = {"community_id": COMMUNITY, "title": "协商", "topic_id": record, "form": "01"}
    made = other.put("consultation", new_id(), meeting, group=group)

    assert other.outcomes(adopt, made) == ["rejected", "rejected"]
    other.pull()
    assert supplements(other) == []


def test_supplement_goes_with_its_record_to_another_grid_and_out_of_sight(backend, worker, other):
    record = known_to_both(worker, other, "topic", topic(grid_id=NORTH))
    worker.push(worker.step("topic", record, "adopt", state="collected"))
    other.push(other.step("topic", record, "refuse", state="collected", fields={"decision": "否"}))
    north = backend.device("王五", NORTH)
    north.load_snapshot()
    assert len(supplements(north)) == 1

    worker.pull()
    assert worker.outcomes(worker.put("topic", record, {"grid_id": SOUTH})) == ["applied"]

    north.pull()
    assert supplements(north) == []
    worker.pull()
    (kept,) = supplements(worker)
    assert kept.grid == kept.fields["grid_id"] == SOUTH
    assert worker.recomputed() == worker.digests


def test_supplement_is_written_by_nobody(worker):
    fields = {"community_id": COMMUNITY, "record_kind": "topic", "record_id": new_id()}

    assert worker.outcomes(worker.put("supplement", new_id(), fields)) == ["rejected"]


def test_same_step_by_the_same_person_is_success_again(worker):
    record = new_id()
    worker.push(worker.put("topic", record, topic()))

    first = worker.step("topic", record, "adopt", state="collected")
    again = worker.step("topic", record, "adopt", state="collected")

    assert worker.outcomes(first, again) == ["applied", "noop"]


def test_step_that_lacks_what_it_needs_is_rejected(worker):
    record = new_id()
    worker.push(worker.put("topic", record, topic()))

    (answer,) = worker.push(worker.step("topic", record, "refuse"))

    assert (answer.outcome, answer.reason) == ("rejected", "“不予列入”之前请先填写：审核意见")


def test_step_does_not_overwrite_a_value_its_author_never_saw(worker, other):
    record = known_to_both(worker, other, "topic", topic())
    assert other.outcomes(other.put("topic", record, {"decision": "李四写的"})) == ["applied"]
    step = worker.step(
        "topic", record, "refuse", fields={"decision": "张三写的"}, saw={"decision": ""}
    )

    assert worker.outcomes(step) == ["conflict_kept"]

    worker.pull()
    fields = worker.rows["topic", record].fields
    assert (fields["state"], fields["decision"]) == ("refused", "李四写的")
    (conflict,) = worker.conflicts()
    assert json.loads(conflict.fields["other_value"]) == "张三写的"
