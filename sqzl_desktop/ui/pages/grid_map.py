"""网格地图: grids and buildings as they lie; outlines drawn and checked; grids drawn anew."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTabWidget,
    QWidget,
)

from sqzl_desktop.services import elements, maps, redrawing
from sqzl_desktop.services.maps import AreaMap, MapProblem
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.outline_import import OutlineImport
from sqzl_desktop.ui.dialogs.records_of import RecordsOf
from sqzl_desktop.ui.dialogs.redraw_tab import RedrawTab
from sqzl_desktop.ui.models.map_scene import Scene, scene
from sqzl_desktop.ui.widgets import map_paint
from sqzl_desktop.ui.widgets.draw_strip import DrawStrip
from sqzl_desktop.ui.widgets.map_backdrop import MapBackdrop
from sqzl_desktop.ui.widgets.map_canvas import MapCanvas
from sqzl_desktop.ui.widgets.map_side import MapSide
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, column, holder, label, padded, row

_ROLE = Qt.ItemDataRole.UserRole
_FILES = "GeoJSON 文件 (*.geojson *.json)"
Read = tuple[AreaMap, Scene, list[MapProblem]]


class GridMapPage(PageView):
    """The map on the left; grids, checks and the redrawing on the right."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "网格地图")
        self.shown: AreaMap | None = None
        self._wanted = ""
        self.canvas = MapCanvas()
        self.side = MapSide()
        self.checks = QListWidget()
        self.checks.setWordWrap(True)
        self.checks.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.checks.setAccessibleName("划分检查")
        self.strip = DrawStrip(desk, self.canvas)
        self._backdrop = MapBackdrop(desk, self.canvas)
        self._community = QComboBox()
        self._hint = label("", "doubt", wrap=True)
        self.tabs = QTabWidget()
        self.tabs.addTab(self.side, "网格")
        self.tabs.addTab(padded(self.checks), "检查")
        self.plan = (
            RedrawTab(desk, self.canvas, self.strip) if redrawing.is_allowed(desk.ws) else None
        )
        if self.plan is not None:
            self.tabs.addTab(self.plan, "重新划分")
            self.tabs.currentChanged.connect(self._turn_to)
        self._build_tools()
        self._lay_out()
        self._listen()

    def _build_tools(self) -> None:
        ws = self.desk.ws
        for code in ws.communities:
            self._community.addItem(code, code)
        self._community.setVisible(len(ws.communities) > 1)
        self._community.currentIndexChanged.connect(lambda _index: self.refresh())
        may_import = elements.may(ws, "write", "building")
        self.side.may_draw = {
            kind: elements.may(ws, "write", kind) for kind in ("grid", "building")
        }
        tools: list[QWidget] = [self._community]
        if may_import:
            tools.append(button("导入范围", self._ask_import, icon="upload",
                                tip="读入 GeoJSON 文件中的网格、楼栋、小区范围"))  # fmt: skip
        if elements.may(ws, "export", "grid"):
            tools.append(button("导出范围", self._ask_export, icon="download"))
        for each in tools:
            self.tools.addWidget(each)

    def _lay_out(self) -> None:
        zoom = row(
            button("＋", self.canvas.nearer, tip="放大（+）"),
            button("－", self.canvas.farther, tip="缩小（-）"),
            button("全图", self.canvas.fit, tip="显示全部（Home）"),
            self._hint, None,
        )  # fmt: skip
        left = column(self.strip, self.canvas, zoom, gap=8)
        left.setStretch(1, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        split.addWidget(holder(left))
        split.addWidget(self.tabs)
        split.setStretchFactor(0, 1)
        split.setSizes([760, 360])
        self.tabs.setMinimumWidth(340)
        self.body.addWidget(split, 1)

    def _listen(self) -> None:
        self.canvas.picked.connect(self.side.show_picked)
        self.side.picked.connect(self._go_to)
        self.side.open_asked.connect(self.desk.bus.open_requested)
        self.side.draw_asked.connect(self.draw)
        self.side.list_asked.connect(
            lambda kind, of, name: RecordsOf(self.desk, kind, of, name, self).open()
        )
        self.checks.itemActivated.connect(self._show_problem)
        self.checks.itemClicked.connect(self._show_problem)
        self.strip.saved.connect(self.refresh)
        self.desk.bus.changed.connect(self.refresh_if_seen)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.strip.cancel)

    @property
    def community(self) -> str:
        """The community that is shown."""
        return str(self._community.currentData() or "")

    def refresh(self) -> None:
        self.desk.run(self, self._read, self._show)
        self._backdrop.refresh()

    def open_record(self, kind: str, record_id: str) -> None:
        """The plan of a redrawing; under `on_map` a building, as soon as the map is there."""
        if kind == "redrawing":
            self.tabs.setCurrentIndex(self.tabs.count() - 1)
        else:
            self._wanted = record_id
            self._go_to("building", record_id)

    def may_leave(self) -> bool:
        return self.strip.may_leave()

    def _turn_to(self, _place: int) -> None:
        if self.plan is not None:
            self.plan.set_active(is_active=self.tabs.currentWidget() is self.plan)

    def draw(self, kind: str, record_id: str) -> None:
        """Draw the outline of a grid or building, or change the one there is."""
        if self.shown is None or self.canvas.drawn is None:
            return
        some = self.shown.grids if kind == "grid" else self.shown.buildings
        found = next((each for each in some if each.id == record_id), None)
        if found is not None:
            self.canvas.select(kind, record_id, go=True)
            self.side.show_picked(kind, record_id)
            self.strip.begin(kind, record_id, found.name, found.outline)

    def _read(self) -> Read:
        shown = maps.read_map(self.desk.ws, self.community)
        return shown, scene(shown), maps.problems(self.desk.ws, shown)

    def _show(self, read: Read) -> None:
        self.shown, drawn, problems = read
        colours = map_paint.hues([each.id for each in self.shown.grids])
        if not self.strip.is_drawing:
            self.canvas.show_scene(drawn, colours)
        self.side.show_map(self.shown, colours)
        self.side.show_picked(*self.canvas.selected)
        without = sum(each.held and not each.outline for each in self.shown.grids)
        hint = (
            f"{without}个网格没有范围：选中网格后“画范围”，或导入 GeoJSON 文件" if without else ""
        )
        self._hint.setText(hint)
        self._show_checks(problems)
        if self._wanted:
            wanted, self._wanted = self._wanted, ""
            self._go_to("building", wanted)
        if self.plan is not None:
            self.plan.show_map(self.shown)

    def _show_checks(self, problems: list[MapProblem]) -> None:
        self.checks.clear()
        for each in problems:
            item = QListWidgetItem(each.sentence)
            item.setData(_ROLE, each)
            self.checks.addItem(item)
        if not problems:
            self.checks.addItem("没有发现问题：户数、范围和楼栋位置都合适")
        self.tabs.setTabText(1, f"检查 {len(problems)}" if problems else "检查")

    def _show_problem(self, item: QListWidgetItem) -> None:
        problem = item.data(_ROLE)
        if not isinstance(problem, MapProblem) or self.canvas.drawn is None:
            return
        self.canvas.select(problem.kind, problem.id, go=problem.at is None)
        at = self.canvas.drawn.at.metres(problem.at) if problem.at else None
        self.canvas.mark(at)
        self.side.show_picked(problem.kind, problem.id)

    def _go_to(self, kind: str, record_id: str) -> None:
        self.canvas.select(kind, record_id, go=True)
        self.side.show_picked(kind, record_id)

    def _ask_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "导入网格和楼栋范围", "", _FILES)
        if name:
            self.import_file(Path(name))

    def import_file(self, path: Path) -> None:
        """Read a file, and ask which of its outlines to take."""

        def done(found: list[maps.Match]) -> None:
            OutlineImport(self.desk, found, self).open()

        self.desk.run(self, lambda: maps.preview_import(self.desk.ws, self.community, path), done)

    def _ask_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "导出范围", "网格范围.geojson", _FILES)
        shown = self.shown
        if name and shown is not None:
            self.desk.run(
                self,
                lambda: maps.export(self.desk.ws, shown, Path(name)),
                lambda count: self.desk.say(f"已导出{count}个范围到 {name}"),
            )
