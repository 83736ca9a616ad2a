"""表格条件: which records a form is about: ages, and a few fields."""

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QSpinBox, QWidget

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain import filters
from sqzl_desktop.domain.filters import CHOICES, Choice, Filter
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.codec import decode, encode
from sqzl_desktop.schema.kind import Column
from sqzl_desktop.services import form_sources
from sqzl_desktop.ui.widgets.condition_strip import value_editor
from sqzl_desktop.ui.widgets.field_editors import FieldEditor
from sqzl_desktop.ui.widgets.parts import label, row

MOST = 3
OLDEST = 130
Condition = tuple[str, str, Any]
_LEFT_OUT = ("ref", "location", "outline", "moment")


class _ConditionLine(QWidget):
    """A field, how it is compared, with what; the same choices as above a list."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = BY_NAME[kind]
        self._field, self._choices = QComboBox(), QComboBox()
        self._field.addItem("（不限）", "")
        self._field.setMaxVisibleItems(18)
        for each in self._kind.columns:
            if each.type not in _LEFT_OUT:
                self._field.addItem(each.label, each.name)
        self._value: FieldEditor | None = None
        self._box = row(self._field, self._choices)
        self.setLayout(self._box)
        self._field.currentIndexChanged.connect(lambda _index: self._take_field())
        self._choices.currentIndexChanged.connect(lambda _index: self._take_choice())
        self._take_field()

    def _column(self) -> Column | None:
        name = str(self._field.currentData())
        return self._kind.column(name) if name else None

    def _choice(self, column: Column) -> Choice:
        return CHOICES[column.type][max(self._choices.currentIndex(), 0)]

    def _take_field(self) -> None:
        found = self._column()
        if self._value is not None:
            self._box.removeWidget(self._value)
            self._value.deleteLater()
        self._value = value_editor(found) if found else None
        if self._value is not None:
            self._box.addWidget(self._value, 1)
        with QSignalBlocker(self._choices):
            self._choices.clear()
            for each in CHOICES[found.type] if found else ():
                self._choices.addItem(each.label)
        self._choices.setVisible(found is not None)
        self._take_choice()

    def _take_choice(self) -> None:
        found = self._column()
        if self._value is not None and found is not None:
            self._value.setVisible(self._choice(found).needs_value)

    @property
    def condition(self) -> Condition | None:
        """What is asked; UserError where the value is none of the field's."""
        found = self._column()
        if found is None:
            return None
        choice = self._choice(found)
        value = self._value.value() if self._value and choice.needs_value else ""
        if choice.needs_value and value in ("", None):
            raise UserError(f"请填写“{found.label}”的条件")
        made = filters.chosen(found.name, found.type, choice, value)
        return made.field, made.operator, encode(made.value)

    def show_condition(self, condition: Condition) -> None:
        """Show what is asked."""
        field, sign, value = condition
        self._field.setCurrentIndex(max(self._field.findData(field), 0))
        found = self._column()
        if found is None:
            return
        asked = Filter(field, sign, value)  # type: ignore[arg-type]
        choice = filters.choice_of(asked, found.type)
        if choice is not None:
            self._choices.setCurrentIndex(CHOICES[found.type].index(choice))
        if self._value is not None and value not in ("", True):
            is_code = found.type in ("code", "many")
            self._value.show_value(value if is_code else decode(found, value))


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
        """What is asked of fields; UserError where a value cannot be read."""
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
