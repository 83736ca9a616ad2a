"""A clock that is wrong is shown and flagged; nothing is refused for it and nothing is decided."""

import dataclasses
import datetime as dt

import msgspec
import pytest

from sqzl_desktop.app import DeviceOpener, DeviceSession
from sqzl_desktop.base.clock import FixedClock
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.protocol import merge
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.server import judge
from sqzl_desktop.services import conflicts, elements
from tests.field import PASSWORD, Field
from tests.places import GRID, NOW

TEN_YEARS = dt.timedelta(days=3650)


def laptop(field: Field, account: str, off: dt.timedelta) -> DeviceSession:
    opener = DeviceOpener(FixedClock(NOW + off), field.connect)
    return opener.enrol(
        field.folder / account, server="http://server", account=account, password=PASSWORD,
        label=account,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("off", "seconds", "sentence"),
    [
        (dt.timedelta(minutes=4), 0, ""),
        (dt.timedelta(minutes=-7), -420, "慢约7分钟"),
        (TEN_YEARS, 315360000, "快约5256000分钟"),
    ],
)
def test_wrong_clock_is_flagged_and_nothing_is_refused(
    field: Field, off: dt.timedelta, seconds: int, sentence: str
) -> None:
    session = laptop(field, "wang", off)
    session.sync()
    elements.save(session.ws, Resident(name="马小明", grid_id=GRID))

    done = session.sync()

    assert (done.pushed, done.refused, done.clock_off) == (1, 0, seconds)
    assert sentence in "".join(done.warnings())
    session.close()


def outcome(field: Field, first: dt.timedelta, second: dt.timedelta) -> tuple[str, str]:
    """Two people change the same field: (what stands, what is kept beside it)."""
    a, b = laptop(field, "wang", first), laptop(field, "ma", second)
    a.sync()
    person = elements.save(a.ws, Resident(name="马小明", grid_id=GRID))
    a.sync()
    b.sync()
    for session, phone in ((a, "15411111111"), (b, "15422222222")):
        seen = elements.get(session.ws, "resident", person.id)
        elements.save(session.ws, dataclasses.replace(seen, phone=phone))  # type: ignore[call-arg]
    a.sync()
    b.sync()
    a.sync()
    found = elements.get(a.ws, "resident", person.id)
    kept = [each.other.value for each in conflicts.open_conflicts(a.ws)]
    for session in (a, b):
        session.close()
    assert isinstance(found, Resident)
    return found.phone, "".join(kept)


def test_ten_years_change_no_merge(field: Field) -> None:
    assert outcome(field, TEN_YEARS, -TEN_YEARS) == ("15411111111", "154****2222")


def test_merge_by_the_clock_would_be_found(field: Field, monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, str] = {}

    def by_clock(row: Row | None, operation: Operation, *rest: object) -> merge.Merged:
        made[operation.id] = operation.made_at
        if row is not None:
            stands = {name: merge.writer(row, name) for name in operation.fields}
            newer = {
                name: op for name, op in stands.items() if made.get(op, "") < operation.made_at
            }
            operation = msgspec.structs.replace(operation, saw=operation.saw | newer)
        return merge.merge(row, operation, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(judge, "merge", by_clock)

    assert outcome(field, -TEN_YEARS, TEN_YEARS) != ("15411111111", "154****2222")
