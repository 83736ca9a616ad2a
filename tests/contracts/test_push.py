import json

import pytest

from sqzl_desktop.base.ids import new_id
from tests.contracts.backend import COMMUNITY, NORTH, resident, topic


@pytest.fixture
def worker(backend):
    return backend.device("张三")


@pytest.fixture
def other(backend):
    return backend.device("李四")


def known_to_both(first, second, kind="resident", fields=None):
    """A record that both devices have pulled."""
    record = new_id()
    assert first.outcomes(first.put(kind, record, fields or resident())) == ["applied"]
    first.pull()
    second.pull()
    return record


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


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        ("spaceship", {}, "服务器不认识要素种类“spaceship”"),
        ("resident", resident(id_number="110101199001011234"), "身份证"),
        ("resident", resident(name=7), "姓名的内容无法识别"),
        ("resident", resident(born_on="去年"), "出生日期的内容无法识别"),
        ("resident", resident(sex="8"), "性别“8”不在代码表中"),
        ("resident", resident(grid_id=""), "请选择所属网格"),
        ("resident", resident(grid_id="110101001001001"), "所属网格不属于本社区"),
        ("resident", resident(community_id="640104001002"), "所属社区与上报的社区不一致"),
        ("topic", topic(state="adopted"), "新建议题只能从“征集中”开始"),
        ("topic", topic(supporter_count=10**20), "附议人数的数值超出范围"),
        ("dwelling", resident(room="1", address="x", area="nan"), "数值超出范围"),
    ],
)
def test_wrong_record_is_rejected_with_a_sentence(backend, kind, fields, sentence):
    lead = backend.device("书记", role="community_lead")
    wrong, good = lead.put(kind, new_id(), fields), lead.put("resident", new_id(), resident())

    rejected, applied = lead.push(wrong, good)

    assert rejected.outcome == "rejected"
    assert sentence in rejected.reason
    assert rejected.advice
    assert applied.outcome == "applied"


def test_official_code_is_the_id(backend):
    lead = backend.device("书记", role="community_lead")
    fields = {"community_id": COMMUNITY, "code": NORTH, "name": "第一网格"}

    assert lead.outcomes(
        lead.put("grid", NORTH, fields),
        lead.put("grid", new_id(), fields),
        lead.put("grid", NORTH, {"code": f"{COMMUNITY}009"}),
    ) == ["applied", "rejected", "rejected"]


def test_only_touched_fields_are_checked(worker, backend):
    record = new_id()
    lead = backend.device("书记", role="community_lead")
    fields = resident(phone="13895001111")
    assert worker.outcomes(worker.put("resident", record, fields)) == ["applied"]
    worker.pull()
    lead.pull()

    bad = worker.put("resident", record, {"phone": "12"})
    good = worker.put("resident", record, {"employer": "银川一中"})

    assert worker.outcomes(bad, good) == ["rejected", "applied"]


def test_append_only_record_is_not_edited(worker):
    visit = new_id()
    fields = resident(visited_at="2026-07-01T00:30:00Z", category="01", content="一切正常")
    del fields["name"]
    assert worker.outcomes(worker.put("visit", visit, fields)) == ["applied"]
    worker.pull()

    (answer,) = worker.push(worker.put("visit", visit, {"content": "改过"}))

    assert (answer.outcome, answer.reason) == ("rejected", "走访记录保存后不能修改")


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

    assert answer.outcome == "rejected"
    assert answer.reason == (
        "议题已由张三同志于2026年7月1日 09:00办理为“已确定”，您的“不予列入”没有生效"
    )
    other.pull()
    assert "decision" not in other.rows["topic", record].fields


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
