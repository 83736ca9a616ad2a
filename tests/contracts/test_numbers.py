"""Exactly once: numbers, incarnations, and what a repeated or torn request may not do."""

import concurrent.futures

import msgspec

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import Problem
from tests.contracts.backend import resident


def problem(answer):
    return answer.status_code, msgspec.json.decode(answer.content, type=Problem)


def several(worker, count=3):
    return [worker.put("resident", new_id(), resident()) for _ in range(count)]


def test_push_sent_again_gets_the_stored_answers_and_changes_nothing(worker):
    record = new_id()
    made = worker.put("resident", record, resident())
    wrong = worker.put("resident", new_id(), resident(name=""))
    first = worker.push(made, wrong)

    assert worker.push(made, wrong) == first

    (page,) = worker.pull()
    assert (page.cursor, len(page.entries)) == (1, 1)


def test_push_that_overlaps_an_earlier_one_applies_only_the_rest(worker):
    operations = several(worker, 4)
    assert worker.outcomes(*operations[:2]) == ["applied"] * 2

    assert worker.outcomes(*operations[1:]) == ["applied"] * 3

    (page,) = worker.pull()
    assert page.cursor == 4


def test_number_used_for_something_else_is_a_fork(worker):
    (first,) = several(worker, 1)
    worker.push(first)
    forged = worker.put("resident", new_id(), resident(), n=1)

    status, refusal = problem(worker.send(forged))

    assert (status, refusal.code) == (409, "FORK")
    assert worker.pull()[-1].cursor == 1


def test_changed_operation_under_its_old_number_is_a_fork(worker):
    (first,) = several(worker, 1)
    worker.push(first)

    status, refusal = problem(
        worker.send(msgspec.structs.replace(first, fields=resident(name="李四")))
    )

    assert (status, refusal.code) == (409, "FORK")


def test_missing_number_is_a_gap_that_names_the_expected_one(worker):
    first, second, third = several(worker)
    worker.push(first)

    status, refusal = problem(worker.send(third))

    assert (status, refusal.code, refusal.expected) == (409, "GAP", 2)
    assert worker.outcomes(second, third) == ["applied", "applied"]


def test_gap_inside_a_push_applies_none_of_it(worker):
    first, _, third = several(worker)

    status, refusal = problem(worker.send(first, third))

    assert (status, refusal.expected) == (409, 2)
    assert worker.pull()[-1].cursor == 0


def test_operation_offered_by_a_new_incarnation_is_not_applied_twice(worker):
    operations = several(worker)
    answers = worker.push(*operations)
    renumbered = [
        msgspec.structs.replace(each, n=n) for n, each in enumerate(reversed(operations), 1)
    ]
    fresh = worker.put("resident", new_id(), resident(), n=4)

    again = worker.push(*renumbered, fresh, incarnation="second-life")

    assert [(each.id, each.outcome) for each in again[:3]] == [
        (each.id, each.outcome) for each in reversed(answers)
    ]
    assert [each.n for each in again] == [1, 2, 3, 4]
    assert worker.pull()[-1].cursor == 4
    assert worker.push(*renumbered, fresh, incarnation="second-life") == again


def test_number_of_a_second_incarnation_that_changes_meaning_is_a_fork(worker):
    operations = several(worker, 2)
    worker.push(*operations)
    worker.push(*operations, incarnation="second-life")
    forged = worker.put("resident", new_id(), resident(), n=2)

    status, refusal = problem(worker.send(forged, incarnation="second-life"))

    assert (status, refusal.code) == (409, "FORK")


def test_operation_id_of_another_person_is_not_taken_over(backend, worker):
    other = backend.device("李四")
    (operation,) = several(worker, 1)
    worker.push(operation)

    (answer,) = other.push(operation)

    assert (answer.outcome, answer.reason) == ("rejected", "操作编号重复")
    assert worker.pull()[-1].cursor == 1


def test_same_push_from_many_connections_at_once_applies_once(worker):
    operations = several(worker, 20)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: worker.push(*operations), range(8)))

    assert all(each == answers[0] for each in answers)
    assert worker.pull()[-1].cursor == 20
    assert worker.recomputed() == worker.digests


def test_push_of_another_epoch_is_refused(worker):
    status, refusal = problem(worker.send(*several(worker), epoch="before the restore"))

    assert (status, refusal.code) == (409, "EPOCH")
    assert worker.pull()[-1].cursor == 0


def test_empty_push_is_answered(worker):
    assert worker.push() == []
