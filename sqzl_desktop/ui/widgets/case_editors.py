"""办理字段: the editors a step of a case needs beside those of every form."""

import functools
from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit

from sqzl_desktop.domain.kinds.case import CASE
from sqzl_desktop.domain.kinds.grid import Grid
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services import case_work, class_choice
from sqzl_desktop.services.finding import Hit
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import FieldEditor, editor
from sqzl_desktop.ui.widgets.offered_line import Ask, OfferedLine


class OfferedEditor(FieldEditor):
    """A class or another case: typed, and picked from what is offered."""

    def __init__(self, desk: Desk, name: str, hint: str, ask: Ask) -> None:
        super().__init__(CASE.column(name))
        self.picked = OfferedLine(desk, self.column.label, hint, ask)
        self.picked.typed.connect(self.changed)
        self._place(self.picked)

    def value(self) -> str:
        if self.picked.text and self.picked.hit is None:
            raise Unreadable(
                f"没有选定{self.column.label}“{self.picked.text}”，请从候选中选择，或清空"
            )
        return self.picked.hit.id if self.picked.hit else ""

    def show_value(self, value: Any) -> None:
        self.show_named(value, "…")

    def show_named(self, value: str, title: str) -> None:
        """Put a record in under the name people know it by."""
        self.picked.show_hit(Hit("", value, title, "") if value else None)

    def input(self) -> QLineEdit:
        return self.picked.line


class HandlerEditor(FieldEditor):
    """Whom it is given to: typed freely, those who had cases lately are offered."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(CASE.column("handler"))
        self.kind = ""
        self.picked = OfferedLine(
            desk, "承办单位或人员", "单位或人员名称", functools.partial(self._ask, desk)
        )
        self.picked.typed.connect(self.changed)
        self._place(self.picked)

    def _ask(self, desk: Desk, text: str) -> Sequence[Hit]:
        known = case_work.handlers(desk.ws, self.kind)
        return [Hit("", each, each, "") for each in known if text in each][:8]

    def value(self) -> str:
        return self.picked.text

    def show_value(self, value: Any) -> None:
        self.picked.show_hit(None, value)

    def input(self) -> QLineEdit:
        return self.picked.line


class GridEditor(FieldEditor):
    """One of the other grids of the community."""

    def __init__(self) -> None:
        super().__init__(CASE.column("handler_grid_id"))
        self._combo = QComboBox()
        self._combo.addItem("请选择网格", "")
        self.is_offered = False
        self._combo.activated.connect(lambda _at: self.changed.emit())
        self._place(self._combo)

    def offer(self, grids: Sequence[Grid]) -> None:
        """Let one of these be chosen; what was chosen stays so."""
        kept = self.value()
        self.is_offered = True
        self._combo.clear()
        self._combo.addItem("请选择网格", "")
        for each in grids:
            self._combo.addItem(each.name, each.id)
        self.show_value(kept)

    @property
    def title(self) -> str:
        """What the chosen grid is called."""
        return self._combo.currentText() if self.value() else ""

    def value(self) -> str:
        return str(self._combo.currentData() or "")

    def show_value(self, value: Any) -> None:
        if value and self._combo.findData(value) < 0:
            self._combo.addItem("…", value)
        self._combo.setCurrentIndex(max(self._combo.findData(value), 0))

    def input(self) -> QComboBox:
        return self._combo


def step_editor(desk: Desk, name: str) -> FieldEditor:
    """The editor of one field of a step."""
    ws = desk.ws
    match name:
        case "class_code":
            return OfferedEditor(desk, name, "名称或拼音首字母，如 lddw",
                                 lambda text: class_choice.hits(ws, text))  # fmt: skip
        case "merged_into":
            return OfferedEditor(desk, name, "案件编号、标题或地点",
                                 lambda text: case_work.kept_hits(ws, text))  # fmt: skip
        case "handler":
            return HandlerEditor(desk)
        case "handler_grid_id":
            return GridEditor()
        case _:
            return editor(CASE.column(name), lambda _kind: None)


def text_of(each: FieldEditor) -> str:
    """What stands in an editor, to be kept as a draft."""
    if isinstance(each, OfferedEditor):
        return f"{each.picked.hit.id}\n{each.picked.text}" if each.picked.hit else ""
    box = each.input()
    if isinstance(box, QLineEdit):
        return box.text()
    try:
        return str(each.value() or "")
    except Unreadable:
        return ""


def put_text(each: FieldEditor, text: str) -> None:
    """Put back what was kept."""
    box = each.input()
    if isinstance(each, OfferedEditor):
        record_id, _, title = text.partition("\n")
        each.show_named(record_id, title)
    elif isinstance(box, QLineEdit):
        box.setText(text)
    else:
        each.show_value(text)
