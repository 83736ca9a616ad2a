"""字段编辑器: one editor for each type of field. All speak values, all say when they changed."""

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.schema.codec import Unreadable, cell_text, parse_cell
from sqzl_desktop.schema.kind import Column
from sqzl_desktop.services.finding import Hit
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.widgets.offering import Offering
from sqzl_desktop.ui.widgets.parts import clear, restyle

_DAY = re.compile(r"^(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?$")


class FieldEditor(QWidget):
    """The editor of one field."""

    changed = Signal()

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column
        self.offering: Offering | None = None
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)

    def value(self) -> Any:
        """What is in it; Unreadable where it cannot be a value of the field."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Put a value in."""
        raise NotImplementedError

    def input(self) -> QWidget:
        """The widget that takes the keyboard."""
        raise NotImplementedError

    def mark(self, *, wrong: bool, doubtful: bool) -> None:
        """Colour the input."""
        restyle(self.input(), wrong=wrong, doubtful=doubtful)

    def _place(self, widget: QWidget) -> None:
        self._box.addWidget(widget, 1)
        self.setFocusProxy(widget)


class LineEditor(FieldEditor):
    """Text, numbers, days, moments, places: one line, read by the field's own rules."""

    def __init__(self, column: Column) -> None:
        super().__init__(column)
        self._line = QLineEdit()
        self._line.setPlaceholderText(_HINTS.get(column.type, ""))
        self._line.textEdited.connect(lambda _text: self.changed.emit())
        self._place(self._line)
        if column.format == "address":
            self.offering = Offering(self._line)
            self.offering.chosen.connect(self._take)

    def value(self) -> Any:
        return parse_cell(self.column, _usual(self.column, self._line.text()), code_list)

    def show_value(self, value: Any) -> None:
        self._line.setText(cell_text(self.column, value, code_list))
        self._line.setCursorPosition(0)  # the beginning tells more than the end

    def input(self) -> QLineEdit:
        return self._line

    def _take(self, hit: Hit) -> None:
        self._line.setText(hit.title)
        self.changed.emit()


_HINTS = {"date": "例如 20260701", "moment": "例如 2026-07-01 19:00", "location": "经度, 纬度"}


def _usual(column: Column, text: str) -> str:
    found = _DAY.match(text.strip())
    if column.type == "date" and found:
        year, month, day = found.groups()
        return f"{year}-{int(month):02d}-{int(day):02d}"
    return text


class NoteEditor(FieldEditor):
    """Several lines of text."""

    def __init__(self, column: Column) -> None:
        super().__init__(column)
        self._text = QPlainTextEdit()
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(92)
        self._text.textChanged.connect(self.changed)
        self._place(self._text)

    def value(self) -> str:
        return self._text.toPlainText()

    def show_value(self, value: Any) -> None:
        self._text.blockSignals(True)
        self._text.setPlainText(value)
        self._text.blockSignals(False)

    def input(self) -> QPlainTextEdit:
        return self._text


class CodeEditor(FieldEditor):
    """One code of a list; typing any part of a name finds it."""

    def __init__(self, column: Column) -> None:
        super().__init__(column)
        self._combo = QComboBox()
        self._combo.setLineEdit(QLineEdit(self._combo))  # setEditable makes the list it drops, too
        self._combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._combo.addItem("", "")
        for code in code_list(column.facts.codes).codes:
            self._combo.addItem(code.name, code.code)
        completer = QCompleter(self._combo.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._combo.setCompleter(completer)
        self._combo.setMinimumContentsLength(6)
        self._combo.currentTextChanged.connect(lambda _text: self.changed.emit())
        self._combo.wheelEvent = lambda event: event.ignore()  # type: ignore[method-assign]
        self._place(self._combo)

    def value(self) -> str:
        text = self._combo.currentText().strip()
        return str(parse_cell(self.column, text, code_list))

    def show_value(self, value: Any) -> None:
        self._combo.blockSignals(True)
        position = self._combo.findData(value)
        self._combo.setCurrentIndex(max(position, 0))
        if position < 0 and value:
            self._combo.setEditText(value)
        self._combo.blockSignals(False)

    def input(self) -> QComboBox:
        return self._combo


class FlagEditor(FieldEditor):
    """Yes or no."""

    def __init__(self, column: Column) -> None:
        super().__init__(column)
        self._check = QCheckBox("是")
        self._check.toggled.connect(lambda _on: self.changed.emit())
        self._place(self._check)

    def value(self) -> bool:
        return self._check.isChecked()

    def show_value(self, value: Any) -> None:
        self._check.blockSignals(True)
        self._check.setChecked(bool(value))
        self._check.blockSignals(False)

    def input(self) -> QCheckBox:
        return self._check


class TagsEditor(FieldEditor):
    """A set of codes as chips that are switched on and off."""

    def __init__(self, column: Column) -> None:
        super().__init__(column)
        self._chosen: set[str] = set()
        self._add = QComboBox()
        self._add.activated.connect(self._added)
        self._chips = QVBoxLayout()
        self._chips.setSpacing(4)
        inner = QVBoxLayout()
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._add)
        inner.addLayout(self._chips)
        self._box.addLayout(inner)
        self.setFocusProxy(self._add)

    def value(self) -> tuple[str, ...]:
        return tuple(sorted(self._chosen))

    def show_value(self, value: Any) -> None:
        self._chosen = set(value)
        self._draw()

    def input(self) -> QComboBox:
        return self._add

    def _draw(self) -> None:
        codes = code_list(self.column.facts.codes)
        self._add.clear()
        self._add.addItem("添加…", "")
        for code in codes.codes:
            if code.code not in self._chosen:
                self._add.addItem(code.name, code.code)
        clear(self._chips)
        line: QHBoxLayout | None = None
        for place, chosen in enumerate(sorted(self._chosen)):
            if line is None or place % 3 == 0:
                line = QHBoxLayout()
                line.setSpacing(6)
                self._chips.addLayout(line)
            line.addWidget(self._chip(chosen, codes.label(chosen)))
        if line is not None:
            line.addStretch(1)

    def _chip(self, code: str, text: str) -> QPushButton:
        chip = QPushButton(text)
        chip.setIcon(theme.icon("close"))
        chip.setIconSize(QSize(12, 12))
        chip.setToolTip(f"去掉“{text}”")
        chip.clicked.connect(lambda _checked=False: self._removed(code))
        return chip

    def _added(self, _position: int) -> None:
        code = self._add.currentData()
        if code:
            self._chosen.add(code)
            self._draw()
            self.changed.emit()

    def _removed(self, code: str) -> None:
        self._chosen.discard(code)
        self._draw()
        self.changed.emit()


class OutlineEditor(FieldEditor):
    """An outline is drawn on the map; here it is only said how many corners it has."""

    def __init__(self, column: Column) -> None:
        super().__init__(column)
        self._outline = ""
        self._line = QLineEdit()
        self._line.setReadOnly(True)
        self._line.setPlaceholderText("在网格地图中绘制")
        self._place(self._line)

    def value(self) -> str:
        return self._outline

    def show_value(self, value: Any) -> None:
        self._outline = value
        self._line.setText(cell_text(self.column, value, code_list))
        self._line.setCursorPosition(0)  # the beginning tells more than the end

    def input(self) -> QLineEdit:
        return self._line


Picker = Callable[[str], tuple[str, str] | None]


class RefEditor(FieldEditor):
    """Another record, shown by its title: typed and picked from what is offered, or searched."""

    def __init__(self, column: Column, pick: Picker) -> None:
        super().__init__(column)
        self._id = ""
        self._pick = pick
        self._line = QLineEdit()
        self._line.setPlaceholderText("输入名称、拼音或地址查找")
        self._line.textEdited.connect(self._typed)
        self.offering = Offering(self._line)
        self.offering.chosen.connect(lambda hit: self._set(hit.id, hit.title))
        choose, empty = QPushButton("选择…"), QPushButton()
        empty.setIcon(theme.icon("close"))
        empty.setToolTip("清空")
        empty.setFixedWidth(36)
        for each in (choose, empty):
            each.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab goes from field to field
        choose.clicked.connect(lambda _checked=False: self._choose())
        empty.clicked.connect(lambda _checked=False: self._set("", ""))
        self._place(self._line)
        self._box.addWidget(choose)
        self._box.addWidget(empty)

    def value(self) -> str:
        text = self._line.text().strip()
        if text and not self._id:
            raise Unreadable(f"没有选定{self.column.label}“{text}”，请从候选中选择，或清空")
        return self._id

    def show_value(self, value: Any) -> None:
        self._id = value
        self._line.setText("…" if value else "")

    @property
    def record_id(self) -> str:
        """The chosen record; "" while something is typed that is none yet."""
        return self._id

    def show_title(self, title: str) -> None:
        """What the chosen record is called."""
        self._line.setText(title)
        self._line.setCursorPosition(0)

    def input(self) -> QLineEdit:
        return self._line

    def _typed(self, _text: str) -> None:
        self._id = ""
        self.changed.emit()

    def _choose(self) -> None:
        found = self._pick(self.column.facts.target)
        if found:
            self._set(*found)

    def _set(self, record_id: str, title: str) -> None:
        self._id = record_id
        self.show_title(title)
        self.changed.emit()


def editor(column: Column, pick: Picker) -> FieldEditor:
    """The editor that fits a field."""
    match column.type:
        case "note":
            return NoteEditor(column)
        case "code":
            return CodeEditor(column)
        case "flag":
            return FlagEditor(column)
        case "many":
            return TagsEditor(column)
        case "ref":
            return RefEditor(column, pick)
        case "outline":
            return OutlineEditor(column)
        case _:
            return LineEditor(column)
