"""The import wizard: every row is shown before anything is written; cancelling writes nothing."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QTableView
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.access import CLERK, Actor
from sqzl_desktop.services import elements, import_undo
from sqzl_desktop.services.arrivals import Choice
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.bus import Bus
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.column_matching import ColumnMatching
from sqzl_desktop.ui.dialogs.import_runs import ImportRuns
from sqzl_desktop.ui.dialogs.import_wizard import ImportWizard
from sqzl_desktop.ui.main_window import MainWindow
from tests.places import COMMUNITY, GRID
from tests.ui.desk_session import LocalSession
from tests.ui.seen import button, cells, listen, press

DIRTY = Path(__file__).parents[1] / "data" / "dirty_residents.csv"
RESULT, PROBLEM = 2, 3


@pytest.fixture
def wizard(qtbot: QtBot, window: MainWindow) -> ImportWizard:
    """Has read the sheet."""
    made = ImportWizard(window.desk, "resident", window)
    qtbot.addWidget(made)
    made.show()
    made.load(DIRTY)
    tasks.wait_idle()
    return made


@pytest.fixture
def decided(wizard: ImportWizard) -> ImportWizard:
    """The same; none of its places is here, and all go to the one grid."""
    decide(wizard)
    return wizard


def decide(wizard: ImportWizard) -> None:
    dialog = wizard.decisions.places_dialog()
    assert dialog is not None
    dialog.choose_grid()
    wizard.decisions.decide(dialog.choices)


def table(wizard: ImportWizard) -> QTableView:
    return wizard.table


def only(wizard: ImportWizard, word: str) -> None:
    (chooser,) = [each for each in wizard.findChildren(QComboBox) if each.findText(word) >= 0]
    chooser.setCurrentText(word)


def column(wizard: ImportWizard, heading: str) -> int:
    model = table(wizard).model()
    headings = [
        model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())
    ]
    return headings.index(heading)


def test_table_has_a_line_for_every_row_of_the_summary(wizard: ImportWizard) -> None:
    shown = Counter(cells(table(wizard), RESULT))

    assert shown == {"待选住址": 262, "待核对": 7, "退回": 42, "跳过": 32}
    assert "待核对 7 行，待选住址 262 行，退回 42 行，跳过 32 行" in wizard.summary


def test_rows_are_narrowed_to_one_result_and_the_reason_is_given(wizard: ImportWizard) -> None:
    only(wizard, "退回")

    assert set(cells(table(wizard), RESULT)) == {"退回"}
    assert table(wizard).model().rowCount() == 42
    assert all("：" in each for each in cells(table(wizard), PROBLEM))

    only(wizard, "全部行")
    assert table(wizard).model().rowCount() == 343

    only(wizard, "只看有问题的行")
    assert set(cells(table(wizard), RESULT)) == {"待核对", "待选住址", "退回"}


def test_numbers_in_the_table_are_masked(wizard: ImportWizard) -> None:
    only(wizard, "待核对")
    shown = [each for each in cells(table(wizard), column(wizard, "身份证号")) if each]

    assert shown
    assert all("*" in each for each in shown)


def test_before_a_file_is_chosen_there_is_nothing_to_import(
    qtbot: QtBot, window: MainWindow
) -> None:
    made = ImportWizard(window.desk, "resident", window)
    qtbot.addWidget(made)
    made.show()

    assert not button(made, "导入").isEnabled()
    assert not button(made, "保存检查报告…").isEnabled()
    assert "选择一个表格文件" in made.summary


def test_import_is_told_to_the_other_pages(decided: ImportWizard, window: MainWindow) -> None:
    heard = listen(window.desk)

    press(decided, "导入 262 行")

    assert [set(each) for each in heard.changed] == [
        {"resident", "household", "residence", "dwelling"}
    ]
    assert not button(decided, "导入 262 行").isEnabled(), "not a second time"
    assert window.badge.text().startswith("待上报")


def test_second_import_of_the_same_sheet_changes_nothing(
    decided: ImportWizard, ws: Workspace
) -> None:
    press(decided, "导入 262 行")
    decided.load(DIRTY)
    tasks.wait_idle()
    decide(decided)

    press(decided, "导入 262 行")

    assert "新登记 0 条，更新 0 条" in decided.summary
    assert elements.count(ws, "resident") == 262


def cancel(wizard: ImportWizard, _qtbot: QtBot) -> None:
    button(wizard, "取消导入").click()


def escape(wizard: ImportWizard, qtbot: QtBot) -> None:
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)


def close(wizard: ImportWizard, _qtbot: QtBot) -> None:
    wizard.close()


@pytest.mark.parametrize("leave", [cancel, escape, close])
def test_leaving_an_import_writes_nothing(
    qtbot: QtBot,
    decided: ImportWizard,
    ws: Workspace,
    leave: Callable[[ImportWizard, QtBot], None],
) -> None:
    with ws.store.write():  # the import waits for the store until one has left
        decided.apply()
        leave(decided, qtbot)
    tasks.wait_idle()

    assert decided.summary == "已取消导入，没有写入任何内容"
    assert elements.count(ws, "resident") == 0
    assert elements.count(ws, "household") == 0
    assert button(decided, "导入 262 行").isEnabled(), "it can be begun again"

    press(decided, "关闭")
    assert not decided.isVisible()


def test_report_goes_back_to_whoever_filled_in_the_sheet(
    wizard: ImportWizard, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "检查报告.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_words: (str(path), ""))

    press(wizard, "保存检查报告…")

    assert path.read_bytes().startswith(b"PK")
    assert window.said == f"已保存到 {path}"


def test_sheet_that_is_not_there_is_said_and_another_may_be_chosen(
    wizard: ImportWizard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "nowhere.csv"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_words: (str(missing), ""))

    press(wizard, "选择文件…")

    assert "检查完成" not in wizard.summary
    assert wizard.summary
    assert button(wizard, "选择文件…").isEnabled()


def test_somebody_who_may_not_import_is_told(qtbot: QtBot, ws: Workspace) -> None:
    clerk = Workspace(Actor("ding", "丁窗口", CLERK, (COMMUNITY,)), ws.store, ws.clock,
                      (COMMUNITY,), "25")  # fmt: skip
    window = MainWindow(LocalSession(clerk))
    qtbot.addWidget(window)
    made = ImportWizard(Desk(LocalSession(clerk), Bus()), "resident", window)
    qtbot.addWidget(made)

    made.load(DIRTY)
    tasks.wait_idle()

    assert made.summary == "您的岗位不能导入居民，请联系社区负责人"
    assert not made.model.rowCount()


def test_places_that_are_not_here_are_chosen_before_anybody_is_imported(
    wizard: ImportWizard, ws: Workspace
) -> None:
    assert button(wizard, "选定住址…（269 行待选）").isVisible()
    assert not button(wizard, "导入 0 行").isEnabled()

    decide(wizard)
    press(wizard, "导入 262 行")

    assert {each.grid_id for each in elements.find(ws, "resident", limit=300)} == {GRID}


def test_next_problem_is_gone_to_and_its_cell_is_coloured(wizard: ImportWizard) -> None:
    only(wizard, "退回")
    press(wizard, "下一个问题")
    index = table(wizard).currentIndex()

    assert index.column() > PROBLEM
    assert index.data(Qt.ItemDataRole.BackgroundRole) is not None


def test_row_whose_tick_is_taken_away_stays_out(decided: ImportWizard) -> None:
    only(decided, "待选住址")
    first = decided.model.index(0, 0)

    decided.model.setData(first, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert button(decided, "导入 261 行").isEnabled()

    decided.model.setData(first, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    assert button(decided, "导入 262 行").isEnabled()


def test_column_can_be_matched_otherwise(wizard: ImportWizard, qtbot: QtBot) -> None:
    assert wizard.plan is not None
    dialog = ColumnMatching(wizard.plan, wizard)
    qtbot.addWidget(dialog)
    names = {label: at for at, label in enumerate(wizard.plan.headings.labels)}
    dialog.choose(names["备注"], "")

    wizard.load(DIRTY, dialog.mapping)
    tasks.wait_idle()

    assert column(wizard, "备注（不导入）") > PROBLEM


def test_whole_import_is_undone_from_the_list_of_imports(
    decided: ImportWizard, ws: Workspace, qtbot: QtBot
) -> None:
    press(decided, "导入 262 行")
    dialog = ImportRuns(decided.desk, decided)
    qtbot.addWidget(dialog)
    tasks.wait_idle()
    (run,) = import_undo.latest_runs(ws)

    dialog.undo(run.id)
    tasks.wait_idle(60_000)

    assert "已撤销：删除 262 条，恢复 0 条。" in dialog.told
    assert elements.count(ws, "resident") == 0


def test_selected_places_are_chosen_together(wizard: ImportWizard, qtbot: QtBot) -> None:
    dialog = wizard.decisions.places_dialog()
    assert dialog is not None
    qtbot.addWidget(dialog)
    dialog.show()
    dialog._table.selectAll()

    press(dialog, "选定")

    assert set(dialog.choices.values()) == {Choice("grid", GRID)}
    assert set(cells(dialog._table, 2)) == {"不登记住址，归入崇安第1网格"}
