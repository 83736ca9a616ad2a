"""An import, and its being undone, travel like any other work."""

import csv
from collections.abc import Callable
from pathlib import Path

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.services import elements, import_undo, imports, people
from tests.sync.test_round import assert_settled

HEADINGS = ["楼号", "单元", "室号", "姓名", "身份证号", "与户主关系", "联系电话"]
ROWS = [
    ["3", "2", "501", "马小明", "640104198302112451", "户主", "15412345678"],
    ["", "", "", "王秀英", "640104198309141087", "妻", ""],
]
KINDS = ("resident", "household", "residence")


def counts(session: DeviceSession) -> list[int]:
    return [elements.count(session.ws, kind) for kind in KINDS]


def imported(session: DeviceSession, folder: Path) -> imports.ImportReport:
    path = folder / "register.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *ROWS])
    return imports.apply_import(session.ws, imports.preview_import(session.ws, "resident", path))


def test_import_arrives_whole_and_so_does_its_undoing(
    laptops: Callable[..., DeviceSession], tmp_path: Path
) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    done = imported(a, tmp_path)
    assert a.sync().refused == 0
    b.sync()
    assert counts(b) == [2, 1, 2]
    assert len(people.living_in(b.ws, "d1")) == 2
    assert_settled(a, b)

    undone = import_undo.undo(a.ws, done.run)
    assert (undone.removed, undone.left) == (5, ())
    assert a.sync().refused == 0
    b.sync()

    assert counts(a) == counts(b) == [0, 0, 0]
    assert_settled(a, b)


def test_import_undone_before_it_was_sent_leaves_nothing_anywhere(
    laptops: Callable[..., DeviceSession], tmp_path: Path
) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    done = imported(a, tmp_path)

    assert import_undo.undo(a.ws, done.run).removed == 5
    assert a.sync().refused == 0
    b.sync()

    assert counts(a) == counts(b) == [0, 0, 0]
    assert_settled(a, b)
