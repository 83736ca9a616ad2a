"""办理按钮: the steps that are open to a person now, the next one first, the rest in a menu."""

import functools
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from sqzl_desktop.domain.flow import Transition
from sqzl_desktop.ui.widgets.parts import button, clear, label, row

MOST = 3
# what brings a case forward stands before what holds it up
FORWARD = ("grant", "deny", "file", "confirm", "dispatch", "handle", "feed_back", "verify", "close",
           "resume", "handle_on_spot", "callback", "next_phase", "return", "rework", "extend",
           "decline", "urge", "park")  # fmt: skip
ALONE = ("void", "merge")  # always in the menu


class CaseButtons(QWidget):
    """A click begins a step; nothing is taken before its panel is filled in."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._row = row(gap=6)
        self.setLayout(self._row)
        self.steps: tuple[Transition, ...] = ()

    def show_steps(self, steps: Sequence[Transition], why_none: str) -> None:
        """Show what may be done now; where nothing may, say why."""
        self.steps = tuple(sorted(steps, key=_place))
        clear(self._row)
        shown = [each for each in self.steps if each.step not in ALONE][:MOST]
        for each in shown:
            look = "primary" if each is shown[0] else ""
            ask = functools.partial(self.asked.emit, each.step)
            self._row.addWidget(button(each.label, ask, look=look))
        rest = [each for each in self.steps if each not in shown]
        if rest:
            self._row.addWidget(self._menu(rest))
        if not self.steps:
            self._row.addWidget(label(why_none, "soft", wrap=True), 1)
        self._row.addStretch(1)

    def focus_first(self) -> None:
        """The keyboard to the button of the next step."""
        for each in self.findChildren(QPushButton):
            if not each.isHidden():
                each.setFocus()
                return

    def _menu(self, rest: Sequence[Transition]) -> QPushButton:
        made = QPushButton("更多办理")
        made.setProperty("menu", True)
        menu = QMenu(made)
        for number, each in enumerate(rest, 1):
            chosen = menu.addAction(f"&{number}　{each.label}")
            chosen.triggered.connect(functools.partial(self._chosen, each.step))
        made.setMenu(menu)
        return made

    def _chosen(self, step: str, _checked: bool = False) -> None:
        self.asked.emit(step)


def _place(each: Transition) -> int:
    return FORWARD.index(each.step) if each.step in FORWARD else len(FORWARD)
