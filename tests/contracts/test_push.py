import json

from sqzl_desktop.base.ids import new_id
from tests.contracts.backend import COMMUNITY, NORTH, known_to_both, resident


def test_push_makes_a_record_that_the_pull_brings_back(worker):
    record = new_id()
    operation = worker.put("resident", record, resident(phone="13895001234"))

    assert worker.outcomes(operation) == ["applied"]

    (page,) = worker.pull()
    (entry,) = page.entries
    assert entry.row.fields == resident(phone="13895001234")
    assert entry.row.writes == {"*": operation.id}
    assert (entry.row.grid, entry.row.rev, entry.row.deleted) == (NORTH, 1, False)
    author = page.authors[operation.id]
    assert (author.name, author.device) == ("张三同志", "张三的电脑")
    assert (author.received_at, author.made_at) == ("2026-07-01T01:00:00Z", "2026-07-01T00:59:00Z")
    assert worker.recomputed() == page.digests


def test_push_merges_different_fields_of_one_record(worker, other):
    record = known_to_both(worker, other)

    assert worker.outcomes(worker.put("resident", record, {"phone": "13895001234"})) == ["applied"]
    assert other.outcomes(other.put("resident", record, {"employer": "银川一中"})) == ["applied"]

    worker.pull()
    fields = worker.rows["resident", record].fields
    assert (fields["phone"], fields["employer"]) == ("13895001234", "银川一中")
    assert worker.conflicts() == []
    assert worker.recomputed() == worker.digests


def test_push_merges_sets_element_by_element(worker, other):
    record = known_to_both(worker, other, fields=resident(tags=["K01"]))
    one = worker.operation("put", "resident", record, sets={"tags": (["K02"], [])})
    two = other.operation("put", "resident", record, sets={"tags": (["K03"], ["K01"])})

    assert worker.outcomes(one) + other.outcomes(two) == ["applied", "applied"]

    worker.pull()
    assert worker.rows["resident", record].fields["tags"] == ["K02", "K03"]


def test_push_keeps_a_concurrent_value_beside_the_standing_one(worker, other):
    record = known_to_both(worker, other)
    first = worker.put("resident", record, {"phone": "13895001111"})
    second = other.put("resident", record, {"phone": "13895002222"})

    assert worker.outcomes(first) == ["applied"]
    (answer,) = other.push(second)

    assert (answer.outcome, answer.advice) == ("conflict_kept", "请在“待处理”中选择保留哪一个")
    worker.pull()
    assert worker.rows["resident", record].fields["phone"] == "13895001111"
    (conflict,) = worker.conflicts()
    fields = conflict.fields
    assert (fields["record_kind"], fields["record_id"], fields["field"]) == (
        "resident", record, "phone",
    )  # fmt: skip
    assert (json.loads(fields["standing_value"]), json.loads(fields["other_value"])) == (
        "13895001111", "13895002222",
    )  # fmt: skip
    assert (fields["standing_op"], fields["other_op"]) == (first.id, second.id)
    assert (fields["standing_by"], fields["other_by"]) == ("张三同志", "李四同志")
    assert (fields["standing_device"], fields["other_device"]) == ("张三的电脑", "李四的电脑")
    assert fields["standing_at"] == fields["other_at"] == "2026-07-01T01:00:00Z"
    assert (fields["grid_id"], fields["community_id"]) == (NORTH, COMMUNITY)
    assert worker.recomputed() == worker.digests


def test_restore_of_a_record_that_is_there_is_a_noop(worker, other):
    record = known_to_both(worker, other)

    assert worker.outcomes(worker.step("resident", record, "restore")) == ["noop"]


def test_group_stands_or_falls_together(worker):
    good, bad, alone = new_id(), new_id(), new_id()
    group = new_id()
    operations = [
        worker.put("resident", good, resident(), group=group),
        worker.put("resident", alone, resident()),
        worker.put("resident", bad, resident(name=""), group=group),
    ]

    answers = worker.push(*operations)

    assert [answer.outcome for answer in answers] == ["rejected", "applied", "rejected"]
    assert [answer.reason for answer in answers] == ["请填写姓名", "", "请填写姓名"]
    worker.pull()
    assert set(worker.rows) == {("resident", alone)}
    assert worker.recomputed() == worker.digests


def test_group_that_failed_leaves_no_conflict_behind(worker, other):
    record = known_to_both(worker, other)
    clash = worker.put("resident", record, {"phone": "13895001111"}, group="g")
    assert other.outcomes(other.put("resident", record, {"phone": "13895002222"})) == ["applied"]
    bad = worker.put("resident", new_id(), resident(name=""), group="g")

    assert worker.outcomes(clash, bad) == ["rejected", "rejected"]

    worker.pull()
    assert worker.conflicts() == []


def test_operations_of_one_push_build_on_each_other(worker):
    record = new_id()
    made = worker.put("resident", record, resident())
    phone = worker.put("resident", record, {"phone": "13895001111"})
    again = worker.put("resident", record, {"phone": "13895002222"}, saw={"phone": phone.id})

    assert worker.outcomes(made, phone, again) == ["applied"] * 3

    (page,) = worker.pull()
    (entry,) = page.entries
    assert entry.row.fields["phone"] == "13895002222"
    assert entry.row.writes == {"*": made.id, "phone": again.id}


def test_same_value_from_two_sides_is_seen_by_whoever_agreed(worker, other):
    record = known_to_both(worker, other)
    first = worker.put("resident", record, {"phone": "13895001111"})
    same = other.put("resident", record, {"phone": "13895001111"})
    assert worker.outcomes(first) + other.outcomes(same) == ["applied", "noop"]

    # the second device has not pulled: what it shows is its own operation's value
    later = other.put("resident", record, {"phone": "13895002222"}, saw={"phone": same.id})

    assert other.outcomes(later) == ["applied"]


def test_unknown_field_of_a_newer_program_is_kept(worker):
    record = new_id()
    assert worker.outcomes(worker.put("resident", record, resident(blood="O"))) == ["applied"]

    worker.pull()
    assert worker.rows["resident", record].fields["blood"] == "O"


def test_value_equal_to_the_default_is_stored_as_absent(worker):
    record = new_id()
    put = worker.put("resident", record, resident(phone="", tags=[], remark=None))

    assert worker.outcomes(put) == ["applied"]

    worker.pull()
    assert worker.rows["resident", record].fields == resident()
    assert worker.recomputed() == worker.digests
