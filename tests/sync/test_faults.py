"""What goes wrong on the way: lost answers, restored and cloned laptops, wrong passwords."""

import dataclasses
import shutil
from collections.abc import Callable

import pytest

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.errors import KnownError, Locked, Offline, Refused
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes
from sqzl_desktop.sync.report import Cancelled
from tests.field import PASSWORD, Field, take_away
from tests.places import COMMUNITY, GRID, OTHER_GRID

Laptops = Callable[..., DeviceSession]


def save(ws: Workspace, name: str) -> Resident:
    saved = elements.save(ws, Resident(name=name, grid_id=GRID))
    assert isinstance(saved, Resident)
    return saved


def names(session: DeviceSession) -> list[str]:
    return sorted(each.name for each in elements.find(session.ws, "resident"))  # type: ignore


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_lost_answer_applies_the_push_once(field: Field, laptops: Laptops, lost: int) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    save(a.ws, "马小明")
    field.network.answers_lost = lost
    for _ in range(lost):
        with pytest.raises(Offline):
            a.sync()

    done = a.sync()
    b.sync()

    assert done.refused == 0
    assert names(a) == names(b) == ["马小明"]
    assert a.sync_state().pending == 0


def test_laptop_restored_from_an_old_image_loses_nothing(field: Field) -> None:
    a = field.laptop("wang", "A")
    save(a.ws, "甲")
    a.sync()
    a.close()
    shutil.copytree(field.folder / "A", field.folder / "image")
    a = field.opener().unlock(field.folder / "A", PASSWORD)
    save(a.ws, "乙")
    a.sync()
    a.close()

    restored = field.opener().unlock(field.folder / "image", PASSWORD)
    save(restored.ws, "丙")
    restored.sync()

    assert names(restored) == ["丙", "乙", "甲"]
    assert restored.sync_state().pending == 0
    restored.close()


def test_cancelled_first_sync_resumes(field: Field) -> None:
    session = field.opener().enrol(
        field.folder / "A", server="http://server", account="wang", password=PASSWORD, label="A"
    )
    with pytest.raises(Cancelled, match="下次会从这里继续"):
        session.sync(cancelled=lambda: True)

    session.sync()

    assert elements.count(session.ws, "grid") == 2
    session.close()


def test_torn_download_goes_on_where_it_broke_off(field: Field) -> None:
    session = field.opener().enrol(
        field.folder / "A", server="http://server", account="wang", password=PASSWORD, label="A"
    )
    field.network.torn_after = 100
    seen: list[tuple[int, int]] = []

    session.sync(lambda text, done, total: seen.append((done, total)) if "下载" in text else None)

    sizes = [done for done, _ in seen]
    assert sizes[0] == 100
    assert sizes == sorted(sizes)
    assert elements.count(session.ws, "grid") == 2
    session.close()


def test_nothing_lies_in_clear_beside_the_store(field: Field) -> None:
    session = field.opener().enrol(
        field.folder / "A", server="http://server", account="wang", password=PASSWORD, label="A"
    )
    with pytest.raises(Cancelled):
        session.sync(cancelled=_after(2))
    session.close()

    files = {path.name.partition("-")[0] for path in (field.folder / "A").iterdir()}

    assert files == {"store.db", "store.key", "device.json"}


def _after(times: int) -> Callable[[], bool]:
    left = iter([False] * times)
    return lambda: next(left, True)


def test_groups_are_not_torn_apart(field: Field, laptops: Laptops) -> None:
    wang = laptops("wang", "A")
    save(wang.ws, "甲")
    elements.save_all(wang.ws, [Resident(name=name, grid_id=GRID) for name in "乙丙丁"])

    with wang.ws.store.read() as tx:
        whole = [len(changes.unsent(tx, COMMUNITY, limit)) for limit in (1, 2, 3, 4, 5)]

    assert whole == [1, 1, 1, 4, 4]
    assert field.network.is_up


def test_wrong_password_is_refused_at_enrolment_and_at_unlock(field: Field) -> None:
    with pytest.raises(KnownError, match="密码"):
        field.opener().enrol(
            field.folder / "A", server="http://server", account="wang", password="wrong-one-7",
            label="A",
        )  # fmt: skip
    assert not (field.folder / "A").exists()

    field.laptop("wang", "A").close()
    with pytest.raises(Locked, match="密码不正确"):
        field.opener().unlock(field.folder / "A", "wrong-one-7")


def test_second_enrolment_of_a_folder_is_refused(field: Field) -> None:
    field.laptop("wang", "A").close()

    with pytest.raises(Refused, match="已经登记过"):
        field.laptop("ma", "A")


def test_missing_store_is_not_replaced_by_an_empty_one(field: Field) -> None:
    field.laptop("wang", "A").close()
    (field.folder / "A" / "store.db").unlink()

    with pytest.raises(KnownError, match="备份"):
        field.opener().unlock(field.folder / "A", PASSWORD)


def test_refused_change_stays_with_its_reason_and_blocks_nothing(
    field: Field, laptops: Laptops
) -> None:
    wang = laptops("wang", "A")
    person = save(wang.ws, "马小明")
    wang.sync()
    building = elements.get(wang.ws, "building", "b1")
    elements.save(wang.ws, dataclasses.replace(building, name="4号楼"))  # type: ignore[call-arg]
    save(wang.ws, "马小红")
    elements.save(wang.ws, dataclasses.replace(person, grid_id=OTHER_GRID))
    take_away(field, "wang", OTHER_GRID)
    field.clock.advance(hours=25)  # later than what still counts as done in time

    done = wang.sync()

    assert done.refused == 1
    assert names(wang) == ["马小明", "马小红"]
    ((kind, record, reason, _advice),) = elements.refused(wang.ws)
    assert (kind, record) == ("resident", person.id)
    assert reason


def test_grids_that_agree_are_not_downloaded_again(field: Field, laptops: Laptops) -> None:
    wang = laptops("wang", "A")
    save(wang.ws, "马小明")
    elements.save(wang.ws, Resident(name="马小红", grid_id=OTHER_GRID))
    wang.sync()
    take_away(field, "wang", OTHER_GRID)
    field.network.asked.clear()

    wang.sync()

    assert not [path for path in field.network.asked if path.startswith("/v1/snapshots/")]
    assert names(wang) == ["马小明"]
