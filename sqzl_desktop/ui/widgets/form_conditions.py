"""表格条件: which records a form is about: ages, and a few fields."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QSpinBox, QStackedWidget, QWidget

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.codec import Unreadable, encode, parse_cell
from sqzl_desktop.schema.kind import Column
from sqzl_desktop.services import form_sources
from sqzl_desktop.ui.widgets.parts import label, row

MOST = 3
OLDEST = 130
Condition = tuple[str, str, Any]
_OPERATORS = {
    "code": (("是", "="), ("不是", "!="), ("没有填", "empty")),
    "many": (("包含", "has"),),
    "text": (("包含", "contains"), ("是", "="), ("没有填", "empty")),
    "date": (("不早于", ">="), ("不晚于", "<="), ("没有填", "empty")),
    "number": (("不小于", ">="), ("不大于", "<="), ("是", "=")),
    "flag": (("是", "="),),
}
_LIKE = {"note": "text", "decimal": "number", "moment": "date"}
_LEFT_OUT = ("ref", "location", "outline", "moment")


class _ConditionLine(QWidget):
    """A field, how it is compared, with what."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = BY_NAME[kind]
        self._field, self._operator = QComboBox(), QComboBox()
        self._field.addItem("（不限）", "")
        self._field.setMaxVisibleItems(18)
        for each in self._kind.columns:
            if each.type not in _LEFT_OUT:
                self._field.addItem(each.label, each.name)
        self._code, self._text = QComboBox(), QLineEdit()
        self._value = QStackedWidget()
        self._value.addWidget(self._code)
        self._value.addWidget(self._text)
        self._value.setFixedHeight(self._text.sizeHint().height() + 4)
        self.setLayout(row(self._field, self._operator, self._value))
        self._field.currentIndexChanged.connect(lambda _index: self._take_field())
        self._take_field()

    def _column(self) -> Column | None:
        name = str(self._field.currentData())
        return self._kind.column(name) if name else None

    def _take_field(self) -> None:
        found = self._column()
        for part in (self._operator, self._value):
            part.setVisible(found is not None)
        if found is None:
            return
        self._operator.clear()
        for words, sign in _OPERATORS[_LIKE.get(found.type, found.type)]:
            self._operator.addItem(words, sign)
        self._code.clear()
        for each in code_list(found.facts.codes).codes if found.facts.codes else ():
            self._code.addItem(each.name, each.code)
        self._value.setCurrentWidget(self._code if found.facts.codes else self._text)
        self._value.setVisible(found.type != "flag")
        self._text.setPlaceholderText("2026-07-01" if found.type == "date" else "")

    @property
    def condition(self) -> Condition | None:
        """What is asked; Unreadable where the value is none of the field's."""
        found = self._column()
        if found is None:
            return None
        sign = str(self._operator.currentData())
        if sign == "empty":
            return found.name, sign, ""
        if found.facts.codes:
            return found.name, sign, str(self._code.currentData())
        if found.type == "flag":
            return found.name, sign, True
        if sign == "contains":
            return found.name, sign, self._text.text().strip()
        if not self._text.text().strip():
            raise Unreadable(f"请填写“{found.label}”的条件")
        return found.name, sign, encode(parse_cell(found, self._text.text(), code_list))

    def show_condition(self, condition: Condition) -> None:
        """Show what is asked."""
        field, sign, value = condition
        self._field.setCurrentIndex(max(self._field.findData(field), 0))
        self._operator.setCurrentIndex(max(self._operator.findData(sign), 0))
        self._code.setCurrentIndex(max(self._code.findData(value), 0))
        self._text.setText("" if value is True else str(value))


class FormConditions(QWidget):
    """Ages, up to three conditions, and the order."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._lines = [_ConditionLine(kind) for _ in range(MOST)]
        self._from, self._to = _years("从（岁）"), _years("到（岁）")
        self._order = QComboBox()
        self._order.addItem("（登记先后）", "")
        for each in BY_NAME[kind].columns:
            if each.type not in _LEFT_OUT:
                self._order.addItem(each.label, each.name)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        has_age = any(each.field == "=age" for each in form_sources.sources(kind))
        if has_age:
            form.addRow("年龄", row(self._from, label("至"), self._to, None))
        for place, line in enumerate(self._lines, 1):
            form.addRow(f"条件{place}", line)
        form.addRow("排序", row(self._order, None))
        self.setLayout(form)

    @property
    def conditions(self) -> list[Condition]:
        """What is asked of fields; Unreadable where a value cannot be read."""
        return [each for each in (line.condition for line in self._lines) if each]

    @property
    def ages(self) -> tuple[int | None, int | None]:
        """From and to, whole years; None where it does not matter."""
        return self._from.value() or None, self._to.value() or None

    @property
    def order(self) -> str:
        """The field by which rows are sorted, "" as they were registered."""
        return str(self._order.currentData())

    def show_asked(
        self, conditions: list[Condition], ages: tuple[int | None, int | None], order: str
    ) -> None:
        """Show what a form asks."""
        for line, condition in zip(self._lines, conditions, strict=False):
            line.show_condition(condition)
        self._from.setValue(ages[0] or 0)
        self._to.setValue(ages[1] or 0)
        self._order.setCurrentIndex(max(self._order.findData(order), 0))


def _years(words: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(0, OLDEST)
    box.setSpecialValueText("不限")
    box.setAccessibleName(words)
    box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    box.setFixedWidth(80)
    return box
