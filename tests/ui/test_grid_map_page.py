"""The map: what is picked, drawn, checked, imported; with a mouse and with keys."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QListWidgetItem, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.kinds.grid import Grid
from sqzl_desktop.exchange import mbtiles, sheet
from sqzl_desktop.geometry import shapes
from sqzl_desktop.geometry.projection import Projection
from sqzl_desktop.schema.outline import outline_text
from sqzl_desktop.services import backdrop, elements, maps, redrawing
from sqzl_desktop.services.redrawing import NewGrid
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.dialogs.outline_import import OutlineImport
from sqzl_desktop.ui.dialogs.records_of import RecordsOf
from sqzl_desktop.ui.dialogs.redraw_preview import RedrawPreview
from sqzl_desktop.ui.dialogs.redraw_tab import RedrawTab
from sqzl_desktop.ui.main_window import MainWindow
from sqzl_desktop.ui.pages.grid_map import GridMapPage
from sqzl_desktop.ui.widgets.record_list import RecordList
from tests.places import COMMUNITY, GRID, OTHER_GRID
from tests.ui.desk_session import LocalSession

HOME = Projection(106.28, 38.47)


def box(west: float, south: float, east: float, north: float) -> str:
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return outline_text([[[(round(x, 7), round(y, 7)) for x, y in
                           (HOME.degrees(*corner) for corner in ring)]]])  # fmt: skip


@pytest.fixture
def open_map(qtbot: QtBot) -> Iterator[Callable[[Workspace], GridMapPage]]:
    windows: list[MainWindow] = []

    def opened(ws: Workspace) -> GridMapPage:
        window = MainWindow(LocalSession(ws))
        windows.append(window)
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        page = window.show_page("grid_map")
        tasks.wait_idle()
        assert isinstance(page, GridMapPage)
        return page

    yield opened
    for window in windows:
        window.stop_work()
    tasks.wait_idle()


@pytest.fixture
def page(lead: Workspace, open_map: Callable[[Workspace], GridMapPage]) -> GridMapPage:
    """Two grids side by side; the building lies in the wrong one."""
    maps.save_outline(lead, "grid", GRID, box(0, 0, 300, 200))
    maps.save_outline(lead, "grid", OTHER_GRID, box(300, 0, 600, 200))
    maps.save_outline(lead, "building", "b1", box(400, 50, 440, 65))
    return open_map(lead)


def at(page: GridMapPage, east: float, north: float) -> QPoint:
    assert page.canvas.drawn is not None
    place = page.canvas.drawn.at.metres(HOME.degrees(east, north))
    return page.canvas.pixels(place).toPoint()


def click(qtbot: QtBot, page: GridMapPage, east: float, north: float) -> None:
    qtbot.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=at(page, east, north))


def texts(page: GridMapPage) -> str:
    return " ".join(each.text() for each in page.side.findChildren(type(page.heading)))


def sentences(page: GridMapPage) -> list[str]:
    return [page.checks.item(n).text() for n in range(page.checks.count())]


def item(page: GridMapPage, part: str) -> QListWidgetItem:
    (found,) = page.checks.findItems(part, Qt.MatchFlag.MatchContains)
    return found


def area(ws: Workspace, record_id: str) -> int:
    grid = elements.get(ws, "grid", record_id)
    assert isinstance(grid, Grid)
    return round(shapes.area(grid.outline), -2)


def test_a_click_tells_what_lies_there(qtbot: QtBot, page: GridMapPage) -> None:
    click(qtbot, page, 100, 100)
    assert "崇安第1网格" in texts(page)
    assert page.canvas.selected == ("grid", GRID)

    click(qtbot, page, 420, 58)
    assert "阳光家园 3号楼" in texts(page)
    assert "1套" in texts(page)

    asked: list[tuple[str, str]] = []
    page.desk.bus.open_requested.connect(lambda *given: asked.append(given))
    (opens,) = [b for b in page.side.findChildren(QPushButton) if b.text() == "打开楼栋"]
    opens.click()
    assert asked == [("building", "b1")]


def test_checks_say_what_does_not_fit_and_lead_there(page: GridMapPage) -> None:
    assert "阳光家园 3号楼不在所属网格范围内，位于崇安第2网格" in sentences(page)
    assert "崇安第1网格有0户，少于300户" in sentences(page)
    assert "崇安第2网格没有网格员" in sentences(page)

    page.checks.itemActivated.emit(item(page, "3号楼"))

    assert page.canvas.selected == ("building", "b1")
    assert page.canvas.marked is not None
    assert page.canvas.rect().contains(at(page, 420, 58))


def test_a_corner_is_dragged_undone_and_saved(
    qtbot: QtBot, page: GridMapPage, lead: Workspace
) -> None:
    page.draw("grid", GRID)
    corner, target = at(page, 0, 200), at(page, -60, 260)
    qtbot.mousePress(page.canvas, Qt.MouseButton.LeftButton, pos=corner)
    qtbot.mouseMove(page.canvas, target)
    qtbot.mouseRelease(page.canvas, Qt.MouseButton.LeftButton, pos=target)
    assert page.canvas.pen is not None
    dragged = page.canvas.pen.drawing
    page.strip.undo()
    assert page.canvas.pen.drawing != dragged
    assert not page.canvas.pen.can_undo

    qtbot.mousePress(page.canvas, Qt.MouseButton.LeftButton, pos=corner)
    qtbot.mouseMove(page.canvas, target)
    qtbot.mouseRelease(page.canvas, Qt.MouseButton.LeftButton, pos=target)
    page.strip.save()
    tasks.wait_idle()

    assert not page.strip.is_drawing
    assert area(lead, GRID) == pytest.approx(60_000 + 60 * 200 / 2 + 60 * 300 / 2, abs=2000)


def test_what_is_drawn_is_dropped_only_after_asking(
    qtbot: QtBot, page: GridMapPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    page.draw("grid", GRID)
    corner, target = at(page, 0, 200), at(page, -60, 260)
    qtbot.mousePress(page.canvas, Qt.MouseButton.LeftButton, pos=corner)
    qtbot.mouseMove(page.canvas, target)
    qtbot.mouseRelease(page.canvas, Qt.MouseButton.LeftButton, pos=target)

    assert [page.may_leave(), page.may_leave()] == [False, True]


def test_a_new_outline_is_drawn_to_the_neighbours_corners(
    qtbot: QtBot, lead: Workspace, open_map: Callable[[Workspace], GridMapPage]
) -> None:
    maps.save_outline(lead, "grid", GRID, box(0, 0, 300, 200))
    page = open_map(lead)
    page.canvas.zoom(0.5)
    page.draw("grid", OTHER_GRID)
    for east, north in ((302, 1), (500, 0), (500, 200), (298, 202)):
        click(qtbot, page, east, north)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    page.strip.save()
    tasks.wait_idle()

    assert area(lead, OTHER_GRID) == pytest.approx(40_000, abs=1500)
    assert not any("重叠" in each or "不属于" in each for each in sentences(page))


def test_corners_are_inserted_and_taken_away(qtbot: QtBot, page: GridMapPage) -> None:
    page.draw("grid", GRID)
    assert page.canvas.pen is not None
    qtbot.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=at(page, 150, 0))
    assert len(page.canvas.pen.drawing.rings[0]) == 5

    qtbot.mouseMove(page.canvas, at(page, 150, 0))
    qtbot.keyClick(page.canvas, Qt.Key.Key_Delete)
    assert len(page.canvas.pen.drawing.rings[0]) == 4

    page.strip.cancel()
    assert page.canvas.pen is None


def test_an_outline_that_crosses_itself_is_not_saved(qtbot: QtBot, page: GridMapPage) -> None:
    page.draw("grid", GRID)
    qtbot.mousePress(page.canvas, Qt.MouseButton.LeftButton, pos=at(page, 0, 200))
    qtbot.mouseMove(page.canvas, at(page, 350, 50))
    qtbot.mouseRelease(page.canvas, Qt.MouseButton.LeftButton, pos=at(page, 350, 50))
    page.strip.save()
    tasks.wait_idle()

    assert page.strip.is_drawing
    assert "边线自相交" in " ".join(
        each.text() for each in page.strip.findChildren(type(page.heading))
    )


def test_a_file_is_matched_forgivingly_and_the_good_part_taken(
    page: GridMapPage, lead: Workspace, tmp_path: Path
) -> None:
    elements.save(lead, Building(community_id=COMMUNITY, grid_id=GRID, estate="阳光家园",
                                 name="5号楼"))  # fmt: skip
    features = [
        ({"网格编码": OTHER_GRID}, box(300, 0, 650, 200)),
        ({"小区": "阳光家园", "楼栋": "5栋"}, box(10, 10, 40, 20)),
        ({"name": "月亮湾"}, box(0, 0, 20, 20)),
        ({"name": "崇安第1网格"}, box(0, 0, 1, 1)),
    ]
    path = tmp_path / "范围.geojson"
    shown = [
        {"type": "Feature", "properties": p, "geometry": json.loads(outline)}
        for p, outline in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shown}), "utf-8")

    page.import_file(path)
    tasks.wait_idle()
    dialog = page.findChild(OutlineImport)
    assert isinstance(dialog, OutlineImport)
    told = [dialog.table.item(n, 3).text() for n in range(4)]
    assert told[:2] == ["找不到“月亮湾”", "面积只有1.0平方米，太小"]
    assert sorted(told[2:]) == ["新增", "替换已有范围"]
    dialog.take.click()
    tasks.wait_idle()

    assert area(lead, OTHER_GRID) == 70_000


def test_a_grid_worker_sees_his_grids_and_does_not_draw_them(
    ws: Workspace, open_map: Callable[[Workspace], GridMapPage]
) -> None:
    page = open_map(ws)

    page.side.picked.emit("grid", OTHER_GRID)
    assert "不在您负责的范围" in texts(page)
    assert "崇安第1网格有0户，少于300户" in sentences(page)
    assert not any("崇安第2网格" in each for each in sentences(page))

    page.side.picked.emit("grid", GRID)

    assert "画范围" not in [b.text() for b in page.side.findChildren(QPushButton)]


def test_what_is_exported_is_audited_and_comes_back(
    page: GridMapPage, lead: Workspace, tmp_path: Path
) -> None:
    assert page.shown is not None
    path = tmp_path / "out.geojson"

    assert maps.export(lead, page.shown, path) == 3

    found = maps.preview_import(lead, COMMUNITY, path)
    assert [(each.kind, each.id, each.problem) for each in found] == [
        ("grid", GRID, ""), ("grid", OTHER_GRID, ""), ("building", "b1", "")
    ]  # fmt: skip


def planned(page: GridMapPage) -> RedrawTab:
    assert page.plan is not None
    page.tabs.setCurrentWidget(page.plan)
    return page.plan


def test_chosen_buildings_are_planned_previewed_and_decided(
    qtbot: QtBot, page: GridMapPage, lead: Workspace, tmp_path: Path
) -> None:
    plan = planned(page)
    click(qtbot, page, 420, 58)
    assert page.canvas.chosen == {"b1"}
    plan.target.setCurrentIndex(plan.target.findData(OTHER_GRID))
    plan.move_button.click()
    tasks.wait_idle()
    assert redrawing.draft(lead, COMMUNITY).moves == {"b1": OTHER_GRID}
    assert page.canvas.moved == {"b1": OTHER_GRID}

    plan.name.setText("秋季调整")
    plan.name.editingFinished.emit()
    tasks.wait_idle()
    plan.preview_button.click()
    tasks.wait_idle()
    dialog = plan.findChild(RedrawPreview)
    assert isinstance(dialog, RedrawPreview)
    cells = [dialog.grids.item(n, 5).text() for n in range(2)]
    assert cells == ["1栋 ", ""]
    dialog.export(tmp_path / "清单.xlsx")
    tasks.wait_idle()
    listed = sheet.read_sheet(tmp_path / "清单.xlsx").rows
    assert any(row[:4] == ("楼栋", "阳光家园 3号楼", "崇安第1网格", "崇安第2网格")
               for row in map(tuple, listed))  # fmt: skip

    dialog.carry_out.click()
    tasks.wait_idle()

    assert redrawing.pending(lead, COMMUNITY) == ["秋季调整"]
    assert redrawing.draft(lead, COMMUNITY).is_empty
    assert "下次同步时由服务器一次完成" in " ".join(
        each.text() for each in plan.findChildren(type(page.heading))
    )


def test_a_plan_survives_the_program(
    page: GridMapPage, lead: Workspace, open_map: Callable[[Workspace], GridMapPage]
) -> None:
    plan = planned(page)
    plan.add_grid(NewGrid(f"{COMMUNITY}003", "第3网格"))
    tasks.wait_idle()
    plan.set_outline(f"{COMMUNITY}003", box(0, 300, 100, 400))
    tasks.wait_idle()

    again = planned(open_map(lead))

    assert again.draft.new_grids == (NewGrid(f"{COMMUNITY}003", "第3网格"),)
    assert again.target.findText("第3网格（新）") >= 0
    assert [*again.draft.outlines] == [f"{COMMUNITY}003"]


def test_an_outline_drawn_for_a_plan_stays_in_the_plan(
    qtbot: QtBot, page: GridMapPage, lead: Workspace
) -> None:
    plan = planned(page)
    plan.target.setCurrentIndex(plan.target.findData(GRID))
    plan.draw_asked.emit(GRID)
    qtbot.mousePress(page.canvas, Qt.MouseButton.LeftButton, pos=at(page, 0, 200))
    qtbot.mouseMove(page.canvas, at(page, -60, 200))
    qtbot.mouseRelease(page.canvas, Qt.MouseButton.LeftButton, pos=at(page, -60, 200))
    page.strip.save()
    tasks.wait_idle()

    assert area(lead, GRID) == 60_000
    assert round(shapes.area(plan.draft.outlines[GRID]), -2) == pytest.approx(66_000, abs=1000)
    assert [*page.canvas.planned] == [GRID]


def test_who_may_not_redraw_has_no_plan(
    ws: Workspace, open_map: Callable[[Workspace], GridMapPage]
) -> None:
    assert open_map(ws).plan is None


def test_a_local_file_lies_below_the_map(
    qtbot: QtBot, page: GridMapPage, lead: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "银川.mbtiles"
    picture = QImage(256, 256, QImage.Format.Format_RGB32)
    picture.fill(QColor("#ff00ff"))
    picture.save(str(tmp_path / "tile.png"))
    content = (tmp_path / "tile.png").read_bytes()
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
    database.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
    whole = mbtiles.Tileset(path, "", 16, 16)
    for z, x, y in mbtiles.covering(whole, (106.27, 38.46, 106.30, 38.48), 2.0):
        database.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (z, x, 2**z - 1 - y, content))
    database.commit()
    database.close()

    backdrop.choose(lead, path)
    page.refresh()

    qtbot.waitUntil(lambda: bool(page.canvas.backdrop), timeout=5000)
    shown = page.canvas.grab().toImage()
    corner = at(page, -20, -20)
    assert shown.pixelColor(corner).name() == "#ff00ff"
    backdrop.choose(lead, None)
    page.refresh()
    qtbot.waitUntil(lambda: not page.canvas.backdrop, timeout=5000)


def test_the_list_of_a_building_opens_what_is_chosen(page: GridMapPage) -> None:
    page.side.show_picked("building", "b1")
    (listed,) = [b for b in page.side.findChildren(QPushButton) if b.text() == "名单"]
    listed.click()
    tasks.wait_idle()
    dialog = page.findChild(RecordsOf)
    assert isinstance(dialog, RecordsOf)
    first = dialog.tabs.widget(0)
    assert isinstance(first, RecordList)
    assert first.model.rowCount() == 1

    asked: list[tuple[str, str]] = []
    page.desk.bus.open_requested.connect(lambda *given: asked.append(given))
    first.opened.emit("d1")

    assert asked == [("dwelling", "d1")]
    assert not dialog.isVisible()
