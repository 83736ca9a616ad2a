"""When the next round is due, on an invented clock."""

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.sync.schedule import Schedule, reconnect_pause

chances = st.floats(0, 1)


def test_round_comes_every_minute_give_or_take_half() -> None:
    begun = Schedule(0).begun()

    assert [begun.done(100, chance, 0).due_at for chance in (0, 0.5, 1)] == [130, 160, 190]


def test_nothing_is_due_while_a_round_is_under_way() -> None:
    assert Schedule(0).wait(5) == 0
    assert Schedule(0).begun().wait(5) is None


def test_saving_brings_a_round_in_two_seconds_once() -> None:
    calm = Schedule(0).begun().done(0, 0.5, 0)

    saved = calm.saved(10, 1).saved(11, 2)

    assert saved.due_at == 12
    assert calm.saved(10, 0).due_at == 60, "a commit that leaves nothing unsent is no reason"


def test_what_stays_unsent_calls_for_nothing() -> None:
    stuck = Schedule(0).begun().done(0, 0.5, 3)

    assert stuck.saved(10, 3).due_at == 60


def test_saving_during_a_round_brings_another() -> None:
    running = Schedule(0).saved(0, 1).begun()

    assert running.saved(1, 2).saved(2, 1).done(3, 0.5, 1).due_at == 5
    assert running.saved(1, 2).saved(2, 0).done(3, 0.5, 0).due_at == 63, "it went along"


def test_word_from_the_server_brings_a_round_within_a_second() -> None:
    calm = Schedule(0).begun().done(0, 0.5, 0)

    assert calm.woken(10, 0.25).due_at == 10.25
    assert calm.woken(59.9, 1).due_at == 60, "never later than it would have been"


def test_failures_wait_longer_and_typing_does_not_hurry_them() -> None:
    schedule, pauses = Schedule(0), []
    for _ in range(8):
        schedule = schedule.begun().failed(0, 1)
        pauses.append(schedule.due_at)

    assert pauses == [2, 4, 8, 16, 32, 45, 45, 45]
    assert schedule.saved(1, 99).due_at == 45


def test_call_that_nobody_took_up_is_made_again() -> None:
    assert Schedule(0).called(7).wait(7) == 60


@given(st.integers(0, 50), chances)
def test_reconnect_takes_between_a_second_and_five_minutes(failures: int, chance: float) -> None:
    assert 1 <= reconnect_pause(failures, chance) <= 300


@given(
    start=st.floats(0, 300),
    length=st.floats(0, 7200),
    seconds_of_a_round=st.floats(1, 10),
    chances=st.lists(chances, min_size=1, max_size=50),
)
def test_healed_network_is_used_again_within_a_minute(
    start: float, length: float, seconds_of_a_round: float, chances: list[float]
) -> None:
    """I17: something is saved when the network goes; it comes back; the rest is the schedule."""
    healed = start + length

    assert first_success(Schedule(0), start, healed, seconds_of_a_round, chances) <= healed + 60


def test_control_a_schedule_without_a_longest_pause_takes_longer() -> None:
    found = first_success(Patient(0), 0, 7200, 1, [1.0])

    assert found > 7200 + 60


class Patient(Schedule):
    """Broken on purpose: it waits longer and longer."""

    def failed(self, now: float, chance: float) -> "Patient":
        failures = self.failures + 1
        return dataclasses.replace(
            self, due_at=now + chance * 2.0**failures, failures=failures, is_running=False
        )


def first_success(
    schedule: Schedule, start: float, healed: float, takes: float, chances: list[float]
) -> float:
    """Seconds at which a round that began after the network healed has succeeded."""
    now, turn = 0.0, 0
    is_cut = False
    while True:
        if now >= start and not is_cut:
            is_cut, schedule = True, schedule.saved(now, 1)
        due = now + (schedule.wait(now) or 0.0)
        if not is_cut and due > start:
            now = start
            continue
        now, turn = due, turn + 1
        schedule = schedule.called(now).begun()
        chance = chances[turn % len(chances)]
        if now >= max(start, healed):
            return now
        fails = now >= start
        now += takes
        schedule = schedule.failed(now, chance) if fails else schedule.done(now, chance, 0)
