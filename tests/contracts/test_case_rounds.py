"""A case comes into the same state again: what was meant for an earlier round is late."""

from tests.contracts.cases import brought_to, of_kind, state_of, stepped, take


def test_step_for_an_earlier_round_is_late_though_the_state_is_the_same(backend, worker, other):
    record = brought_to(worker, "handling")
    other.pull()
    stale = stepped(other, record, "feed_back", measures="我方措施", feedback="我方反馈")
    take(worker, record, "feed_back", measures="已清运", feedback="已清")
    backend.clock.advance(minutes=10)
    take(worker, record, "rework", rework_reason="没有清干净")
    assert state_of(worker, record) == "handling"

    answers = other.push(*stale)

    assert [each.outcome for each in answers] == ["noop", "noop"]
    assert answers[0].reason == (
        "案件已由张三同志于2026年7月1日 09:10办理为“处置中”；"
        "您的“反馈”和填写的内容已作为补充记入该案件"
    )
    worker.pull()
    assert state_of(worker, record) == "handling"
    (kept,) = of_kind(worker, "supplement")
    assert kept.fields["content"] == "处置措施：我方措施\n反馈情况：我方反馈"


def test_device_that_does_not_say_what_it_saw_is_judged_by_the_state(worker, other):
    record = brought_to(worker, "handling")
    other.pull()
    reason = {"return_reason": "不属我方职责"}
    old = other.step("case", record, "return", state="handling", fields=reason)
    take(worker, record, "feed_back", measures="已清运", feedback="已清")
    take(worker, record, "rework", rework_reason="没有清干净")

    assert other.outcomes(old) == ["applied"]


def test_steps_taken_offline_one_upon_the_other_are_of_one_round(worker):
    record = brought_to(worker, "dispatched")
    handle = worker.step(
        "case", record, "handle", state="dispatched",
        saw={"state": worker.writer(worker.rows["case", record], "state")},
    )  # fmt: skip
    urged = worker.step("case", record, "extend", state="handling", saw={"state": handle.id},
                        fields={"extension_until": "2026-07-09T00:00:00Z",
                                "extension_reason": "待协调"})  # fmt: skip
    parked = worker.step("case", record, "return", state="handling", saw={"state": handle.id},
                         fields={"return_reason": "不属我方职责"})  # fmt: skip

    assert worker.outcomes(handle, urged, parked) == ["applied"] * 3


def test_step_upon_one_that_the_same_person_had_taken_elsewhere_is_of_this_round(backend):
    first = backend.device("李书记", role="community_lead")
    second = first.__class__(backend, "李书记")
    record = brought_to(first, "verified")
    second.pull()
    saw = {"state": first.writer(first.rows["case", record], "state")}
    once = first.step("case", record, "close", state="verified", saw=saw)
    again = second.step("case", record, "close", state="verified", saw=saw)
    assert first.outcomes(once) == ["applied"]
    after = second.step("case", record, "rework", state="closed", saw={"state": again.id},
                        fields={"rework_reason": "复查不合格"})  # fmt: skip

    assert second.outcomes(again, after) == ["noop", "applied"]
