from sqzl_desktop.server import limits
from sqzl_desktop.server.limits import RATES, Limits, Rate


class Steady:
    """A clock that moves only when told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_bucket_empties_waits_and_fills_again():
    steady = Steady()
    gate = Limits({"push": Rate(3, 0.5)}, steady)

    assert [gate.take("a", "push") for _ in range(4)] == [0, 0, 0, 2]
    steady.now += 2
    assert [gate.take("a", "push") for _ in range(2)] == [0, 2]
    steady.now += 3600
    assert [gate.take("a", "push") for _ in range(4)] == [0, 0, 0, 2]


def test_devices_and_kinds_do_not_share_a_bucket():
    gate = Limits({"push": Rate(1, 1), "read": Rate(1, 1)}, Steady())

    assert [gate.take("a", "push"), gate.take("b", "push"), gate.take("a", "read")] == [0, 0, 0]
    assert gate.take("a", "push") == 1


def test_what_has_no_rate_is_never_refused():
    gate = Limits({}, Steady())

    assert {gate.take("a", "push") for _ in range(10_000)} == {0}


def test_honest_morning_passes():
    gate = Limits(RATES, Steady())

    assert {gate.take("a", "push") for _ in range(600)} == {0}
    assert {gate.take("a", "read") for _ in range(600)} == {0}


def test_invented_devices_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(limits, "MOST_BUCKETS", 10)
    gate = Limits(RATES, Steady())
    for number in range(1000):
        gate.take(f"nobody {number}", "token")

    assert len(gate._buckets) == 10
