"""表单分组: the fields of a form below one heading, and their editors, made when needed."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from sqzl_desktop.schema.kind import Column
from sqzl_desktop.ui.widgets.field_editors import FieldEditor
from sqzl_desktop.ui.widgets.parts import button, holder

WIDE = ("note", "ref", "many")


class Editors(Mapping[str, FieldEditor]):
    """The editors of all fields by name; what is asked for and not there yet is made at once.

    `made` are those that are there; `waiting` are the values of the others.
    """

    def __init__(self, columns: Iterable[Column], make: Callable[[str], None]) -> None:
        self.waiting: dict[str, Any] = {each.name: each.default for each in columns}
        self.made: dict[str, FieldEditor] = {}
        self._names = tuple(self.waiting)
        self._make = make

    def __getitem__(self, name: str) -> FieldEditor:
        if name in self.waiting:
            self._make(name)
        return self.made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def show_value(self, name: str, value: Any) -> None:
        """Put a value into a field, or where it waits for its editor."""
        if name in self.waiting:
            self.waiting[name] = value
        else:
            self.made[name].show_value(value)


class FormGroup:
    """Fields below one heading; "" has none and is always open. `make` makes its editors."""

    def __init__(
        self, name: str, columns: list[Column], make: Callable[["FormGroup"], None]
    ) -> None:
        self._name = name
        self.columns = columns
        self._make = make
        self.is_made = False
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self.body = holder(self._grid)
        self.body.hide()
        self.head: QPushButton | None = None
        self._filled = 0
        if name:
            turn = functools.partial(self.turn, is_open=None)
            self.head = button(name, turn, look="flat", tip=f"展开或收起“{name}”")
            self.head.setStyleSheet("text-align: left; font-weight: 700;")
            self._say(is_open=False)

    def turn(self, *, is_open: bool | None) -> None:
        """Unfold or fold; None is the other way round."""
        opened = self.body.isHidden() if is_open is None else is_open
        if opened:
            self.make()
        if self.head is not None:
            self.body.setHidden(not opened)
            self._say(is_open=opened)

    def make(self) -> None:
        """Make the editors, once."""
        if not self.is_made:
            self.is_made = True
            self._make(self)
            if self.head is None:
                self.body.show()

    def count(self, is_filled: Callable[[Column], bool]) -> None:
        """Say on the fold how many fields are filled."""
        self._filled = sum(map(is_filled, self.columns))
        self._say(is_open=not self.body.isHidden())

    def _say(self, *, is_open: bool) -> None:
        said = f"已填{self._filled}项，共{len(self.columns)}项"
        text = f"{'▾' if is_open else '▸'} {self._name}　{said}"
        if self.head is not None and self.head.text() != text:
            self.head.setText(text)

    def arrange(self, cells: Mapping[str, QWidget], width: int) -> None:
        """Lay the fields out in so many columns."""
        while self._grid.count():
            self._grid.takeAt(0)
        for described, (line, side, span) in _places(self.columns, width):
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
