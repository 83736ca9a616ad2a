"""类别表单: one class of cases: who is responsible, how long it may take, what must be so."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.case_classes import ClassBook, olden
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.case_class import CASE_CLASS, CaseClass
from sqzl_desktop.domain.working_time import Calendar
from sqzl_desktop.services import class_editing
from sqzl_desktop.ui.widgets.parts import card, clear, column, fact, holder, label, restyle, row
from sqzl_desktop.ui.widgets.phase_rows import PhaseRows, StageLimits

PHASES = ("phases", "phases_urgent", "phases_very_urgent")
_WITHOUT = {"phases": "不限", "phases_urgent": "同一般", "phases_very_urgent": "同紧急"}
_NOTES = ("filing_condition", "closing_condition", "remark")
_NOTE_HEIGHT = 62


class ClassForm(QWidget):
    """Shows a class and gives it back as it stands in the fields; `typed` says that a person
    changed something."""

    typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._class = CaseClass()
        self._calendar = Calendar()
        self._now: dt.datetime | None = None
        self._shown = False
        self.code, self.name, self.handler = _line("代码"), _line("名称"), _line("责任单位")
        self.category, self.above = QComboBox(), QComboBox()
        self.replaced_by = QComboBox()
        self.retired = QCheckBox("停用（上报时不再出现，老案件不受影响）")
        self.phases = {name: PhaseRows(_caption(name), _WITHOUT[name]) for name in PHASES}
        self.stages = StageLimits()
        self.notes = {name: _note(_caption(name)) for name in _NOTES}
        self._wrong = {name: label("", "problem", wrap=True) for name in (*PHASES, "stage_limits")}
        self._preview = column(gap=4)
        self._olden = label("", "small", wrap=True)
        for entry in code_list("case_category").codes:
            self.category.addItem(entry.name, entry.code)
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        named = row(_field("代码", self.code), _field("名称", self.name), gap=8)
        named.setStretch(0, 1)
        named.setStretch(1, 3)
        for each in self._wrong.values():
            each.hide()
        limits = column(gap=6)
        for name, rows in self.phases.items():
            limits.addWidget(label(_caption(name), "soft"))
            limits.addWidget(rows)
            limits.addWidget(self._wrong[name])
        left = column(
            named,
            row(_field("大类", self.category), _field("上级类别", self.above), gap=8),
            _field("责任单位", self.handler), 4, label("办理时限", "section"), limits, 4,
            label("各环节时限", "section"), self.stages, self._wrong["stage_limits"], None, gap=6,
        )  # fmt: skip
        right = column(gap=6)
        for name, box in self.notes.items():
            right.addWidget(_field(_caption(name), box))
        right.addWidget(self.retired)
        self._into = _field("停用后归入", self.replaced_by)
        right.addWidget(self._into)
        right.addSpacing(4)
        right.addWidget(card(self._preview, padding=12))
        right.addWidget(self._olden)
        right.addStretch(1)
        both = row(holder(left), holder(right), gap=20)
        both.setStretch(0, 1)
        both.setStretch(1, 1)
        both.setContentsMargins(16, 12, 16, 12)
        scroll = QScrollArea()
        scroll.setWidget(holder(both))
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.setLayout(column(scroll))

    def _listen(self) -> None:
        for line in (self.code, self.name, self.handler):
            line.textEdited.connect(lambda _text: self._touched())
        for box in (self.category, self.above, self.replaced_by):
            box.activated.connect(lambda _at: self._touched())
        for rows in self.phases.values():
            rows.changed.connect(self._touched)
        self.stages.changed.connect(self._touched)
        for note in self.notes.values():
            note.textChanged.connect(self._touched)
        self.retired.toggled.connect(lambda _on: self._touched())

    def set_surroundings(self, book: ClassBook, calendar: Calendar, now: dt.datetime) -> None:
        """By which classes and calendar the preview counts, from when."""
        self._calendar, self._now = calendar, now
        majors = [each for each in book.current if not each.parent]
        _fill(self.above, [("", "（大类）"), *((e.code, e.name) for e in majors)])
        leaves = [(each.code, f"{each.code} {each.name}") for each in book.leaves()]
        _fill(self.replaced_by, [("", "（不指定）"), *leaves])

    def show_class(self, shown: CaseClass, *, is_new: bool, locked: bool) -> None:
        """Show a class; nobody is told."""
        self._shown = False
        self._class = shown
        self.code.setText(shown.code)
        self.name.setText(shown.name)
        self.handler.setText(shown.handler)
        for box, value in ((self.category, shown.category), (self.above, shown.parent),
                           (self.replaced_by, shown.replaced_by)):  # fmt: skip
            box.setCurrentIndex(max(box.findData(value), 0))
        for name, rows in self.phases.items():
            rows.show_text(getattr(shown, name))
            rows.set_locked(locked=locked)
        self.stages.show_text(shown.stage_limits)
        for name, note in self.notes.items():
            note.setPlainText(getattr(shown, name))
            note.setReadOnly(locked)
        self.retired.setChecked(shown.is_retired)
        older = olden(shown.code)
        self._olden.setText(f"旧标准中的类别：{older}" if older else "")
        self.code.setReadOnly(not is_new)
        for each in (self.name, self.handler):
            each.setReadOnly(locked)
        for part in (self.category, self.above, self.replaced_by, self.stages, self.retired):
            part.setEnabled(not locked)
        self._shown = True
        self._look()

    def value(self) -> CaseClass:
        """The class as it stands in the fields."""
        values: dict[str, Any] = {name: rows.text() for name, rows in self.phases.items()}
        values |= {name: note.toPlainText().strip() for name, note in self.notes.items()}
        is_retired = self.retired.isChecked()
        return dataclasses.replace(
            self._class,
            code=self.code.text().strip().upper(),
            name=self.name.text().strip(),
            handler=self.handler.text().strip(),
            category=str(self.category.currentData() or ""),
            parent=str(self.above.currentData() or ""),
            stage_limits=self.stages.text(),
            is_retired=is_retired,
            replaced_by=str(self.replaced_by.currentData() or "") if is_retired else "",
            **values,
        )

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Sentences beside the limits they are about."""
        for name, said in self._wrong.items():
            said.setText(problems.get(name, ""))
            said.setVisible(name in problems)
        restyle(self.name, wrong="name" in problems)

    def _touched(self) -> None:
        if self._shown:
            self._look()
            self.typed.emit()

    def _look(self) -> None:
        """What is wrong with the limits as typed, and until when a case would be due."""
        if self._now is None:
            return
        value = self.value()
        problems = CASE_CLASS.errors(value, self._now.date())
        self.show_problems(problems)
        self._into.setVisible(value.is_retired)
        clear(self._preview)
        self._preview.addWidget(label("如果现在立案，到期时间", "section"))
        if problems:
            self._preview.addWidget(label("时限填写正确后显示", "soft"))
            return
        try:
            lines = class_editing.preview(value, self._calendar, self._now)
        except Refused as refused:
            self._preview.addWidget(label(str(refused), "problem", wrap=True))
            return
        for name, sentence in lines:
            self._preview.addLayout(fact(name, sentence.replace("；", "\n"), width=40))


def _caption(name: str) -> str:
    return CASE_CLASS.column(name).label


def _line(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    return made


def _note(name: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    made.setFixedHeight(_NOTE_HEIGHT)
    return made


def _field(name: str, part: QWidget) -> QWidget:
    if not part.accessibleName():
        part.setAccessibleName(name)
    return holder(column(label(name, "soft"), part, gap=2))


def _fill(box: QComboBox, choices: Sequence[tuple[str, str]]) -> None:
    kept = box.currentData()
    box.clear()
    for code, name in choices:
        box.addItem(name, code)
    box.setCurrentIndex(max(box.findData(kept), 0))
