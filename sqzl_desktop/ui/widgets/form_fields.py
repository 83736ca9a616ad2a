"""表单字段: the editors of a kind, laid out by group in as many columns as there is room for."""

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import FieldEditor, Picker, editor
from sqzl_desktop.ui.widgets.form_groups import Editors, FormGroup
from sqzl_desktop.ui.widgets.masked_field import MaskedField
from sqzl_desktop.ui.widgets.offering import serve
from sqzl_desktop.ui.widgets.parts import column, holder, label, row

_LAST = ("其他", "归属")
TWO_COLUMNS_FROM = 500


class FormFields(QScrollArea):
    """The first group is open; the others are folded, and say how much is in them.

    The editors of a folded group are made when it is unfolded, or when one of them is asked for;
    until then its values wait. `made` says which fields have got editors.
    """

    typed = Signal(str)
    reveal_asked = Signal(str)
    made = Signal(object)

    def __init__(self, kind: Kind[Any], pick: Picker) -> None:
        super().__init__()
        self._kind = kind
        self._pick = pick
        self._columns = 1
        self.editors = Editors(kind.columns, self._make_group_of)
        self.masked: dict[str, MaskedField] = {}
        self.notes: dict[str, QLabel] = {}
        self._cells: dict[str, QWidget] = {}
        self._prepared: dict[str, _Cell] = {}
        self._groups: dict[str, FormGroup] = {}
        self._hints: dict[str, str] = {}
        self._said: dict[str, tuple[str, str, str]] = {}
        self._told: tuple[Mapping[str, str], Mapping[str, str], Set[str]] = {}, {}, frozenset()
        self._desk: Desk | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._build()

    def say(
        self, problems: Mapping[str, str], doubts: Mapping[str, str], *, among: Set[str]
    ) -> None:
        """Put problems, doubts and hints below their fields; problems only of those `among`."""
        self._told = problems, doubts, among
        self._say_at(self.notes)

    def _say_at(self, names: Iterable[str]) -> None:
        problems, doubts, among = self._told
        for name in names:
            wrong = problems.get(name, "") if name in among else ""
            doubt = "" if wrong else doubts.get(name, "")
            self._note(name, wrong, doubt)

    def _note(self, name: str, wrong: str, doubt: str) -> None:
        said = wrong, doubt, self._hints.get(name, "")
        if self._said[name] == said:
            return  # dressing a widget anew costs more than all the rest of a key press
        self._said[name] = said
        note = self.notes[name]
        note.setText(wrong or doubt or said[2])
        note.setObjectName("problem" if wrong else "doubt" if doubt else "small")
        note.style().polish(note)
        self.editors[name].mark(wrong=bool(wrong), doubtful=bool(doubt))

    def hint(self, names: Iterable[str], sentence: str) -> None:
        """Say below fields where their values are from, until somebody types there."""
        self._hints |= dict.fromkeys(names, sentence)

    def forget_hints(self, *names: str) -> None:
        """No hints at these fields, or at none where none is named."""
        for name in names or tuple(self._hints):
            self._hints.pop(name, None)

    def count(self) -> None:
        """Say on each fold how many of its fields are filled."""
        for group in self._groups.values():
            group.count(self._is_filled)

    def _is_filled(self, described: Column) -> bool:
        name = described.name
        if name in self.editors.waiting:
            return bool(self.editors.waiting[name] != described.default)
        if name in self.masked and self.masked[name].is_covered:
            return True
        try:
            return bool(self.editors[name].value() != described.default)
        except Unreadable:
            return True

    def open_groups_of(self, names: Iterable[str]) -> None:
        """Unfold the groups in which the fields are."""
        for name in names:
            if name in self.editors:
                self._groups[self._kind.column(name).facts.group].turn(is_open=True)

    def show_if_filled(self, name: str, record: Element) -> None:
        """A field that means something only where it is filled takes no room elsewhere."""
        if name in self._cells:
            self._cells[name].setVisible(bool(getattr(record, name)))

    def values(self) -> tuple[dict[str, Any], dict[str, str]]:
        """What stands in the fields that are not covered, and what is wrong with the others."""
        values: dict[str, Any] = dict(self.editors.waiting)
        wrong: dict[str, str] = {}
        for name, each in self.editors.made.items():
            if name in self.masked and self.masked[name].is_covered:
                continue
            try:
                values[name] = each.value()
            except Unreadable as error:
                wrong[name] = str(error)
        return values, wrong

    def serve(self, desk: Desk) -> None:
        """Offer records and addresses where they are typed."""
        self._desk = desk
        for each in self.editors.made.values():
            self._serve(each)

    def _serve(self, each: FieldEditor) -> None:
        if self._desk is not None and each.offering is not None:
            serve(self._desk, each.offering, each.column.facts.target)

    def focus_first(self) -> None:
        """Put the keyboard into the first empty field that takes it, or the first of all."""
        first = [self.editors[each.name] for each in self._kind.columns if not each.facts.group]
        first = [each for each in first if each.isEnabled() and not each.isHidden()]
        empty = [each for each in first if not self._is_filled(each.column)]
        for each in (*empty, *first)[:1]:
            each.setFocus()

    def go_to(self, name: str) -> None:
        """Unfold, scroll to and focus a field."""
        self.open_groups_of([name])
        inside = self.widget().layout()
        if inside is not None:
            inside.activate()
        self.ensureWidgetVisible(self._cells[name])
        self.editors[name].setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if self.viewport().width() >= TWO_COLUMNS_FROM else 1
        if columns != self._columns:
            self._columns = columns
            self._arrange()

    def _build(self) -> None:
        inside = column(gap=8)
        inside.setContentsMargins(0, 0, 8, 0)
        names = dict.fromkeys(each.facts.group for each in self._kind.columns)
        for name in sorted(names, key=lambda each: _LAST.index(each) + 1 if each in _LAST else 0):
            columns = [each for each in self._kind.columns if each.facts.group == name]
            group = self._groups[name] = FormGroup(name, columns, self._make)
            if group.head is not None:
                inside.addWidget(group.head)
            inside.addWidget(group.body)
        inside.addStretch(1)
        self.setWidget(holder(inside))
        if "" in self._groups:  # whoever builds a page builds much at once: this in small pieces
            tasks.in_turn(self, self._made_bit_by_bit(self._groups[""]))

    def _made_bit_by_bit(self, group: FormGroup) -> Iterator[None]:
        for each in group.columns:
            if not group.is_made:
                self._prepare(each)
                yield
        group.make()

    def _make_group_of(self, name: str) -> None:
        self._groups[self._kind.column(name).facts.group].make()

    def _make(self, group: "FormGroup") -> None:
        """The editors of a group, showing what waited for them."""
        names = [each.name for each in group.columns]
        for each in group.columns:
            self._prepare(each)
            self._take(each.name, self._prepared.pop(each.name))
        group.arrange(self._cells, self._columns)
        for name in names:
            made = self.editors.made[name]
            made.show_value(self.editors.waiting.pop(name))
            if name in self.masked:
                self.masked[name].cover("")  # whoever hears `made` knows what is to be covered
            self._serve(made)
        self._say_at(names)
        self.made.emit(frozenset(names))

    def _arrange(self) -> None:
        for group in self._groups.values():
            if group.is_made:
                group.arrange(self._cells, self._columns)

    def _prepare(self, described: Column) -> None:
        """Make the cell of a field; nobody sees it before the whole of its group is there."""
        if described.name not in self._prepared:
            made = self._prepared[described.name] = _cell(
                described, self._pick, self.reveal_asked.emit
            )
            made.editor.changed.connect(functools.partial(self.typed.emit, described.name))

    def _take(self, name: str, prepared: "_Cell") -> None:
        self._cells[name], self.notes[name] = prepared.all, prepared.note
        self.editors.made[name] = prepared.editor
        self._said[name] = ("", "", "")
        if prepared.masked is not None:
            self.masked[name] = prepared.masked


@dataclasses.dataclass(frozen=True, slots=True)
class _Cell:
    """What stands in a form for one field."""

    all: QWidget
    editor: FieldEditor
    note: QLabel
    masked: MaskedField | None


def _cell(described: Column, pick: Picker, ask: Callable[[str], None]) -> _Cell:
    made = editor(described, pick)
    note = label("", "problem", wrap=True)
    note.setMinimumHeight(14)
    head = row(label(described.label, "soft"), gap=2)
    if described.facts.required:
        head.addWidget(label("*", "required"))
    head.addStretch(1)
    masked: MaskedField | None = None
    if described.facts.sensitive:
        masked = MaskedField(made, functools.partial(ask, described.name))
    return _Cell(holder(column(head, masked or made, note, None, gap=4)), made, note, masked)
