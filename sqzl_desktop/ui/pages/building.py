"""楼栋透视图: one building door by door: who lives where, what is due, and what is done there."""

import functools
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from sqzl_desktop.domain import tower_plan
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.tower_plan import Draft
from sqzl_desktop.services import elements, tower_saving
from sqzl_desktop.services import tower as towers
from sqzl_desktop.services.tower import Tower
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs import at_the_door
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.dialogs.generate_rooms import GenerateRooms
from sqzl_desktop.ui.dialogs.moves_menu import MovesButton
from sqzl_desktop.ui.dialogs.print_button import PrintButton
from sqzl_desktop.ui.widgets.building_choice import BuildingChoice
from sqzl_desktop.ui.widgets.dwelling_side import ACTIONS, DwellingSide
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, card, column, empty_state, label, row
from sqzl_desktop.ui.widgets.tower_board import TowerBoard
from sqzl_desktop.ui.widgets.tower_editor import TowerEditor
from sqzl_desktop.ui.widgets.tower_filters import TowerFilters, next_hit
from sqzl_desktop.ui.widgets.tower_words import told

SIDE_WIDTH = 330
FORMS = {"A4 横向": "building_sheet", "A3 横向": "building_sheet_a3"}
_PICTURE, _NO_BUILDING, _NO_ROOMS = range(3)


class BuildingPage(PageView):
    """The building that was opened last, with the dwelling that was chosen."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "楼栋透视图")
        self._building_id = ""
        self._wants_keys = True
        self._hits: frozenset[str] | None = None
        self.tower: Tower | None = None
        self.choice = BuildingChoice(self)
        self.view = TowerBoard()
        self.editor = TowerEditor(self.view)
        self._keys: list[QShortcut] = []
        self.filters = TowerFilters()
        self._notes = label("", "doubt", wrap=True)
        self.side = DwellingSide(desk, "点一户，或用方向键选一户，查看住在里面的人")
        self._stack, self._beside = QStackedWidget(), QStackedWidget()
        self._may_edit = elements.may(desk.ws, "write", "dwelling")
        self._fill_tools()
        self.body.addLayout(self._make_body(), 1)
        self._connect()
        desk.bus.changed.connect(self.refresh_if_seen)

    def refresh(self) -> None:
        if not self._is_editing:
            self.desk.run(self, lambda: towers.buildings(self.desk.ws), self._fill_choice)

    def open_record(self, _kind: str, record_id: str) -> None:
        if record_id and self.may_leave():  # a new one is made in the list of elements
            self._building_id, self._wants_keys = record_id, True
        self.refresh()

    @property
    def _is_editing(self) -> bool:
        return self._beside.currentWidget() is self.editor

    def _fill_tools(self) -> None:
        self._edit = button("编辑楼栋图", self.edit, icon="edit", tip="编辑楼栋图（Ctrl+E）")
        self._edit.setShortcut("Ctrl+E")
        if not self._may_edit:
            self._edit.hide()
        self._facts = button("楼栋资料", self._edit_building, icon="file")
        self._print = PrintButton(self.desk, "building", FORMS, self)
        for part in (self.choice, self._edit, self._facts, self._print):
            self.tools.addWidget(part)

    def _make_body(self) -> QHBoxLayout:
        left = column(self.filters, self.view, self._notes, gap=10)
        left.setStretch(1, 1)
        make = button("生成房屋", self.generate, icon="plus", look="primary")
        if not self._may_edit:
            make.hide()
        for part in _states(left, make):
            self._stack.addWidget(part)
        self._beside.addWidget(self.side)
        self._beside.addWidget(self.editor)
        self._beside.setFixedWidth(SIDE_WIDTH)
        body = row(self._stack, self._beside, gap=12)
        body.setStretch(0, 1)
        return body

    def _connect(self) -> None:
        self.choice.chosen.connect(self._chosen)
        self.view.current_changed.connect(self._walked)
        self.view.opened.connect(lambda _id: self._beside.focusNextChild())
        self.filters.changed.connect(self._asked)
        self.filters.step.connect(self.step)
        self.side.asked.connect(
            lambda action, dwelling: at_the_door.act(self.desk, action, dwelling, self)
        )
        changes = MovesButton(self.desk, "dwelling", self)
        self.side.tools.addWidget(changes)
        self.side.shown.connect(changes.show_record)
        self.editor.saved.connect(self._save)
        self.editor.left.connect(lambda: self.may_leave())
        for action, _text, _icon, key, _kind in ACTIONS:
            self._on_key(key, functools.partial(self.side.ask, action))
        self._on_key("F3", lambda: self.step(1))
        self._on_key("Shift+F3", lambda: self.step(-1))
        self._on_key("Esc", self.filters.clear)

    def _on_key(self, key: str, work: Callable[[], object]) -> None:
        """A key of the picture: it is typed as a letter everywhere else."""
        made = QShortcut(QKeySequence(key), self.view)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(lambda: work())
        self._keys.append(made)

    def step(self, way: int) -> None:
        """Go to the next dwelling that answers what is asked, or to the one before."""
        found = next_hit(self.view.in_order(), self._hits, self.view.current, way)
        if found:
            self.view.choose(found)
            self.view.setFocus()

    def edit(self) -> None:
        """Draw the building anew."""
        if self.tower and self.tower.rooms:
            found = self.tower
            shape = towers.shape_of(found.building)
            self._draw(tower_plan.begin(found.rooms, found.layout, shape))

    def generate(self) -> None:
        """Make the rooms of a building that has none, to be looked at before they are saved."""
        if self.tower:
            dialog = GenerateRooms(self.tower.building, self)
            if dialog.exec() and dialog.draft:
                self._draw(dialog.draft)

    def _draw(self, draft: Draft) -> None:
        self.filters.clear()
        self._stack.setCurrentIndex(_PICTURE)
        self._turn(editing=True)
        self.editor.begin(draft)

    def _turn(self, *, editing: bool) -> None:
        for key in self._keys:
            key.setEnabled(not editing)
        for part in (self.choice, self._edit, self._facts, self._print):
            part.setEnabled(not editing)
        self.filters.setHidden(editing)
        self._notes.setHidden(editing or not self._notes.text())
        self._beside.setCurrentWidget(self.editor if editing else self.side)

    def _save(self, draft: Draft) -> None:
        ws, building = self.desk.ws, self._building_id

        def done(count: int) -> None:
            self._end()
            self.desk.say(f"已存本机，共{count}户有改动")
            self.desk.bus.changed.emit(("dwelling", "building"))

        work = functools.partial(tower_saving.save, ws, building, draft)
        self.desk.run(self, work, done, lambda error: self.editor.refused(str(error)))

    def may_leave(self) -> bool:
        may = not self._is_editing or self.editor.may_leave()
        if may and self._is_editing:
            self._end()
            self.refresh()
        return may

    def _walked(self, dwelling: str) -> None:
        if not self._is_editing:
            self.side.show_dwelling(dwelling)

    def _end(self) -> None:
        self.editor.end()
        self._turn(editing=False)

    def _asked(self, hits: frozenset[str] | None) -> None:
        self._hits = hits
        self.view.show_hits(hits)

    def _fill_choice(self, found: list[Building]) -> None:
        self._building_id = self.choice.fill(found, self._building_id)
        if self._building_id:
            self._read()
        else:
            self._stack.setCurrentIndex(_NO_BUILDING)
            self.side.invite()

    def _read(self) -> None:
        wanted = self._building_id

        def done(found: Tower) -> None:
            if self._building_id == wanted and not self._is_editing:
                self._show(found)

        self.desk.run(self, lambda: towers.tower(self.desk.ws, wanted), done)

    def _show(self, found: Tower) -> None:
        self.tower = found
        self.heading.setText(f"{found.building.estate} {found.building.name}")
        self._notes.setText(told(found.layout, found.rooms))
        self._notes.setVisible(bool(self._notes.text()))
        self.view.show_rooms(found.layout, found.rooms)
        self.filters.show_rooms(found.rooms, found.today)
        self._stack.setCurrentIndex(_PICTURE if found.rooms else _NO_ROOMS)
        self._edit.setEnabled(bool(found.rooms))
        self._print.show_record(found.building.id if found.rooms else "")
        if self._wants_keys and found.rooms:
            self._wants_keys = False
            self.view.setFocus()
        if self.view.current:
            self.side.show_dwelling(self.view.current)
        elif found.rooms:
            self.view.choose(self.view.in_order()[0])
        else:
            self.side.invite()

    def _chosen(self, building: str) -> None:
        self._building_id = building
        self._read()
        self.view.setFocus()

    def _edit_building(self) -> None:
        if self.tower:
            EditRecord(self.desk, self.tower.building, "楼栋资料", self).exec()


def _states(picture: QVBoxLayout, make: QPushButton) -> tuple[QWidget, ...]:
    """The picture; what stands there without a building; what stands there without rooms."""
    return (
        card(picture, padding=12),
        empty_state("building", "还没有楼栋。在“要素台账”里新建楼栋，或导入表格"),
        card(column(empty_state(
            "house", "这栋楼还没有登记房屋。填单元、层数、每层户数，一次生成全部房屋", make
        ))),
    )  # fmt: skip
