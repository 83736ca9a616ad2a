"""新居民的住房: where somebody who is being registered lives; saved together with the person."""

import datetime as dt
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import people
from sqzl_desktop.services.newest import save_over
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import FieldEditor, Picker, editor
from sqzl_desktop.ui.widgets.offering import serve
from sqzl_desktop.ui.widgets.parts import column, label

_FIELDS = ("dwelling_id", "kind_of_stay", "from_on")


class NewHome(QFrame):
    """A dwelling, how and since when; without a dwelling the person alone is saved."""

    chosen = Signal(str)  # the dwelling, "" for none

    def __init__(self, desk: Desk, pick: Picker) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("card")
        kind = BY_NAME["residence"]
        self.fields: dict[str, FieldEditor] = {
            name: editor(kind.column(name), pick) for name in _FIELDS
        }
        home = self.fields["dwelling_id"]
        if home.offering is not None:
            serve(desk, home.offering, "dwelling")
        self._problem = label("", "problem", wrap=True)
        self._home: dict[str, Any] = {}
        self._is_wrong = False
        inside = column(
            label("新居民", "section"),
            label("填写右侧的基本信息。住房在这里选，例如输入 3-2-401；保存时一并登记入住，"
                  "不知道可以以后办理。", "soft", wrap=True),
            4, label("住房", "soft"), home,
            label("居住方式", "soft"), self.fields["kind_of_stay"],
            label("入住日期", "soft"), self.fields["from_on"],
            self._problem, gap=6,
        )  # fmt: skip
        inside.setContentsMargins(16, 16, 16, 16)
        self.setLayout(inside)
        for each in self.fields.values():
            each.changed.connect(self._read)
        home.changed.connect(lambda: self.chosen.emit(self.dwelling_id))

    @property
    def dwelling_id(self) -> str:
        """The chosen dwelling; "" for none."""
        return str(self._home.get("dwelling_id", ""))

    def begin(self, today: dt.date) -> None:
        """Another person is registered."""
        for name, each in self.fields.items():
            each.show_value(today if name == "from_on" else "")
        self._read()

    def save(self, ws: Workspace, shown: Element, edited: Element) -> Element:
        """In the background: the person, and where they live, in one action."""
        home, is_wrong = self._home, self._is_wrong
        if shown.id or not isinstance(edited, Resident):
            return save_over(ws, shown, edited)
        if is_wrong:
            raise UserError("住房没有选定或日期不对，请看左边的提示；不登记住房就清空")
        if not home.get("dwelling_id"):
            return save_over(ws, shown, edited)
        return people.move_in(ws, edited, **home)[0]

    def _read(self) -> None:
        try:
            self._home = {name: each.value() for name, each in self.fields.items()}
            self._is_wrong = False
            self._problem.setText("")
        except Unreadable as error:
            self._home = {}
            self._is_wrong = True
            self._problem.setText(str(error))
