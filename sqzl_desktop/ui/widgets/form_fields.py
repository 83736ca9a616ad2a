"""表单字段: the editors of a kind, laid out by group in as many columns as there is room for."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QScrollArea, QWidget

from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import FieldEditor, Picker, RefEditor, editor
from sqzl_desktop.ui.widgets.masked_field import MaskedField
from sqzl_desktop.ui.widgets.offering import serve
from sqzl_desktop.ui.widgets.parts import button, column, holder, label, row

_LAST = ("其他", "归属")
WIDE = ("note", "ref", "many")
TWO_COLUMNS_FROM = 500


class FormFields(QScrollArea):
    """The first group is open; the others are folded, and say how much is in them."""

    typed = Signal(str)
    reveal_asked = Signal(str)

    def __init__(self, kind: Kind[Any], pick: Picker) -> None:
        super().__init__()
        self._kind = kind
        self._pick = pick
        self._columns = 1
        self.editors: dict[str, FieldEditor] = {}
        self.masked: dict[str, MaskedField] = {}
        self.notes: dict[str, QLabel] = {}
        self._cells: dict[str, QWidget] = {}
        self._groups: dict[str, _Group] = {}
        self._hints: dict[str, str] = {}
        self._said: dict[str, tuple[str, str, str]] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self._build()

    def say(
        self, problems: Mapping[str, str], doubts: Mapping[str, str], *, among: Set[str]
    ) -> None:
        """Put problems, doubts and hints below their fields; problems only of those `among`."""
        for name in self.notes:
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
        if name in self.masked and self.masked[name].is_covered:
            return True
        try:
            return bool(self.editors[name].value() != described.default)
        except Unreadable:
            return True

    def open_groups_of(self, names: Iterable[str]) -> None:
        """Unfold the groups in which the fields are."""
        for name in names:
            if name in self._cells:
                self._groups[self._kind.column(name).facts.group].turn(is_open=True)

    def show_if_filled(self, name: str, record: Element) -> None:
        """A field that means something only where it is filled takes no room elsewhere."""
        if name in self._cells:
            self._cells[name].setVisible(bool(getattr(record, name)))

    def values(self) -> tuple[dict[str, Any], dict[str, str]]:
        """What stands in the fields that are not covered, and what is wrong with the others."""
        values: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for name, each in self.editors.items():
            if name in self.masked and self.masked[name].is_covered:
                continue
            try:
                values[name] = each.value()
            except Unreadable as error:
                wrong[name] = str(error)
        return values, wrong

    def serve(self, desk: Desk) -> None:
        """Offer records and addresses where they are typed."""
        for each in self.editors.values():
            if each.offering is not None:
                serve(desk, each.offering, each.column.facts.target)

    def name_refs(self, desk: Desk, record: Element, keep: Set[str]) -> None:
        """Show what the records are called that a record refers to; not in the fields `keep`."""
        ws = desk.ws
        refs = {
            name: (each.column.facts.target, getattr(record, name))
            for name, each in self.editors.items()
            if isinstance(each, RefEditor) and name not in keep and getattr(record, name)
        }

        def done(titles: Mapping[str, str]) -> None:
            for name, title in titles.items():
                each = self.editors[name]
                if isinstance(each, RefEditor) and each.record_id == refs[name][1]:
                    each.show_title(title)

        if refs:
            desk.run(self, lambda: _titles(ws, refs), done)

    def focus_first(self) -> None:
        """Put the keyboard into the first empty field that takes it, or the first of all."""
        first = [
            each
            for each in self.editors.values()
            if each.isEnabled() and not each.isHidden() and each.column.facts.group == ""
        ]
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
            for each in columns:
                self._cells[each.name] = self._cell(each)
            group = self._groups[name] = _Group(name, columns)
            if group.head is not None:
                inside.addWidget(group.head)
            inside.addWidget(group.body)
        inside.addStretch(1)
        self._arrange()
        self.setWidget(holder(inside))

    def _arrange(self) -> None:
        for group in self._groups.values():
            group.arrange(self._cells, self._columns)

    def _cell(self, described: Column) -> QWidget:
        name = described.name
        made = editor(described, self._pick)
        made.changed.connect(functools.partial(self.typed.emit, name))
        self.editors[name] = made
        self.notes[name] = note = label("", "problem", wrap=True)
        note.setMinimumHeight(14)
        self._said[name] = ("", "", "")
        head = row(label(described.label, "soft"), gap=2)
        if described.facts.required:
            head.addWidget(label("*", "required"))
        head.addStretch(1)
        body: QWidget = made
        if described.facts.sensitive:
            ask = functools.partial(self.reveal_asked.emit, name)
            self.masked[name] = body = MaskedField(made, ask)
        return holder(column(head, body, note, None, gap=4))


class _Group:
    """Fields below one heading; "" has none and is always open."""

    def __init__(self, name: str, columns: list[Column]) -> None:
        self._name = name
        self._columns = columns
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self.body = holder(self._grid)
        self.head: QPushButton | None = None
        self._filled = 0
        if name:
            turn = functools.partial(self.turn, is_open=None)
            self.head = button(name, turn, look="flat", tip=f"展开或收起“{name}”")
            self.head.setStyleSheet("text-align: left; font-weight: 700;")
            self.turn(is_open=False)

    def turn(self, *, is_open: bool | None) -> None:
        """Unfold or fold; None is the other way round."""
        if self.head is None:
            return
        opened = self.body.isHidden() if is_open is None else is_open
        self.body.setHidden(not opened)
        self._say(is_open=opened)

    def count(self, is_filled: Callable[[Column], bool]) -> None:
        """Say on the fold how many fields are filled."""
        self._filled = sum(map(is_filled, self._columns))
        self._say(is_open=not self.body.isHidden())

    def _say(self, *, is_open: bool) -> None:
        said = f"已填{self._filled}项，共{len(self._columns)}项"
        text = f"{'▾' if is_open else '▸'} {self._name}　{said}"
        if self.head is not None and self.head.text() != text:
            self.head.setText(text)

    def arrange(self, cells: Mapping[str, QWidget], width: int) -> None:
        """Lay the fields out in so many columns."""
        while self._grid.count():
            self._grid.takeAt(0)
        for described, (line, side, span) in _places(self._columns, width):
            self._grid.addWidget(cells[described.name], line, side, 1, span)
        for side in range(2):
            self._grid.setColumnStretch(side, 1 if side < width else 0)


def _is_wide(described: Column) -> bool:
    return described.type in WIDE or "address" in (described.format, described.name)


def _places(columns: Iterable[Column], width: int) -> Iterator[tuple[Column, tuple[int, int, int]]]:
    """Where each field goes: (line, side, span)."""
    place = 0
    for each in columns:
        span = width if _is_wide(each) else 1
        if place % width + span > width:
            place += width - place % width
        yield each, (place // width, place % width, span)
        place += span


def _titles(ws: Workspace, refs: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    return {
        name: elements.titles(ws, target, [record_id]).get(record_id, "（不在本机）")
        for name, (target, record_id) in refs.items()
    }
