"""An outside form is filled in as it came; the next time tells what changed since."""

import dataclasses
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from sqzl_desktop.base.errors import KnownError, Refused
from sqzl_desktop.domain.kinds.aged_care import AgedCare
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements, one_table, people
from sqzl_desktop.services.one_table import HandIn
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import forms, traces
from tests.places import GRID

CLEAR = HandIn(reveal=True, reason="街道月报", is_final=True)


def template(folder: Path, *labels: str) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = "花名册"
    page["A1"] = "高龄老人花名册"
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(labels))
    page["A2"] = "填报单位："
    for column, label in enumerate(labels, 1):
        page.cell(3, column, label).font = Font(bold=True)
        page.cell(4, column).font = Font(italic=True)
    page["A6"] = "填表人："
    page.merge_cells("A6:B6")
    path = folder / "高龄老人.xlsx"
    book.save(path)
    return path


def person(ws: Workspace, name: str, born: str, **fields: str) -> Resident:
    import datetime as dt

    made, _ = people.move_in(
        ws,
        Resident(name=name, born_on=dt.date.fromisoformat(born), **fields),
        dwelling_id="d1", kind_of_stay="", from_on=None,
    )  # fmt: skip
    return made


@pytest.fixture
def form(ws: Workspace, tmp_path: Path) -> one_table.Form:
    """Old people by name, saved."""
    path = template(tmp_path, "序号", "姓名", "年龄", "身份证号", "家庭住址", "联系电话")
    made, content = one_table.begin(ws, "resident", path)
    import msgspec

    made = msgspec.structs.replace(made, age_from=80, order="name")
    one_table.save(ws, made, content)
    return made


def test_headings_find_fields_and_what_is_worked_out(form: one_table.Form) -> None:
    assert form.columns == {
        0: "=number", 1: "name", 2: "=age", 3: "id_number", 4: "=address", 5: "phone",
    }  # fmt: skip
    assert (form.sheet, form.first, form.room) == ("花名册", 4, 2)


def test_form_is_filled_in_and_keeps_its_layout(
    ws: Workspace, form: one_table.Form, tmp_path: Path
) -> None:
    for name, born in (("丙", "1940-01-01"), ("甲", "1935-01-01"), ("乙", "1938-01-01")):
        person(ws, name, born)
    person(ws, "年轻人", "1990-01-01")
    out = tmp_path / "out.xlsx"

    assert one_table.write(ws, form.name, out, HandIn()) == 3

    page = openpyxl.load_workbook(out)["花名册"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=4, max_row=6)]
    assert [row[:3] for row in rows] == [[1, "丙", 86], [2, "乙", 88], [3, "甲", 91]]
    assert rows[0][4] == "北京路12号阳光家园3号楼2单元501室"
    assert page["A1"].value == "高龄老人花名册"
    assert page["A7"].value == "填表人："
    assert {str(each) for each in page.merged_cells.ranges} == {"A1:F1", "A7:B7"}
    assert page["B6"].font.italic


def test_what_changed_since_the_last_hand_in(
    ws: Workspace, form: one_table.Form, tmp_path: Path
) -> None:
    stays = person(ws, "甲", "1935-01-01", phone="15412345678")
    changes = person(ws, "乙", "1938-01-01", phone="15412345678")
    goes = person(ws, "丙", "1940-01-01")
    one_table.write(ws, form.name, tmp_path / "first.xlsx", CLEAR)

    elements.save(ws, dataclasses.replace(changes, phone="15487654321"))
    for stay in elements.find(ws, "residence", limit=10):
        if stay.resident_id == goes.id:  # type: ignore[attr-defined]
            elements.delete(ws, "residence", stay.id)
    elements.delete(ws, "resident", goes.id)
    new = person(ws, "丁", "1941-01-01")

    found = {each.record: each.state for each in one_table.lines(ws, form)}
    assert found == {stays.id: "same", changes.id: "changed", goes.id: "gone", new.id: "new"}

    only = dataclasses.replace(CLEAR, only_changes=True)
    assert one_table.write(ws, form.name, tmp_path / "second.xlsx", only) == 2
    page = openpyxl.load_workbook(tmp_path / "second.xlsx")["花名册"]
    assert [page.cell(row, 1).value for row in (4, 5)] == [1, 2]
    assert {each.state for each in one_table.lines(ws, form)} == {"same"}


def test_clear_numbers_need_a_reason_and_are_audited(
    ws: Workspace, form: one_table.Form, tmp_path: Path
) -> None:
    person(ws, "甲", "1935-01-01", phone="15412345678")

    with pytest.raises(Refused, match="事由"):
        one_table.write(ws, form.name, tmp_path / "x.xlsx", HandIn(reveal=True))
    assert not (tmp_path / "x.xlsx").exists()

    one_table.write(ws, form.name, tmp_path / "masked.xlsx", HandIn())
    one_table.write(ws, form.name, tmp_path / "clear.xlsx", CLEAR)
    phones = [
        openpyxl.load_workbook(tmp_path / name)["花名册"]["F4"].value
        for name in ("masked.xlsx", "clear.xlsx")
    ]
    assert phones == ["154****5678", "15412345678"]
    with ws.store.read() as tx:
        lines = tx.exec_driver_sql("SELECT detail FROM audit WHERE action = 'export'").scalars()
        assert list(lines) == [
            "高龄老人，1条，脱敏", "高龄老人，1条，完整，事由：街道月报",
        ]  # fmt: skip


def test_attention_register_is_filled_with_fields_of_its_people(
    ws: Workspace, tmp_path: Path
) -> None:
    old = person(ws, "甲", "1935-01-01", phone="15412345678")
    elements.save(ws, AgedCare(resident_id=old.id, emergency_name="乙", grid_id=GRID))
    path = template(tmp_path, "老人姓名", "年龄", "紧急联系人", "所属网格", "性别")

    form, content = one_table.begin(ws, "aged_care", path)
    mapping = {**form.columns, 0: "resident.name"}
    import msgspec

    form = msgspec.structs.replace(form, columns=dict(sorted(mapping.items())))
    one_table.save(ws, form, content)

    (line,) = one_table.lines(ws, form)
    assert line.cells == ("甲", 91, "乙", "崇安第1网格", "")


def test_form_travels_as_a_file(ws: Workspace, form: one_table.Form, tmp_path: Path) -> None:
    one_table.write_form(ws, form.name, tmp_path / "form.sqzlform")
    one_table.forget(ws, form.name)
    assert one_table.names(ws) == []

    assert one_table.read_form(ws, tmp_path / "form.sqzlform") == form
    assert one_table.names(ws) == [("高龄老人", "")]

    (tmp_path / "other").write_bytes(b"x")
    with pytest.raises(KnownError, match="不是本程序"):
        one_table.read_form(ws, tmp_path / "other")


def test_form_that_is_no_xlsx_is_refused(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_text("姓名,年龄\n")

    with pytest.raises(KnownError, match="xlsx"):
        one_table.begin(ws, "resident", path)


def test_names_of_records_that_left_this_device_go_too(ws: Workspace, form: one_table.Form) -> None:
    kept = person(ws, "甲", "1935-01-01")
    with ws.store.write() as tx:
        rows = {kept.id: ("x", "甲"), "elsewhere": ("y", "乙")}
        forms.hand_in(tx, form.name, "2026-06-30T02:00:00Z", rows)

        traces.remove(tx, lambda _kind, _record, _what: None)

        assert set(forms.handed_in(tx, form.name)) == {kept.id}
