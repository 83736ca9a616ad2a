"""楼栋图编辑面板: rooms, floors and entrances added, moved, merged, removed; saved at once."""

import functools
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLineEdit, QMessageBox, QWidget

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import tower_plan
from sqzl_desktop.domain.room_numbers import entrance_label
from sqzl_desktop.domain.tower import SHOP, Cell
from sqzl_desktop.domain.tower_plan import Draft
from sqzl_desktop.domain.tower_rooms import Room
from sqzl_desktop.ui.widgets.parts import button, card, column, label, row
from sqzl_desktop.ui.widgets.tower_board import TowerBoard

_WAYS = {"Ctrl+Left": (0, -1), "Ctrl+Right": (0, 1), "Ctrl+Up": (1, 0), "Ctrl+Down": (-1, 0)}
Step = Callable[[Draft], Draft]
RoomStep = Callable[[Draft, str], Draft]
_Part = tuple[str, Callable[[], object], str]  # text, what it does, key
_ROOM: tuple[tuple[str, RoomStep, str], ...] = (
    ("右侧加一间", tower_plan.add_room, "Ins"),
    ("删除这间", tower_plan.remove_room, "Del"),
    ("与右边合并", functools.partial(tower_plan.merge, way="right"), "R"),
    ("与上层合并", functools.partial(tower_plan.merge, way="up"), "U"),
    ("拆开", tower_plan.split, "S"),
    ("商铺／住宅", tower_plan.mark_shop, "P"),
)
_BUILDING: tuple[tuple[str, Step], ...] = (
    ("加一层", tower_plan.add_floor),
    ("加地下层", functools.partial(tower_plan.add_floor, below=True)),
    ("加一单元", tower_plan.add_entrance),
)


class TowerEditor(QWidget):
    """Works on drafts; `saved` hands over the last one, `left` says that nothing is to be kept."""

    saved = Signal(object)
    left = Signal()

    def __init__(self, board: TowerBoard) -> None:
        super().__init__()
        self._board = board
        self._drafts: list[Draft] = []
        self._keys: list[QShortcut] = []
        self._told = label("", "soft", wrap=True)
        self._problem = label("", "problem", wrap=True)
        self._room = label("", "section", wrap=True)
        self._number = QLineEdit()
        self._number.setAccessibleName("室号")
        self._number.setPlaceholderText("室号，Enter 改名")
        self._number.returnPressed.connect(self._rename)
        self.save_button = button("保存", self._save, icon="check", look="primary",
                                  tip="保存（Ctrl+S）")  # fmt: skip
        self._back = button("撤销一步", self.undo, icon="back", tip="撤销一步（Ctrl+Z）")
        self._make_body()
        for key, (floors, columns) in _WAYS.items():
            self._on_key(key, functools.partial(self._shift, floors, columns))
        self._on_key("Ctrl+Z", self.undo)
        self._on_key("Ctrl+S", self._save)
        self._on_key("Esc", self.left.emit)
        board.current_changed.connect(lambda _id: self._show_room())
        board.dropped.connect(self._dropped)
        self._turn(on=False)

    def _make_body(self) -> None:
        rooms = [(text, functools.partial(self._on_room, make), key) for text, make, key in _ROOM]
        floors: list[_Part] = [
            *((text, functools.partial(self.step, make), "") for text, make in _BUILDING),
            ("删除本层", self._remove_floor, ""),
            ("删除本单元", self._remove_entrance, ""),
        ]
        leave = button("放弃", self.left.emit, tip="放弃修改（Esc）")
        body = column(
            label("编辑楼栋图", "section"), self._told,
            row(self._back, leave, self.save_button), self._problem, 4,
            self._room, self._number, self._grid(rooms),
            label("Ctrl+方向键或拖动：移到空位，或与同样大小的互换", "small", wrap=True), 8,
            label("楼层和单元", "section"), self._grid(floors), None,
        )  # fmt: skip
        self.setLayout(column(card(body)))

    def _grid(self, parts: Sequence[_Part]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, (text, work, key) in enumerate(parts):
            made = button(text, work, tip=f"{text}（{key}）" if key else text)
            grid.addWidget(made, place // 2, place % 2)
            if key:
                self._on_key(key, work)
        return grid

    def _on_key(self, key: str, work: Callable[[], object]) -> None:
        made = QShortcut(QKeySequence(key), self._board)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(lambda: work())
        self._keys.append(made)

    @property
    def is_dirty(self) -> bool:
        """Is there anything that is not saved?"""
        return bool(self._drafts) and bool(self.draft.changed or self.draft.removed)

    @property
    def draft(self) -> Draft:
        """The building as it is drawn now."""
        return self._drafts[-1]

    def may_leave(self) -> bool:
        """Is everything saved, or may it be dropped? Asks the person."""
        if not self.is_dirty:
            return True
        asked = "楼栋图的修改还没有保存。要放弃修改吗？"
        answer = QMessageBox.question(self, "有未保存的修改", asked)
        return answer == QMessageBox.StandardButton.Yes

    def begin(self, draft: Draft) -> None:
        """Draw from here on."""
        self._drafts = [draft]
        self._turn(on=True)
        self._show()
        if not self._board.current and draft.rooms:
            self._board.choose(self._board.in_order()[0])
        self._board.setFocus()

    def end(self) -> None:
        """Drawing is over."""
        self._drafts = []
        self._turn(on=False)

    def _turn(self, *, on: bool) -> None:
        self._board.is_editing = on
        for key in self._keys:
            key.setEnabled(on)

    def step(self, make: Step) -> None:
        """Take a step, or say why it cannot be taken."""
        self._problem.clear()
        try:
            made = make(self.draft)
        except Refused as error:
            self._problem.setText(str(error))
            return
        if made is not self.draft:
            self._drafts.append(made)
            self._show()

    def undo(self) -> None:
        """As it was before the last step."""
        if len(self._drafts) > 1:
            self._drafts.pop()
            self._problem.clear()
            self._show()

    def refused(self, sentence: str) -> None:
        """It could not be saved."""
        self._problem.setText(sentence)
        self.save_button.setEnabled(True)

    def _show(self) -> None:
        draft = self.draft
        self._board.show_rooms(draft.layout, draft.rooms)
        self._told.setText(_said(draft))
        self._back.setEnabled(len(self._drafts) > 1)
        self.save_button.setEnabled(self.is_dirty)
        self._show_room()

    def _cell(self) -> Cell | None:
        current = self._board.current
        cells = self._board.picture.cells
        return next((each for each in cells if each.id == current), None)

    def _show_room(self) -> None:
        cell = self._cell() if self._drafts else None
        room = self.draft.rooms.get(cell.id) if cell and self._drafts else None
        self._number.setEnabled(room is not None)
        if cell is None or room is None:
            self._room.setText("没有选中房屋")
            self._number.clear()
            return
        self._room.setText(_where(cell, room))
        self._number.setText(room.door.room)

    def _on_room(self, make: RoomStep) -> None:
        current = self._board.current
        if current in self.draft.rooms:
            self.step(lambda draft: make(draft, current))

    def _rename(self) -> None:
        self._on_room(lambda draft, room: tower_plan.rename(draft, room, self._number.text()))
        self._board.setFocus()

    def _shift(self, floors: int, columns: int) -> None:
        cell = self._cell()
        if cell is None or cell.floor is None:
            return
        floor = cell.floor + floors
        to = floor or floors
        self.step(
            lambda draft: tower_plan.move(
                draft, cell.id, cell.entrance, to, cell.position + columns
            )
        )

    def _dropped(self, room: str, x: int, y: int) -> None:
        layout = self._board.picture
        entrance = next((e for e in layout.entrances if e.x <= x < e.x + e.width), None)
        if entrance is None or y >= len(layout.floors):
            self._problem.setText("请拖到某一层的格子里")
            return
        cell = self._cell()
        lowest = y + (cell.height if cell else 1) - 1
        floor = layout.floors[min(lowest, len(layout.floors) - 1)]
        place = x - entrance.x + 1
        self.step(lambda draft: tower_plan.move(draft, room, entrance.name, floor, place))

    def _remove_floor(self) -> None:
        cell = self._cell()
        floor = cell.floor if cell else None
        if floor is not None:
            self.step(lambda draft: tower_plan.remove_floor(draft, floor))

    def _remove_entrance(self) -> None:
        cell = self._cell()
        if cell:
            self.step(lambda draft: tower_plan.remove_entrance(draft, cell.entrance))

    def _save(self) -> None:
        if self.is_dirty and self.save_button.isEnabled():
            self.save_button.setEnabled(False)
            self.saved.emit(self.draft)


def _said(draft: Draft) -> str:
    """What the draft changes, counted."""
    added = sum(each.startswith(tower_plan.NEW) for each in draft.changed)
    counts = {"新增": added, "修改": len(draft.changed) - added, "删除": len(draft.removed)}
    said = "，".join(f"{word}{count}户" for word, count in counts.items() if count)
    return f"未保存：{said}" if said else "还没有改动"


def _where(cell: Cell, room: Room) -> str:
    """Where a room is, and how many live in it."""
    lost = "底商" if room.door.purpose == SHOP else "未定位"
    floor = f"{cell.floor}层 第{cell.position}格" if cell.floor else lost
    people = f"　{room.people}人" if room.people else ""
    return f"{entrance_label(cell.entrance)}　{floor}{people}"
