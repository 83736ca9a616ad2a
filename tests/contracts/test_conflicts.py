import json

from sqzl_desktop.base.ids import new_id
from tests.contracts.backend import known_to_both


def conflicting(worker, other):
    """A record whose phone both changed, pulled by both; the record and the conflict."""
    record = known_to_both(worker, other)
    first = worker.put("resident", record, {"phone": "13895001111"})
    assert other.outcomes(other.put("resident", record, {"phone": "13895002222"})) == ["applied"]
    assert worker.outcomes(first) == ["conflict_kept"]
    worker.pull()
    other.pull()
    (conflict,) = worker.conflicts()
    return record, conflict


def test_settle_for_the_standing_value_closes_the_conflict(worker, other):
    record, conflict = conflicting(worker, other)
    worker.backend.clock.advance(minutes=5)

    step = worker.step("conflict", conflict.id, "settle", fields={"choice": "standing"})
    assert worker.outcomes(step) == ["applied"]

    other.pull()
    assert other.conflicts() == []
    fields = other.rows["conflict", conflict.id].fields
    assert (fields["state"], fields["choice"], fields["settled_by"], fields["settled_at"]) == (
        "settled", "standing", "张三同志", "2026-07-01T01:05:00Z",
    )  # fmt: skip
    assert other.rows["resident", record].fields["phone"] == "13895002222"
    assert other.recomputed() == other.digests


def test_settle_for_the_other_value_writes_it_in_the_same_group(worker, other):
    record, conflict = conflicting(worker, other)
    group = new_id()
    settle = worker.step("conflict", conflict.id, "settle", fields={"choice": "other"}, group=group)
    put = worker.put(
        "resident", record, {"phone": "13895001111"}, group=group,
        saw={"phone": conflict.fields["standing_op"]},
    )  # fmt: skip

    assert worker.outcomes(settle, put) == ["applied", "applied"]

    other.pull()
    assert other.rows["resident", record].fields["phone"] == "13895001111"
    assert other.conflicts() == []


def test_choice_taken_back_opens_the_conflict_with_what_stands_now(worker, other):
    record, conflict = conflicting(worker, other)
    group = new_id()
    settle = worker.step("conflict", conflict.id, "settle", fields={"choice": "other"}, group=group)
    put = worker.put("resident", record, {"phone": "13895001111"}, group=group)
    assert worker.outcomes(settle, put) == ["applied", "applied"]
    other.pull()
    group = new_id()
    reopen = other.step("conflict", conflict.id, "reopen", state="settled", group=group)
    back = other.put("resident", record, {"phone": "13895002222"}, group=group)

    assert other.outcomes(reopen, back) == ["applied", "applied"]

    worker.pull()
    (again,) = worker.conflicts()
    assert again.id == conflict.id
    assert not again.fields.keys() & {"choice", "settled_by", "settled_at"}
    assert json.loads(again.fields["standing_value"]) == "13895002222"
    assert json.loads(again.fields["other_value"]) == "13895001111"
    assert again.fields["standing_op"] == back.id
    assert worker.rows["resident", record].fields["phone"] == "13895002222"
    assert worker.recomputed() == worker.digests
    choose = {"fields": {"choice": "standing"}}
    assert worker.outcomes(worker.step("conflict", conflict.id, "settle", **choose)) == ["applied"]


def test_choice_taken_back_alone_sees_what_was_edited_since(worker, other):
    record, conflict = conflicting(worker, other)
    choose = {"fields": {"choice": "standing"}}
    assert worker.outcomes(worker.step("conflict", conflict.id, "settle", **choose)) == ["applied"]
    assert other.outcomes(other.put("resident", record, {"phone": "13895003333"})) == ["applied"]

    assert worker.outcomes(worker.step("conflict", conflict.id, "reopen")) == ["applied"]
    assert worker.outcomes(worker.step("conflict", conflict.id, "reopen")) == ["noop"]

    worker.pull()
    (again,) = worker.conflicts()
    assert json.loads(again.fields["standing_value"]) == "13895003333"
    assert worker.recomputed() == worker.digests


def test_settle_of_a_settled_conflict_is_truthful(worker, other):
    _, conflict = conflicting(worker, other)
    choose = {"fields": {"choice": "standing"}}
    assert worker.outcomes(worker.step("conflict", conflict.id, "settle", **choose)) == ["applied"]

    same = other.step("conflict", conflict.id, "settle", **choose)
    different = other.step("conflict", conflict.id, "settle", fields={"choice": "other"})
    first, second = other.push(same, different)

    assert first.outcome == "noop"
    assert second.outcome == "rejected"
    assert second.reason == "张三同志已于2026年7月1日 09:00处理了这处冲突：保留现值"


def test_conflict_follows_the_standing_value_that_was_edited_with_sight(worker, other):
    record, conflict = conflicting(worker, other)

    assert other.outcomes(other.put("resident", record, {"phone": "13895003333"})) == ["applied"]

    worker.pull()
    (followed,) = worker.conflicts()
    assert followed.id == conflict.id
    assert json.loads(followed.fields["standing_value"]) == "13895003333"
    assert json.loads(followed.fields["other_value"]) == "13895001111"


def test_conflict_record_cannot_be_written(worker, other):
    _, conflict = conflicting(worker, other)
    put = worker.put("conflict", conflict.id, {"state": "settled"})
    delete = worker.delete("conflict", conflict.id)

    assert worker.outcomes(put, delete) == ["rejected", "rejected"]
    worker.pull()
    assert worker.conflicts() == [conflict]


def test_delete_that_saw_the_last_state_deletes(worker, other):
    record = known_to_both(worker, other)

    assert worker.outcomes(worker.delete("resident", record)) == ["applied"]

    other.pull()
    assert other.rows["resident", record].deleted
    assert other.recomputed() == other.digests


def test_delete_of_a_record_edited_since_waits_beside_the_edit(worker, other):
    record = known_to_both(worker, other)
    stale = worker.delete("resident", record)
    assert other.outcomes(other.put("resident", record, {"phone": "13895001111"})) == ["applied"]

    assert worker.outcomes(stale) == ["conflict_kept"]

    other.pull()
    assert not other.rows["resident", record].deleted
    (conflict,) = other.conflicts()
    assert (conflict.fields["about"], conflict.fields["other_by"]) == ("stale_delete", "张三同志")


def edited_after_delete(worker, other):
    record = known_to_both(worker, other)
    edit = other.put("resident", record, {"phone": "13895001111"})
    assert worker.outcomes(worker.delete("resident", record)) == ["applied"]
    assert other.outcomes(edit) == ["conflict_kept"]
    other.pull()
    (conflict,) = other.conflicts()
    return record, conflict


def test_edit_after_delete_is_kept_and_the_record_stays_deleted(worker, other):
    record, conflict = edited_after_delete(worker, other)

    assert other.rows["resident", record].deleted
    assert conflict.fields["about"] == "edit_after_delete"
    assert json.loads(conflict.fields["other_value"]) == "13895001111"
    assert other.recomputed() == other.digests


def test_edit_after_delete_may_be_settled_by_restoring(worker, other):
    record, conflict = edited_after_delete(worker, other)
    group = new_id()
    settle = other.step("conflict", conflict.id, "settle", fields={"choice": "other"}, group=group)
    restore = other.step("resident", record, "restore", group=group)
    put = other.put(
        "resident", record, {"phone": "13895001111"}, group=group,
        saw={"phone": conflict.fields["standing_op"]},
    )  # fmt: skip

    assert other.outcomes(settle, restore, put) == ["applied", "applied", "applied"]

    worker.pull()
    row = worker.rows["resident", record]
    assert (row.deleted, row.fields["phone"], worker.conflicts()) == (False, "13895001111", [])
    assert worker.recomputed() == worker.digests


def test_stale_delete_may_be_settled_by_deleting(worker, other):
    record = known_to_both(worker, other)
    stale = worker.delete("resident", record)
    assert other.outcomes(other.put("resident", record, {"phone": "13895001111"})) == ["applied"]
    assert worker.outcomes(stale) == ["conflict_kept"]
    worker.pull()
    (conflict,) = worker.conflicts()
    group = new_id()
    settle = worker.step("conflict", conflict.id, "settle", fields={"choice": "other"}, group=group)

    assert worker.outcomes(settle, worker.delete("resident", record, group=group)) == [
        "applied", "applied",
    ]  # fmt: skip
    other.pull()
    assert other.rows["resident", record].deleted
