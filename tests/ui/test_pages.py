"""The pages at work: lists, consultation, conflicts, import, places, the resident's card."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QLabel, QPushButton, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.domain.kinds.consultation import Consultation
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.domain.kinds.topic import Topic
from sqzl_desktop.services import consultations, elements, flow_steps, people
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.dialogs.import_wizard import ImportWizard
from sqzl_desktop.ui.dialogs.print_preview import PrintPreview, print_images
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.models.record_table import PIECE
from sqzl_desktop.ui.widgets.pdf_view import draw_pages
from sqzl_desktop.ui.widgets.record_list import RecordList
from tests.places import GRID, MEETING
from tests.ui.keys import type_text

DIRTY = Path(__file__).parents[1] / "data" / "dirty_residents.csv"


def texts(widget: QWidget) -> str:
    labels = widget.findChildren(QLabel)
    return "\n".join(each.text() for each in labels if each.isVisible())


def press(widget: QWidget, text: str) -> None:
    (found,) = (each for each in widget.findChildren(QPushButton)
                if each.text() == text and each.isVisible())  # fmt: skip
    found.click()
    tasks.wait_idle()


def into_one_grid(wizard: ImportWizard) -> None:
    dialog = wizard.decisions.places_dialog()
    assert dialog is not None
    dialog.choose_grid()
    wizard.decisions.decide(dialog.choices)


@pytest.fixture
def many(window: MainWindow, ws: Workspace, qtbot: QtBot) -> RecordList:
    """A list over three pieces of residents."""
    elements.save_all(
        ws, [Resident(name=f"居民{n:03d}", sex=str(1 + n % 2), grid_id=GRID) for n in range(501)]
    )
    made = RecordList(window.desk, "resident")
    qtbot.addWidget(made)
    made.resize(1000, 500)
    made.show()
    made.refresh()
    tasks.wait_idle()
    return made


def test_list_counts_all_and_fetches_what_is_looked_at(many: RecordList) -> None:
    model = many.model
    assert "共 501 条" in texts(many)
    assert model.rowCount() == 501
    assert model.record(0) is not None
    assert model.record(2 * PIECE + 5) is None, "not fetched before somebody looks"

    assert model.index(2 * PIECE + 5, 0).data() == "…"
    tasks.wait_idle()

    assert model.record(2 * PIECE + 5) is not None


def test_list_is_narrowed_by_typing_and_says_when_nothing_is_left(
    many: RecordList, qtbot: QtBot
) -> None:
    box = many.focusProxy()
    assert box is not None
    type_text(qtbot, box, "居民07")
    qtbot.waitUntil(lambda: "共 10 条" in texts(many))

    type_text(qtbot, box, "没有")
    qtbot.waitUntil(lambda: "没有符合条件的记录" in texts(many))


def test_list_opens_by_enter(many: RecordList, qtbot: QtBot) -> None:
    many.select_row(3)
    record = many.model.record(3)
    assert record is not None

    with qtbot.waitSignal(many.opened) as opened:
        qtbot.keyClick(many.table, Qt.Key.Key_Return)

    assert opened.args == [record.id]


def test_topic_becomes_consultation_and_is_announced(window: MainWindow, ws: Workspace) -> None:
    topic = elements.save(ws, Topic(title="公共车位划线"))
    window.open_record("topic", topic.id)
    tasks.wait_idle()
    page = window.page("consultations")
    page.topics.list.select_row(0)  # type: ignore[attr-defined]
    tasks.wait_idle()

    press(page, "转为协商")
    assert "还需填写：协商时间、协商地点、主持人" in texts(page)

    (made,) = elements.find(ws, "consultation")
    assert isinstance(made, Consultation)
    for name, value in MEETING.items():
        page.form.editors[name].show_value(value)  # type: ignore[attr-defined]
    page.form.save()  # type: ignore[attr-defined]
    tasks.wait_idle()
    press(page, "公示告知")

    after = elements.get(ws, "consultation", made.id)
    assert isinstance(after, Consultation)
    assert after.state == "announced"
    assert window.said == "已存本机，待服务器确认"


@pytest.fixture
def announced(ws: Workspace) -> Consultation:
    topic = elements.save(ws, Topic(title="公共车位划线"))
    made = consultations.from_topic(ws, topic.id)
    after = flow_steps.take_step(ws, "consultation", made.id, "announce", MEETING)
    assert isinstance(after, Consultation)
    return after


def test_notice_is_previewed_and_saved(
    window: MainWindow, ws: Workspace, announced: Consultation, tmp_path: Path, qtbot: QtBot
) -> None:
    preview = PrintPreview(window.desk, "consultation_notice", announced.id, window)
    qtbot.addWidget(preview)
    preview.show()
    tasks.wait_idle()
    assert preview.view.page_count() >= 1
    assert elements.count(ws, "notice") == 0, "looking is no printing"

    preview.save_to(tmp_path / "notice.pdf")
    tasks.wait_idle()
    qtbot.waitUntil(lambda: (tmp_path / "notice.pdf").exists())

    assert elements.count(ws, "notice") == 1
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    print_images(printer, draw_pages((tmp_path / "notice.pdf").read_bytes(), 100))
    assert len(draw_pages((tmp_path / "printed.pdf").read_bytes(), 20)) == 2


def test_preview_says_what_is_missing(window: MainWindow, ws: Workspace, qtbot: QtBot) -> None:
    topic = elements.save(ws, Topic(title="公共车位划线"))
    made = consultations.from_topic(ws, topic.id)

    preview = PrintPreview(window.desk, "consultation_notice", made.id, window)
    qtbot.addWidget(preview)
    tasks.wait_idle()

    assert "请先填写协商时间" in preview.said
    assert not preview.can_print


def test_both_laptops_see_both_values_and_one_choice_settles(
    laptops: Callable[..., DeviceSession], qtbot: QtBot
) -> None:
    a, b = laptops("wang", "A"), laptops("ma", "B")
    person = elements.save(a.ws, Resident(name="马小明", grid_id=GRID))
    a.sync()
    b.sync()
    for session, phone in ((a, "15411111111"), (b, "15422222222")):
        known = elements.get(session.ws, "resident", person.id)
        elements.save(session.ws, Resident(**{**vars(known), "phone": phone}))
        session.sync()
    a.sync()
    for session in (b, a):
        window = MainWindow(session)
        qtbot.addWidget(window)
        window.show()
        page = window.show_page("pending")
        tasks.wait_idle()
        shown = texts(page)
        assert all(each in shown for each in ("154****1111", "154****2222", "王网格", "马网格"))
        assert window.badge.text() == "冲突 1"

    press(page, "改用另一值")

    assert "没有待处理的冲突" in texts(page)
    found = elements.get(a.ws, "resident", person.id)
    assert isinstance(found, Resident)
    assert found.phone == "15422222222"


def test_import_shows_every_row_before_it_writes(
    window: MainWindow, ws: Workspace, qtbot: QtBot
) -> None:
    wizard = ImportWizard(window.desk, "resident", window)
    qtbot.addWidget(wizard)
    wizard.show()
    wizard.load(DIRTY)
    tasks.wait_idle()
    assert "待核对 7 行，待选住址 262 行，退回 42 行，跳过 32 行" in wizard.summary
    assert elements.count(ws, "resident") == 0

    into_one_grid(wizard)
    wizard.apply()
    tasks.wait_idle(60_000)

    assert "新登记 262 条" in wizard.summary
    assert elements.count(ws, "resident") == 262


def test_reviewed_rows_are_imported_when_the_person_says_so(
    window: MainWindow, ws: Workspace, qtbot: QtBot
) -> None:
    wizard = ImportWizard(window.desk, "resident", window)
    qtbot.addWidget(wizard)
    wizard.show()
    wizard.load(DIRTY)
    tasks.wait_idle()

    into_one_grid(wizard)
    wizard.decisions.reviewed.setChecked(True)
    press(wizard, "导入 269 行")
    tasks.wait_idle(60_000)

    assert elements.count(ws, "resident") == 268, "one of the reviewed is in the sheet twice"
    assert "新登记 268 条" in wizard.summary


def test_file_that_is_no_sheet_is_said(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "photo.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    wizard = ImportWizard(window.desk, "resident", window)
    qtbot.addWidget(wizard)

    wizard.load(path)
    tasks.wait_idle()

    assert "文件" in wizard.summary or "表格" in wizard.summary
    assert "检查完成" not in wizard.summary


def test_places_show_who_lives_behind_the_door(window: MainWindow, ws: Workspace) -> None:
    people.move_in(
        ws, Resident(name="马小明"), dwelling_id="d1", kind_of_stay="01",
        from_on=dt.date(2020, 1, 1),
    )  # fmt: skip

    page = window.show_page("places")
    tasks.wait_idle()

    assert page.findChildren(QTreeWidget)[0].topLevelItem(0).text(0) == "崇安第1网格　1栋"
    assert "北京路12号阳光家园3号楼2单元501室" in texts(page)
    assert any(each.text() == "马小明" for each in page.findChildren(QPushButton))


def test_new_resident_is_saved_on_the_card(window: MainWindow, ws: Workspace, qtbot: QtBot) -> None:
    window.open_record("resident", "")
    tasks.wait_idle()
    page = window.page("resident_card")
    form = page.form  # type: ignore[attr-defined]
    type_text(qtbot, form.editors["name"].input(), "马小明")

    form.save()
    tasks.wait_idle()

    assert "居民卡　马小明" in texts(page)
    assert "还没有登记住房" in texts(page)
    assert elements.count(ws, "resident") == 1


def test_visit_is_begun_with_the_resident_and_the_time(
    window: MainWindow, ws: Workspace, qtbot: QtBot
) -> None:
    person = elements.save(ws, Resident(name="马小明", grid_id=GRID))
    visit = elements.blank(ws, "visit", resident_id=person.id, visited_at=ws.clock.now())
    dialog = EditRecord(window.desk, visit, "登记走访", window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.form.editors["category"].show_value("01")
    dialog.form.editors["content"].show_value("在家，情况正常")

    dialog.form.save()
    tasks.wait_idle()

    assert not dialog.isVisible()
    (saved,) = elements.find(ws, "visit")
    assert saved.grid_id == GRID
    assert elements.titles(ws, "visit", [saved.id])[saved.id].startswith("马小明")


def test_list_stands_by_name_and_is_sorted_by_its_headings(many: RecordList) -> None:
    def first() -> str:
        record = many.model.record(0)
        assert record is not None
        return record.cells[0]

    assert first() == "居民000"

    many.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    tasks.wait_idle()

    assert first() == "居民500"
