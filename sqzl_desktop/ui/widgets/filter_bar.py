"""筛选栏: what narrows a list: a text, codes, conditions, and all of it kept under a name."""

import functools
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.services import views
from sqzl_desktop.services.views import KeptFilter
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.condition_strip import ConditionStrip
from sqzl_desktop.ui.widgets.field_choices import FieldChoices
from sqzl_desktop.ui.widgets.flow_layout import FlowLayout
from sqzl_desktop.ui.widgets.parts import button, clear, column, label, restyle, row

PAUSE_MS = 60
ROOM_FOR_TEXT, ROOM_FOR_FILTER = 390, 130  # else the filters go below the text


class FilterBar(QWidget):
    """Tells by `changed` that the list is to be asked for anew.

    With `fields`, these are what is chosen from, folded away until asked for; what a reference or
    a text may be narrowed to is offered to `choices`, and the columns are not for choosing.
    """

    changed = Signal()
    unfolded = Signal()  # the fields are in sight
    columns_wanted = Signal(QWidget)  # the button below which they are chosen

    def __init__(self, desk: Desk, kind: Kind[Any], *, fields: Sequence[str] = ()) -> None:
        super().__init__()
        self._desk = desk
        self._kind = kind
        self._folds = bool(fields)
        self._is_narrow = False
        self._conditions: list[Filter] = []
        self._kept: list[KeptFilter] = []
        self._used = ""  # the name of the kept filter that is applied
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.changed)
        self.text = QLineEdit()
        self.text.setPlaceholderText(f"在{kind.label}中查找：名称、拼音、号码尾数、地址")
        self.text.setClearButtonEnabled(True)
        self.text.textChanged.connect(lambda _text: self._timer.start())
        self.choices = FieldChoices(kind, fields, self)
        self.choices.changed.connect(self.changed)
        self.count = label("", "soft")
        self._strip: ConditionStrip | None = None  # made when somebody wants to put a condition
        self._more = button("筛选", self._show_strip, icon="filter", tip="按字段筛选、保存筛选")
        self._more.setCheckable(True)
        columns = button("列", lambda: self.columns_wanted.emit(columns), icon="list", tip="选择列")
        if self._folds:
            columns.hide()
        self._lay_out(columns)
        self.setFocusProxy(self.text)

    def _lay_out(self, columns: QPushButton) -> None:
        combos = self.choices.combos.values()
        self._filters: QHBoxLayout = row(*(() if self._folds else combos), None)
        self._fold = QWidget()
        if self._folds:
            flow = FlowLayout()
            for combo in combos:
                flow.addWidget(combo)
            self._fold.setLayout(flow)
        self._fold.hide()
        self._bar = QGridLayout()
        self._bar.setSpacing(8)
        self._bar.setColumnStretch(0, 1)
        for place, part in ((0, self.text), (2, self._more), (3, columns), (4, self.count)):
            self._bar.addWidget(part, 0, place)
        self._bar.addLayout(self._filters, 0, 1)
        self._chips = FlowLayout()
        self._chips_holder = QWidget()
        self._chips_holder.setLayout(self._chips)
        self._chips_holder.hide()
        self._lines = column(self._bar, self._fold, self._chips_holder)
        self.setLayout(self._lines)

    def filters(self) -> list[Filter]:
        """Everything that narrows the list now."""
        text = self.text.text().strip()
        return [
            *([Filter("id", "matches", text)] if text else []),
            *self.choices.filters(),
            *self._conditions,
        ]  # fmt: skip

    def show_kept(self, kept: Sequence[KeptFilter]) -> None:
        """Offer the filters that were kept."""
        self._kept = list(kept)
        self._show_chips()

    def look_for(self, text: str, *conditions: Filter) -> None:
        """Narrow the list to what a text finds, under conditions, and by nothing else."""
        self._set(text, list(conditions))
        self.changed.emit()

    def clear(self) -> None:
        """Narrow the list by nothing."""
        self.look_for("")

    def _set(self, text: str, conditions: list[Filter], used: str = "") -> None:
        with QSignalBlocker(self.text):
            self.text.setText(text)
        self.choices.forget()
        self._conditions, self._used = conditions, used
        self._timer.stop()
        self._show_chips()

    def _show_strip(self) -> None:
        if self._strip is None:
            self._strip = ConditionStrip(self._desk, self._kind)
            self._strip.added.connect(self._add)
            self._strip.keep_wanted.connect(self._keep)
            self._lines.insertWidget(2, self._strip)
        self._strip.setVisible(self._more.isChecked())
        self._fold.setVisible(self._folds and self._more.isChecked())
        if self._more.isChecked():
            self.unfolded.emit()

    def _add(self, condition: Filter) -> None:
        self._conditions.append(condition)
        self._show_chips()
        self.changed.emit()

    def _remove(self, condition: Filter) -> None:
        self._conditions = [each for each in self._conditions if each is not condition]
        self._show_chips()
        self.changed.emit()

    def _keep(self, name: str) -> None:
        conditions = [each for each in self.filters() if each.operator != "matches"]
        kind, text, ws = self._kind.name, self.text.text().strip(), self._desk.ws

        def work() -> list[KeptFilter]:
            views.keep(ws, kind, name, text, conditions)
            return views.kept(ws, kind)

        def done(kept: list[KeptFilter]) -> None:
            if self._strip is not None:
                self._strip.forget_name()
            self._set(text, conditions, name.strip())
            self.show_kept(kept)
            self.changed.emit()
            self._desk.say(f"已保存筛选“{name.strip()}”，以后点一下就能用")

        self._desk.run(self, work, done)

    def _use(self, kept: KeptFilter) -> None:
        if kept.name == self._used:
            self.clear()
            return
        filters = views.filters_of(self._kind.name, kept.conditions)
        self._set(kept.text, filters, kept.name)
        self.changed.emit()

    def _drop(self) -> None:
        name, kind, ws = self._used, self._kind.name, self._desk.ws

        def work() -> list[KeptFilter]:
            views.drop(ws, kind, name)
            return views.kept(ws, kind)

        def done(kept: list[KeptFilter]) -> None:
            self.clear()
            self.show_kept(kept)

        self._desk.run(self, work, done)

    def _show_chips(self) -> None:
        clear(self._chips)
        for kept in self._kept:
            is_used = kept.name == self._used
            self._chip(kept.name, functools.partial(self._use, kept), is_used=is_used)
        for each in self._conditions:
            made = self._chip(
                f"{self.choices.worded(each)}　×",
                functools.partial(self._remove, each),
                is_used=True,
            )
            made.setToolTip("去掉这个条件")
        if self._conditions:
            self._chips.addWidget(button("清空", self.clear, look="flat"))
        if self._used:
            self._chips.addWidget(button("删除这个筛选", self._drop, look="flat"))
        self._chips_holder.setVisible(self._chips.count() > 0)

    def _chip(self, text: str, clicked: functools.partial[None], *, is_used: bool) -> QPushButton:
        made = button(text, clicked)
        made.setObjectName("filter")
        restyle(made, used=is_used)
        self._chips.addWidget(made)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = ROOM_FOR_TEXT + ROOM_FOR_FILTER * len(self.choices.combos)
        is_narrow = not self._folds and self.width() < room
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._bar.removeItem(self._filters)
            self._bar.addLayout(self._filters, *((1, 0, 1, 5) if is_narrow else (0, 1, 1, 1)))
