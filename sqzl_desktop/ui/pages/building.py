"""楼栋透视图: one building door by door: who lives where, what is due, and what is done there."""

import functools
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedWidget,
)

from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.services import elements
from sqzl_desktop.services import tower as towers
from sqzl_desktop.services.tower import Tower
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs import at_the_door
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.dialogs.moves_menu import MovesButton
from sqzl_desktop.ui.dialogs.print_preview import PrintPreview
from sqzl_desktop.ui.widgets.dwelling_side import ACTIONS, DwellingSide
from sqzl_desktop.ui.widgets.page import Page, PageView
from sqzl_desktop.ui.widgets.parts import button, card, column, empty_state, label, row
from sqzl_desktop.ui.widgets.tower_filters import TowerFilters
from sqzl_desktop.ui.widgets.tower_view import TowerView

SIDE_WIDTH = 330


class BuildingPage(PageView):
    """The building that was opened last, with the dwelling that was chosen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "楼栋透视图")
        self._building_id = ""
        self._wants_keys = True
        self.tower: Tower | None = None
        self._choice = QComboBox()
        self.view = TowerView()
        self.filters = TowerFilters()
        self._notes = label("", "doubt", wrap=True)
        self.side = DwellingSide(desk, "点一户，或用方向键选一户，查看住在里面的人")
        self._stack = QStackedWidget()
        self._fill_tools()
        self.body.addLayout(self._make_body(), 1)
        self._connect()
        desk.bus.changed.connect(self.refresh_if_seen)

    def refresh(self) -> None:
        self.desk.run(self, lambda: towers.buildings(self.desk.ws), self._fill_choice)

    def open_record(self, kind: str, record_id: str) -> None:
        if not record_id:
            record = elements.blank(self.desk.ws, kind)
            EditRecord(self.desk, record, "新建楼栋", self).exec()
            return
        self._building_id, self._wants_keys = record_id, True
        self.refresh()

    def _fill_tools(self) -> None:
        self._choice.setMinimumWidth(260)
        self._choice.setAccessibleName("楼栋")
        self._choice.setEditable(True)
        self._choice.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = self._choice.completer() or QCompleter(self._choice)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._choice.activated.connect(lambda _index: self._chosen())
        for part in (
            button("", lambda: self._go(-1), icon="back", tip="上一栋（Ctrl+PgUp）"),
            self._choice,
            button("下一栋", lambda: self._go(1), tip="下一栋（Ctrl+PgDown）"),
            button("楼栋资料", self._edit_building, icon="edit"),
        ):
            self.tools.addWidget(part)
        self._print = QPushButton("打印")
        self._print.setIcon(theme.icon("print"))
        self._print.setToolTip("打印楼栋房屋一览表（Ctrl+P），姓名遮盖")
        self._print.setShortcut("Ctrl+P")
        self._print.setProperty("menu", True)
        menu = QMenu(self._print)
        for text, form in (("&1　A4 横向", "building_sheet"), ("&2　A3 横向", "building_sheet_a3")):
            menu.addAction(text).triggered.connect(functools.partial(self._preview, form))
        self._print.setMenu(menu)
        self._print.clicked.connect(self._print.showMenu)
        self._print.setVisible(elements.may(self.desk.ws, "print", "building"))
        self.tools.addWidget(self._print)

    def _preview(self, form: str, _checked: bool = False) -> None:
        if self.tower:
            PrintPreview(self.desk, form, self.tower.building.id, self).exec()

    def _make_body(self) -> QHBoxLayout:
        left = column(self.filters, self.view, self._notes, gap=10)
        left.setStretch(1, 1)
        frame: QFrame = card(left, padding=12)
        self._stack.addWidget(frame)
        self._stack.addWidget(empty_state(
            "building", "还没有楼栋。在“要素台账”里新建楼栋，或导入表格"
        ))  # fmt: skip
        self._empty = empty_state("house", "这栋楼还没有登记房屋。")
        self._stack.addWidget(self._empty)
        self.side.setFixedWidth(SIDE_WIDTH)
        body = row(self._stack, self.side, gap=12)
        body.setStretch(0, 1)
        return body

    def _connect(self) -> None:
        self.view.current_changed.connect(self.side.show_dwelling)
        self.view.opened.connect(lambda _id: self._enter())
        self.filters.changed.connect(self.view.show_hits)
        self.filters.changed.connect(self._keep_hits)
        self.filters.step.connect(self.step)
        self.side.asked.connect(
            lambda action, dwelling: at_the_door.act(self.desk, action, dwelling, self)
        )
        changes = MovesButton(self.desk, "dwelling", self)
        self.side.tools.addWidget(changes)
        self.side.shown.connect(changes.show_record)
        self._hits: frozenset[str] | None = None
        for action, _text, _icon, key, _kind in ACTIONS:
            self._on_key(key, functools.partial(self.side.ask, action))
        self._on_key("F3", lambda: self.step(1))
        self._on_key("Shift+F3", lambda: self.step(-1))
        self._on_key("Esc", self.filters.clear)
        self._on_key("Ctrl+0", lambda: self.view.zoom(0))
        self._on_key("Ctrl+=", lambda: self.view.zoom(1))
        self._on_key("Ctrl+-", lambda: self.view.zoom(-1))
        for key, way in (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1)):
            made = QShortcut(QKeySequence(key), self)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(functools.partial(self._go, way))

    def _on_key(self, key: str, work: Callable[[], object]) -> None:
        """A key of the picture: it is typed as a letter everywhere else."""
        made = QShortcut(QKeySequence(key), self.view)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(lambda: work())

    def step(self, way: int) -> None:
        """Go to the next dwelling that answers what is asked, or to the one before."""
        order = [each for each in self.view.in_order() if self._hits is None or each in self._hits]
        if not order:
            return
        whole = self.view.in_order()
        here = whole.index(self.view.current) if self.view.current in whole else -1
        places = [whole.index(each) for each in order]
        if way > 0:
            later = [place for place in places if place > here]
            chosen = later[0] if later else places[0]
        else:
            earlier = [place for place in places if place < here]
            chosen = earlier[-1] if earlier else places[-1]
        self.view.choose(whole[chosen])
        self.view.setFocus()

    def _keep_hits(self, hits: frozenset[str] | None) -> None:
        self._hits = hits

    def _fill_choice(self, found: list[Building]) -> None:
        known = [each.id for each in found]
        if self._building_id not in known:
            self._building_id = known[0] if known else ""
        self._choice.blockSignals(True)
        self._choice.clear()
        for each in found:
            self._choice.addItem(f"{each.estate} {each.name}", each.id)
        self._choice.setCurrentIndex(self._choice.findData(self._building_id))
        self._choice.blockSignals(False)
        if self._building_id:
            self._read()
        else:
            self._stack.setCurrentIndex(1)
            self.side.invite()

    def _read(self) -> None:
        wanted = self._building_id

        def done(found: Tower) -> None:
            if self._building_id == wanted:
                self._show(found)

        self.desk.run(self, lambda: towers.tower(self.desk.ws, wanted), done)

    def _show(self, found: Tower) -> None:
        self.tower = found
        self.heading.setText(f"{found.building.estate} {found.building.name}")
        self._notes.setText(told(found))
        self._notes.setVisible(bool(self._notes.text()))
        self.view.show_rooms(found.layout, found.rooms)
        self.filters.show_rooms(found.rooms, found.today)
        self._stack.setCurrentIndex(0 if found.rooms else 2)
        if self._wants_keys and found.rooms:
            self._wants_keys = False
            self.view.setFocus()
        if self.view.current:
            self.side.show_dwelling(self.view.current)
        elif found.rooms:
            self.view.choose(self.view.in_order()[0])
        else:
            self.side.invite()

    def _chosen(self) -> None:
        self._building_id = str(self._choice.currentData())
        self._read()
        self.view.setFocus()

    def _go(self, way: int) -> None:
        if self._choice.count():
            self._choice.setCurrentIndex((self._choice.currentIndex() + way) % self._choice.count())
            self._chosen()

    def _enter(self) -> None:
        """Into the panel, where the people are."""
        self.side.focusNextChild()

    def _edit_building(self) -> None:
        if self.tower:
            EditRecord(self.desk, self.tower.building, "楼栋资料", self).exec()


def told(found: Tower) -> str:
    """What is odd about where the dwellings are, in a sentence; "" where nothing is."""
    layout, rooms = found.layout, found.rooms
    by_number = [cell for cell in layout.cells if cell.is_guessed and cell.floor is not None]
    lost = [cell for cell in layout.cells if cell.is_guessed and cell.floor is None]
    parts = []
    if by_number:
        parts.append(f"{len(by_number)} 户没有登记楼层，按室号放置（虚线框）")
    if lost:
        parts.append(f"{len(lost)} 户未定位，放在最下方")
    if layout.clashes:
        pairs = "、".join(
            f"{rooms[one].door.room}和{rooms[other].door.room}" for one, other in layout.clashes[:3]
        )
        more = "等" if len(layout.clashes) > 3 else ""
        parts.append(f"{len(layout.clashes)} 处两户占同一格（{pairs}{more}），请核对是否重复登记")
    return "；".join(parts)


PAGE = Page("building", "楼栋透视图", "building", BuildingPage, opens=("building",))
