"""条件: a field, how it is compared, with what; added one by one, kept under a name."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain import filters
from sqzl_desktop.domain.filters import CHOICES, Choice
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import CodeEditor, FieldEditor, editor
from sqzl_desktop.ui.widgets.flow_layout import FlowLayout
from sqzl_desktop.ui.widgets.parts import button, label


class ConditionStrip(QWidget):
    """Hidden until somebody wants to put a condition."""

    added = Signal(object)  # a Filter
    keep_wanted = Signal(str)  # under which name

    def __init__(self, desk: Desk, kind: Kind[Any]) -> None:
        super().__init__()
        self._desk = desk
        self._kind = kind
        self._fields, self._choices = QComboBox(), QComboBox()
        for each in kind.columns:
            if each.name != "community_id":
                self._fields.addItem(each.label, each.name)
        self._fields.setAccessibleName("字段")
        self._choices.setAccessibleName("比较方式")
        self._fields.setMaxVisibleItems(16)
        self._value: FieldEditor | None = None
        self._name = QLineEdit()
        self._name.setPlaceholderText("筛选的名称")
        self._name.setFixedWidth(140)
        self._flow = FlowLayout()
        self._add = button("添加条件", self.add, icon="plus")
        keep = button("保存筛选", lambda: self.keep_wanted.emit(self._name.text()))
        for part in (self._fields, self._choices, self._add, label("　"), self._name, keep):
            self._flow.addWidget(part)
        self.setLayout(self._flow)
        self._fields.currentIndexChanged.connect(lambda _index: self._show_field())
        self._choices.currentIndexChanged.connect(lambda _index: self._show_choice())
        self._show_field()

    @property
    def column(self) -> Column:
        """The field a condition is put on."""
        return self._kind.column(self._fields.currentData())

    def add(self) -> None:
        """Put the condition; what was entered wrong is said."""
        choice = self._choice()
        try:
            value = self._value.value() if self._value and choice.needs_value else ""
        except UserError as error:
            self._desk.complain(error)
            return
        if choice.needs_value and value in ("", None):
            self._desk.complain(UserError(f"请填写{self.column.label}的内容，再添加条件"))
            return
        self.added.emit(filters.chosen(self.column.name, self.column.type, choice, value))
        if self._value:
            self._value.show_value(self.column.default)

    def forget_name(self) -> None:
        """It has been kept."""
        self._name.clear()

    def _choice(self) -> Choice:
        return CHOICES[self.column.type][self._choices.currentIndex()]

    def _show_field(self) -> None:
        with QSignalBlocker(self._choices):
            self._choices.clear()
            for each in CHOICES[self.column.type]:
                self._choices.addItem(each.label)
        if self._value is not None:
            self._flow.removeWidget(self._value)
            self._value.deleteLater()
        self._value = value_editor(self.column)
        if self._value is not None:
            self._value.setFixedWidth(180)
            self._flow.insert(2, self._value)
        self._show_choice()

    def _show_choice(self) -> None:
        if self._value is not None:
            self._value.setVisible(self._choice().needs_value)


def value_editor(column: Column) -> FieldEditor | None:
    """The editor of what a field is compared with; None where nothing is asked for."""
    if not any(each.needs_value for each in CHOICES[column.type]):
        return None
    return CodeEditor(column) if column.type == "many" else editor(column, lambda _kind: None)
