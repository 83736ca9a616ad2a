"""记录表单: the form of any kind, from its description; says what is wrong while one types."""

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLabel, QMessageBox, QPushButton, QScrollArea, QWidget

from sqzl_desktop.base.errors import Invalid, UserError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Column
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import FieldEditor, Picker, RefEditor, editor
from sqzl_desktop.ui.widgets.masked_field import MaskedField
from sqzl_desktop.ui.widgets.parts import button, column, holder, label, row

_LAST = ("归属",)
WIDE = ("note", "ref", "many")


class RecordForm(QWidget):
    """Shows a record (`shown`), lets it be edited, checks while typing, saves."""

    saved = Signal(object)
    dirty_changed = Signal(bool)

    def __init__(self, desk: Desk, kind: str, pick: Picker, *, columns: int = 2) -> None:
        super().__init__()
        self._desk = desk
        self._kind = BY_NAME[kind]
        self._pick = pick
        self._columns = columns
        self.shown: Element = elements.blank(desk.ws, kind)
        self._is_dirty = False
        self.editors: dict[str, FieldEditor] = {}
        self.masked: dict[str, MaskedField] = {}
        self.notes: dict[str, QLabel] = {}
        self._sections: dict[str, QWidget] = {}
        self._touched: set[str] = set()
        self._build()
        key = QShortcut(QKeySequence.StandardKey.Save, self)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.save)

    @property
    def is_dirty(self) -> bool:
        """Is there something that was typed and not saved?"""
        return self._is_dirty

    def show_record(self, record: Element) -> None:
        """Put a record into the form."""
        self.shown = record
        self._touched = set()
        for name, each in self.editors.items():
            each.show_value(getattr(record, name))
        self._hide_sensitive()
        self._set_dirty(False)
        self._say({}, {})
        self._show_titles()
        may = elements.may(self._desk.ws, "write", self._kind.name)
        self._save.setEnabled(may)
        for name, each in self.editors.items():
            each.setEnabled(may and not (record.id and name in self._kind.guarded))

    def record(self) -> Element:
        """The record as it stands in the form; Invalid where a text is no value of its field."""
        values: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for name, each in self.editors.items():
            if name in self.masked and self.masked[name].is_covered:
                continue
            try:
                values[name] = each.value()
            except Unreadable as error:
                wrong[name] = str(error)
        if wrong:
            raise Invalid(wrong)
        return dataclasses.replace(self.shown, **values)

    def save(self) -> None:
        """Check, then save in the background. What was typed stays until it is saved."""
        self._touched = set(self.editors)
        try:
            record = self.record()
        except Invalid as error:
            self._say(error.problems, {})
            return
        self._save.setEnabled(False)
        self._desk.run(
            self, lambda: elements.save(self._desk.ws, record), self._was_saved, self._was_refused
        )

    def _was_saved(self, record: Element) -> None:
        self.show_record(record)
        self._desk.say("已存本机")
        self._desk.bus.changed.emit((self._kind.name,))
        self.saved.emit(record)

    def _was_refused(self, error: UserError) -> None:
        self._save.setEnabled(True)
        self._desk.complain(error)
        if isinstance(error, Invalid):
            self._say(error.problems, {})

    def _build(self) -> None:
        self._save = button("保存", self.save, icon="check", look="primary", tip="保存（Ctrl+S）")
        inside = column(gap=8)
        inside.setContentsMargins(0, 0, 8, 0)
        groups = dict.fromkeys(each.facts.group for each in self._kind.columns)
        for group in sorted(groups, key=_LAST.__contains__):
            columns = [each for each in self._kind.columns if each.facts.group == group]
            section = self._section(columns)
            if group:
                inside.addWidget(_fold(group, section))
            inside.addWidget(section)
            self._sections[group] = section
        inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(holder(inside))
        self._state = label("", "soft")
        outside = column(scroll, row(self._save, self._state, None), gap=12)
        outside.setStretch(0, 1)
        self.setLayout(outside)

    def _section(self, columns: list[Column]) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        for each, place in _places(columns, self._columns):
            self._add_field(grid, each, place)
        for side in range(self._columns):
            grid.setColumnStretch(side, 1)
        return holder(grid)

    def _add_field(self, grid: QGridLayout, column: Column, place: tuple[int, int, int]) -> None:
        line, side, span = place
        made = editor(column, self._pick)
        made.changed.connect(lambda name=column.name: self._typed(name))
        self.editors[column.name] = made
        note = label("", "problem", wrap=True)
        note.setMinimumHeight(14)
        self.notes[column.name] = note
        head = row(label(column.label, "soft"), gap=2)
        if column.facts.required:
            head.addWidget(label("*", "required"))
        head.addStretch(1)
        body: QWidget = made
        if column.facts.sensitive:
            masked = MaskedField(made, functools.partial(self._reveal, column.name))
            self.masked[column.name] = body = masked
        grid.addLayout(head, line, side, 1, span)
        grid.addWidget(body, line + 1, side, 1, span)
        grid.addWidget(note, line + 2, side, 1, span)

    def _hide_sensitive(self) -> None:
        for name, field in self.masked.items():
            is_hidden = bool(self.shown.id and getattr(self.shown, name))
            column = self._kind.column(name)
            field.cover(elements.shown(self._desk.ws, self.shown, column) if is_hidden else "")

    def _reveal(self, name: str) -> None:
        record_id = self.shown.id

        def done(_value: str) -> None:
            if self.shown.id == record_id:
                self.masked[name].reveal()

        self._desk.run(
            self,
            lambda: elements.reveal(self._desk.ws, self._kind.name, record_id, name),
            done,
        )

    def _typed(self, name: str) -> None:
        self._touched.add(name)
        self._set_dirty(True)
        try:
            report = elements.check(self._desk.ws, self.record())
        except Invalid as error:
            self._say(error.problems, {})
            return
        self._say(report.problems, report.doubts)

    def _say(self, problems: Mapping[str, str], doubts: Mapping[str, str]) -> None:
        for name, note in self.notes.items():
            wrong = problems.get(name, "") if name in self._touched else ""
            doubt = "" if wrong else doubts.get(name, "")
            note.setText(wrong or doubt)
            note.setObjectName("problem" if wrong else "doubt")
            note.style().polish(note)
            self.editors[name].mark(wrong=bool(wrong), doubtful=bool(doubt))
            if wrong and len(self._touched) == len(self.editors):
                self._sections[self._kind.column(name).facts.group].setVisible(True)

    def _set_dirty(self, is_dirty: bool) -> None:
        self._is_dirty = is_dirty
        self._state.setText("有未保存的修改" if is_dirty else "")
        self.dirty_changed.emit(is_dirty)

    def _show_titles(self) -> None:
        record, ws = self.shown, self._desk.ws
        refs = {
            name: (each.column.facts.target, getattr(record, name))
            for name, each in self.editors.items()
            if isinstance(each, RefEditor) and getattr(record, name)
        }

        def done(titles: dict[str, str]) -> None:
            for name, title in titles.items():
                each = self.editors[name]
                if isinstance(each, RefEditor) and self.shown is record:
                    each.show_title(title)

        if refs:
            self._desk.run(self, lambda: _titles(ws, refs), done)


def may_leave(form: RecordForm) -> bool:
    """Is nothing unsaved in the form? Otherwise asks; what the person gives up is dropped."""
    if not form.is_dirty:
        return True
    answer = QMessageBox.question(form, "有未保存的修改", "当前修改还没有保存。要放弃修改吗？")
    if answer != QMessageBox.StandardButton.Yes:
        return False
    form.show_record(form.shown)
    return True


def _fold(group: str, section: QWidget) -> QPushButton:
    section.setVisible(False)

    def turn() -> None:
        is_open = not section.isHidden()
        section.setHidden(is_open)
        head.setText(f"{'▸' if is_open else '▾'} {group}")

    head = button(f"▸ {group}", turn, look="flat", tip=f"展开或收起“{group}”")
    head.setStyleSheet("text-align: left; font-weight: 700;")
    return head


def _places(columns: Iterable[Column], width: int) -> Iterator[tuple[Column, tuple[int, int, int]]]:
    """Where each field goes, (line, side, span): a field has three lines of the grid."""
    place = 0
    for each in columns:
        span = width if each.type in WIDE else 1
        if place % width + span > width:
            place += width - place % width
        yield each, (place // width * 3, place % width, span)
        place += span


def _titles(ws: Workspace, refs: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {
        name: elements.titles(ws, target, [record_id]).get(record_id, "（不在本机）")
        for name, (target, record_id) in refs.items()
    }
