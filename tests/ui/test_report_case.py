"""Reporting a case by keys alone; what was typed is never lost."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.services import attachments, case_drafts, class_choice, elements
from sqzl_desktop.services.finding import Hit
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.dialogs.report_case import ReportCase, ask_report
from sqzl_desktop.ui.main_window import MainWindow
from tests.ui.keys import type_text
from tests.ui.seen import press, texts

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def ask(qtbot: QtBot, window: MainWindow):
    def one(place: Hit | None = None) -> ReportCase:
        ask_report(window.desk, window, place)
        tasks.wait_idle()
        (dialog,) = (each for each in window.findChildren(ReportCase) if each.isVisible())
        with qtbot.waitActive(dialog):
            dialog.activateWindow()
        return dialog

    return one


def only_case(ws: Workspace) -> Case:
    (found,) = elements.find(ws, "case")
    assert isinstance(found, Case)
    return found


def choose(dialog: ReportCase, name: str, code: str) -> None:
    dialog.fields.editors[name].show_value(code)
    dialog.fields.typed.emit()
    tasks.wait_idle()


def test_plain_case_is_one_line_and_one_key(qtbot: QtBot, ask, ws: Workspace) -> None:
    dialog = ask()
    keys = "3-2-501 "

    type_text(qtbot, dialog.fields.line, keys)
    type_text(qtbot, dialog.fields.line, "楼道堆放杂物")
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    tasks.wait_idle()

    case = only_case(ws)
    assert (case.title, case.dwelling_id, case.building_id) == ("楼道堆放杂物", "d1", "b1")
    assert case.place == "北京路12号阳光家园3号楼2单元501室"
    (same,) = (each.id for each in class_choice.hits(ws, "楼道堆物") if each.title == "楼道堆物")
    assert (case.class_code, case.urgency, case.source) == (same, "01", "01")
    assert not dialog.isVisible()
    pinyin = len("loudaoduifangzawu") + 1  # and a space that takes the words
    assert len(keys) + pinyin + len(["Ctrl+N", "Ctrl+Enter"]) < 30


def test_line_is_understood_while_one_types(qtbot: QtBot, ask, ws: Workspace) -> None:
    dialog = ask()

    type_text(qtbot, dialog.fields.line, "3号楼")
    type_text(qtbot, dialog.fields.line, " 电梯坏了")
    qtbot.keyClick(dialog.fields.line, Qt.Key.Key_Return)
    tasks.wait_idle()

    assert "情况：电梯坏了　地点：阳光家园 3号楼" in texts(dialog)
    assert case_drafts.find(ws, case_drafts.REPORT).typed["line"] == "3号楼 电梯坏了", (
        "there, if the program died now"
    )
    assert dialog.isVisible()


def test_class_is_found_by_initials(qtbot: QtBot, ask, ws: Workspace) -> None:
    dialog = ask()
    type_text(qtbot, dialog.fields.line, "有人丢东西")
    dialog.fields.kind.setFocus()
    type_text(qtbot, dialog.fields.kind.line, "bllj")
    qtbot.keyClick(dialog.fields.kind.line, Qt.Key.Key_Return)
    tasks.wait_idle()

    assert dialog.fields.kind.text == "暴露垃圾"
    dialog.save()
    tasks.wait_idle()
    assert only_case(ws).class_code == "06010"


def test_without_words_it_says_what_to_write(qtbot: QtBot, ask, ws: Workspace) -> None:
    dialog = ask()
    type_text(qtbot, dialog.fields.line, "3-2-501")

    dialog.save()
    tasks.wait_idle()

    assert "请写明地点和情况" in texts(dialog)
    assert elements.count(ws, "case") == 0


def test_who_told_it_is_asked_only_where_somebody_did(ask) -> None:
    dialog = ask()
    assert "反映人电话" not in texts(dialog)

    choose(dialog, "source", "02")

    assert "反映人电话" in texts(dialog)


def test_done_on_the_spot_is_reported_and_closed(qtbot: QtBot, ask, ws: Workspace) -> None:
    dialog = ask()
    type_text(qtbot, dialog.fields.line, "小广场堆放杂物")
    qtbot.keyClick(dialog, Qt.Key.Key_B, ALT)
    dialog.save()
    tasks.wait_idle()
    assert "自办自结之前请先填写：处置措施" in texts(dialog)

    qtbot.keyClick(dialog, Qt.Key.Key_1, CTRL)
    dialog.save()
    tasks.wait_idle()

    case = only_case(ws)
    assert (case.state, case.measures) == ("closed", "已当场清理，恢复整洁。")


def test_frequent_text_by_key(qtbot: QtBot, ask) -> None:
    dialog = ask()

    qtbot.keyClick(dialog, Qt.Key.Key_1, ALT)

    assert dialog.fields.description.toPlainText() == "楼道堆放杂物，影响通行和消防安全。"


def test_closed_dialog_keeps_what_was_typed(
    qtbot: QtBot, ask, ws: Workspace, tmp_path: Path
) -> None:
    Image.new("RGB", (60, 40), "red").save(tmp_path / "one.jpg")
    dialog = ask()
    type_text(qtbot, dialog.fields.line, "3-2-501 ")
    type_text(qtbot, dialog.fields.line, "漏水")
    dialog.fields.urgency.choose("02")
    dialog.photos.add([tmp_path / "one.jpg"])
    tasks.wait_idle()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    tasks.wait_idle()

    again = ask()

    assert "已恢复上次没有上报的内容" in texts(again)
    assert again.fields.line.text() == "3-2-501 漏水"
    assert again.fields.urgency.code == "02"
    assert len(again.photos.files) == 1
    again.save()
    tasks.wait_idle()
    assert len(attachments.of(ws, "case", only_case(ws).id)) == 1
    assert case_drafts.find(ws, case_drafts.REPORT) == case_drafts.Kept({}, ())


def test_draft_is_dropped_on_demand(qtbot: QtBot, ask, ws: Workspace) -> None:
    dialog = ask()
    type_text(qtbot, dialog.fields.line, "积水")
    dialog.reject()
    tasks.wait_idle()
    again = ask()

    press(again, "清空重填")

    assert again.fields.line.text() == ""
    assert case_drafts.find(ws, case_drafts.REPORT).typed == {}


def test_pasted_picture_goes_to_the_photos_and_pasted_words_to_the_field(qtbot: QtBot, ask) -> None:
    dialog = ask()
    picture = QImage(30, 20, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(picture)
    qtbot.keyClick(dialog.fields.line, Qt.Key.Key_V, CTRL)
    tasks.wait_idle()
    assert (len(dialog.photos.files), dialog.fields.line.text()) == (1, "")

    words = QMimeData()
    words.setText("积水")
    words.setImageData(picture)
    QGuiApplication.clipboard().setMimeData(words)
    qtbot.keyClick(dialog.fields.line, Qt.Key.Key_V, CTRL)
    tasks.wait_idle()

    assert (len(dialog.photos.files), dialog.fields.line.text()) == (1, "积水")
    QGuiApplication.clipboard().clear()  # what it holds must not outlive the application


def test_open_case_of_the_same_is_shown(qtbot: QtBot, ask) -> None:
    for _ in range(2):
        dialog = ask()
        type_text(qtbot, dialog.fields.line, "3-2-501 ")
        type_text(qtbot, dialog.fields.line, "楼道堆放杂物")
        dialog.look_now()
        tasks.wait_idle()
        said = texts(dialog)
        dialog.save()
        tasks.wait_idle()

    assert "同一房屋已有在办案件" in said


def test_tab_goes_through_the_fields_as_they_stand(qtbot: QtBot, ask) -> None:
    dialog = ask()
    fields = dialog.fields
    order = []
    for _ in range(4):
        order.append(dialog.focusWidget())
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)

    assert order == [fields.line, fields.place.line, fields.kind.line, fields.grid]
    assert dialog.focusWidget() is fields.description


def test_place_at_which_somebody_stands_is_there_already(qtbot: QtBot, ask, ws: Workspace) -> None:
    dialog = ask(Hit("dwelling", "d1", "3号楼2单元501室", ""))
    type_text(qtbot, dialog.fields.line, "燃气异味")
    dialog.save()
    tasks.wait_idle()

    case = only_case(ws)
    assert (case.title, case.dwelling_id, case.place) == ("燃气异味", "d1", "3号楼2单元501室")
