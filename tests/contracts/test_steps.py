import json

from sqzl_desktop.base.ids import new_id
from tests.contracts.backend import known_to_both, topic


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
