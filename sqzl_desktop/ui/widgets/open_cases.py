"""在办案件: the open cases about a person or a dwelling, wherever one is looked at."""

import functools
from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QSizePolicy

from sqzl_desktop.services import case_inbox
from sqzl_desktop.services.case_inbox import Line
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models import case_words
from sqzl_desktop.ui.widgets.parts import button, chip, clear, column, label, row

NARROWEST = 90


class OpenCases(QFrame):
    """Hidden while there are none. Each line leads to its case. `framed`: a card of its own."""

    def __init__(self, desk: Desk, *, framed: bool = False) -> None:
        super().__init__()
        self._desk = desk
        self._about: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._lines = column(gap=4)
        if framed:
            self.setObjectName("card")
            self._lines.setContentsMargins(16, 16, 16, 16)
        self.setLayout(self._lines)
        self.hide()
        desk.bus.changed.connect(self._changed)

    def show_about(self, *, residents: Sequence[str] = (), dwellings: Sequence[str] = ()) -> None:
        """Show what is open about these."""
        self._about = about = (tuple(residents), tuple(dwellings))
        ws = self._desk.ws

        def work() -> list[Line]:
            return case_inbox.open_about(ws, residents=about[0], dwellings=about[1])

        def done(found: list[Line]) -> None:
            if self._about == about:
                self._show(found)

        self._desk.run(self, work, done)

    def _show(self, found: Sequence[Line]) -> None:
        clear(self._lines)
        self.setVisible(bool(found))
        if not found:
            return
        self._lines.addWidget(label(f"在办案件　{len(found)}", "section"))
        for line in found:
            go = functools.partial(self._desk.bus.open_requested.emit, "case", line.id)
            tip = f"{line.title}\n{line.number}\n{case_words.due_words(line)}"
            made = button(line.title, go, icon="alert", look="flat", tip=tip)
            made.setStyleSheet("text-align: left;")
            made.setMinimumWidth(NARROWEST)
            made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            text, tone = case_words.clock_words(line)
            beside = row(made, label(case_words.state_words(line), "small"),
                         chip(text, tone), gap=6)  # fmt: skip
            beside.setStretch(0, 1)  # a long title gives way, the clock stays in sight
            self._lines.addLayout(beside)

    def _changed(self, kinds: tuple[str, ...]) -> None:
        if {"case", "case_party"} & set(kinds) and any(self._about):
            self.show_about(residents=self._about[0], dwellings=self._about[1])
