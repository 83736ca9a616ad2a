"""楼栋图筛选: what the colours mean with their counts, what may be asked, and how many answer."""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence, Set

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from sqzl_desktop.domain import tower_rooms
from sqzl_desktop.domain.tower_rooms import TAG_SIGNS, USES, Question, Room
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.widgets import tower_cells
from sqzl_desktop.ui.widgets.parts import button, clear, column, label, row


class Swatch(QWidget):
    """The sign of a use as it stands in the cells."""

    def __init__(self, text: str, colour: str) -> None:
        super().__init__()
        self._text, self._colour = text, colour
        self.setFixedSize(18, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tower_cells.sign(painter, QRectF(0, 0, 18, 18), self._text, self._colour)


class TowerFilters(QWidget):
    """`changed` gives the dwellings that answer all that is asked, or None where nothing is;
    `step` asks for the next (1) or the one before (-1) of them."""

    changed = Signal(object)
    step = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._rooms: Mapping[str, Room] = {}
        self._today = dt.date.min
        self._questions: tuple[Question, ...] = ()
        self._asked: set[str] = set()
        self._chips: dict[str, QPushButton] = {}
        self._legend, self._line = row(gap=6), row(gap=5)
        self._menu = QMenu(self)
        self._tags = QPushButton("关爱标签")
        self._tags.setProperty("filter", True)
        self._tags.setMenu(self._menu)
        self._total = label("", "soft")
        self._count = label("", "section")
        self._before = button("▲", lambda: self.step.emit(-1), tip="上一户（Shift+F3）")
        self._after = button("▼", lambda: self.step.emit(1), tip="下一户（F3）")
        for each in (self._before, self._after):
            each.setProperty("filter", True)
            each.setAccessibleName(each.toolTip())
        self._all = button("清除筛选", self.clear, look="flat", tip="全部显示（Esc）")
        found = row(self._count, self._before, self._after, self._all, gap=6)
        top = row(self._legend, self._total, None, found)
        self.setLayout(column(top, self._line, gap=8))
        self._say(None)

    def show_rooms(self, rooms: Mapping[str, Room], today: dt.date) -> None:
        """Ask the same of other rooms; what nobody can answer any more is asked no longer."""
        self._rooms, self._today = rooms, today
        self._questions = tower_rooms.questions(rooms.values())
        self._asked &= {each.name for each in self._questions}
        self._draw_legend()
        self._draw_chips()
        self._ask()

    def clear(self) -> None:
        """Ask nothing."""
        self._asked = set()
        self._draw_chips()
        self._ask()

    def toggle(self, name: str) -> None:
        """Ask a question, or ask it no longer."""
        self._asked ^= {name}
        self._draw_chips()
        self._ask()

    def _ask(self) -> None:
        asked = [each for each in self._questions if each.name in self._asked]
        hits = frozenset(
            key
            for key, room in self._rooms.items()
            if all(each.asks(room, self._today) for each in asked)
        )
        self._say(hits if asked else None)
        self.changed.emit(hits if asked else None)

    def _say(self, hits: frozenset[str] | None) -> None:
        for each in (self._count, self._before, self._after, self._all):
            each.setVisible(hits is not None)
        self._total.setVisible(hits is None)
        self._count.setText(f"符合 {len(hits)} 户" if hits is not None else "")
        for each in (self._before, self._after):
            each.setEnabled(bool(hits))

    def _draw_legend(self) -> None:
        clear(self._legend)
        counts = tower_rooms.counts(self._rooms.values())
        for use in USES:
            if counts[use.code] or use.code in ("01", "02", "03"):
                self._legend.addWidget(Swatch(use.sign, tower_cells.INK[use.code][0]))
                self._legend.addWidget(label(f"{use.label} {counts[use.code]}"))
                self._legend.addSpacing(4)
        people = sum(room.people for room in self._rooms.values())
        self._total.setText(f"共 {len(self._rooms)} 户 {people} 人")

    def _draw_chips(self) -> None:
        plain = [each for each in self._questions if each.name not in TAG_SIGNS]
        if not self._chips:
            for each in plain:
                made = QPushButton(each.label)
                made.setProperty("filter", True)
                made.setCheckable(True)
                if each.name == "due":
                    made.setIcon(tower_cells.due_icon())
                made.clicked.connect(functools.partial(self._clicked, each.name))
                self._chips[each.name] = made
                self._line.addWidget(made)
            self._line.addWidget(self._tags)
            self._line.addStretch(1)
        for each in plain:
            chip = self._chips[each.name]
            chip.setText(f"{each.label} {self._answers(each)}")
            chip.setChecked(each.name in self._asked)
        self._draw_menu([each for each in self._questions if each.name in TAG_SIGNS])

    def _draw_menu(self, tags: list[Question]) -> None:
        self._menu.clear()
        for each in tags:
            text = f"{TAG_SIGNS[each.name]}　{each.label}　{self._answers(each)} 户"
            action = self._menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(each.name in self._asked)
            action.triggered.connect(functools.partial(self._clicked, each.name))
        asked = [each.label for each in tags if each.name in self._asked]
        self._tags.setText("、".join(asked) or "关爱标签")
        self._tags.setEnabled(bool(tags))
        self._tags.setIcon(theme.icon("filter", "accent" if asked else "soft"))

    def _answers(self, question: Question) -> int:
        return sum(question.asks(room, self._today) for room in self._rooms.values())

    def _clicked(self, name: str, _checked: bool = False) -> None:
        self.toggle(name)


def next_hit(order: Sequence[str], hits: Set[str] | None, current: str, way: int) -> str:
    """The next dwelling in order that is a hit, or the one before; round the ends. "" is none."""
    found = [place for place, each in enumerate(order) if hits is None or each in hits]
    if not found:
        return ""
    here = order.index(current) if current in order else -1
    ahead = [place for place in found if (place > here if way > 0 else place < here)]
    if way > 0:
        return order[ahead[0] if ahead else found[0]]
    return order[ahead[-1] if ahead else found[-1]]
