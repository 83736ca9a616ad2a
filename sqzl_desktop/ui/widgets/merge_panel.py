"""合并重复: records of one person side by side; one is kept, field by field the value that is."""

import functools

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QRadioButton, QWidget

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.services import merging
from sqzl_desktop.services.merging import Comparison
from sqzl_desktop.services.moves import Done
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, holder, label, row, rule

_NARROW = 84
_EMPTY = "（空）"


class MergePanel(QFrame):
    """Reads the records when it is made; says `merged` when that is done."""

    merged = Signal()

    def __init__(self, desk: Desk, ids: tuple[str, ...]) -> None:
        super().__init__()
        self._desk, self._ids = desk, ids
        self._found: Comparison | None = None
        self._kept = QButtonGroup(self)
        self._choices: dict[str, QButtonGroup] = {}
        self._body = column(gap=12)
        self.setLayout(self._body)
        self._read(reveal=False)

    def _read(self, *, reveal: bool) -> None:
        ws, ids = self._desk.ws, self._ids
        self._desk.run(self, lambda: merging.compare(ws, ids, reveal=reveal), self._show)

    def _show(self, found: Comparison) -> None:
        chosen = self._chosen() if self._found else {}
        kept = self._kept.checkedId() if self._found else 0
        self._found = found
        while (item := self._body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._kept, self._choices = QButtonGroup(self), {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for side in range(len(found.ids)):
            grid.setColumnStretch(side + 1, 1)
        self._head(grid, found, kept)
        for line, each in enumerate(found.lines, 3):
            grid.addWidget(_caption(each.label), line, 0)
            group = self._choices[each.field] = QButtonGroup(self)
            for side, text in enumerate(each.texts):
                self._radio(grid, group, (line, side), text or _EMPTY)
            group.button(chosen.get(each.field, each.proposed)).setChecked(True)
        self._body.addWidget(holder(grid))
        self._body.addWidget(self._foot(found))

    def _head(self, grid: QGridLayout, found: Comparison, kept: int) -> None:
        grid.addWidget(_caption("保留"), 0, 0)
        grid.addWidget(_caption("关联"), 1, 0)
        for side, (record_id, name) in enumerate(zip(found.ids, found.names, strict=True)):
            open_it = functools.partial(self._desk.bus.open_requested.emit, "resident", record_id)
            self._radio(grid, self._kept, (0, side), name)
            beside = row(label(found.beside[side], "small", wrap=True), gap=4)
            beside.addWidget(button("打开", open_it, look="flat", tip=f"打开{name}的居民卡"))
            beside.setStretch(0, 1)
            grid.addLayout(beside, 1, side + 1)
        self._kept.button(kept).setChecked(True)
        grid.addWidget(rule(), 2, 0, 1, len(found.ids) + 1)

    def _radio(
        self, grid: QGridLayout, group: QButtonGroup, place: tuple[int, int], text: str
    ) -> None:
        made = QRadioButton(text)
        made.setToolTip(text)
        made.setMinimumWidth(120)
        group.addButton(made, place[1])
        grid.addWidget(made, place[0], place[1] + 1)

    def _foot(self, found: Comparison) -> QWidget:
        foot = row(button("合并（M）", self.merge, icon="check", look="primary"), gap=8)
        if any(each.is_sensitive for each in found.lines):
            show = functools.partial(self._read, reveal=True)
            foot.addWidget(button("显示完整内容", show, icon="eye", tip="会记入审计"))
        foot.addStretch(1)
        return holder(foot)

    def _chosen(self) -> dict[str, int]:
        return {field: group.checkedId() for field, group in self._choices.items()}

    def merge(self) -> None:
        """Merge as chosen; what is not chosen stays in the history of the other record."""
        found = self._found
        if found is None:
            return
        kept = self._kept.checkedId()
        order = [kept, *(side for side in range(len(found.ids)) if side != kept)]
        ids = [found.ids[side] for side in order]
        choices = {field: order.index(side) for field, side in self._chosen().items()}
        self.setEnabled(False)  # twice in a row would be refused
        self._desk.run(
            self,
            lambda: merging.merge(self._desk.ws, ids, choices),
            self._done,
            self._refused,
        )

    def _refused(self, error: UserError) -> None:
        self.setEnabled(True)
        self._desk.complain(error)

    def _done(self, done: Done) -> None:
        self._desk.bus.changed.emit(done.kinds)
        self._desk.bus.done.emit(done.sentence, done.group)
        self.merged.emit()


def _caption(text: str) -> QWidget:
    made = label(text, "soft", wrap=True)
    made.setFixedWidth(_NARROW)
    return made
