"""变动菜单: what may happen to a person, a household or a dwelling, each a short window."""

import functools
from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from sqzl_desktop.services import elements, moves
from sqzl_desktop.services.moves import Around, Behind
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs import house_moves, person_moves
from sqzl_desktop.ui.dialogs.move import MoveDialog
from sqzl_desktop.ui.dialogs.move_in import MoveIn

OfPerson = Callable[[Desk, Around, QWidget], MoveDialog]
OfDwelling = Callable[[Desk, Behind, QWidget], MoveDialog]


def _move_in(desk: Desk, found: Around, parent: QWidget) -> MoveDialog:
    return MoveIn(desk, found.person, parent)


PERSON: tuple[tuple[str, OfPerson], ...] = (
    ("迁入、搬家", _move_in),
    ("迁出", person_moves.moving_out),
    ("出生（本人为父母）", person_moves.birth),
    ("死亡", person_moves.death),
    ("分户", person_moves.splitting),
    ("并户", person_moves.joining),
    ("户主变更", person_moves.new_head),
)
DWELLING: tuple[tuple[str, OfDwelling], ...] = (
    ("迁入", house_moves.arriving),
    ("出租", house_moves.letting),
    ("退租", house_moves.lease_end),
    ("出售", house_moves.selling),
)


class MovesButton(QPushButton):
    """A button with the menu; digits choose from it. Of a person, or of a dwelling."""

    def __init__(self, desk: Desk, kind: str, over: QWidget) -> None:
        super().__init__("变动")
        self._desk, self._kind, self._over = desk, kind, over
        self._record_id = ""
        self.setToolTip("出生、死亡、迁入、迁出、分户等（Ctrl+B）")
        self.setAccessibleName("变动")
        self.setShortcut("Ctrl+B")
        menu = QMenu(self)
        entries: tuple[tuple[str, Any], ...] = PERSON if kind == "resident" else DWELLING
        for number, (text, make) in enumerate(entries, 1):
            menu.addAction(f"&{number}　{text}").triggered.connect(
                functools.partial(self.open, make)
            )
        self.setMenu(menu)
        self.setProperty("menu", True)
        self.clicked.connect(self.showMenu)
        self.setEnabled(False)

    def show_record(self, record_id: str) -> None:
        """Whose moves; "" is nobody's."""
        self._record_id = record_id
        may = elements.may(self._desk.ws, "write", self._kind)
        self.setEnabled(bool(record_id) and may)

    def open(self, make: Callable[[Desk, Any, QWidget], MoveDialog], *_checked: bool) -> None:
        """Read what the window shows, and open it."""
        read = moves.around if self._kind == "resident" else moves.behind
        ws, record_id = self._desk.ws, self._record_id

        def show(found: Any) -> None:
            make(self._desk, found, self._over).exec()

        self._desk.run(self, lambda: read(ws, record_id), show)
