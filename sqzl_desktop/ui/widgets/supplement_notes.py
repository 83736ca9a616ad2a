"""补充说明: beside a record, what others brought to it too late, and who was faster than I."""

import functools

from PySide6.QtWidgets import QVBoxLayout, QWidget

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.domain.kinds.supplement import Supplement
from sqzl_desktop.services import supplements
from sqzl_desktop.services.supplements import Told
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, clear, label, row


class SupplementNotes(QWidget):
    """Takes no room where there is nothing to say."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._shown = ("", "")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self.hide()

    def show_record(self, kind: str, record_id: str) -> None:
        """Ask what there is to say of a record, and say it."""
        self._shown = kind, record_id
        self._fill([], [])
        if record_id:
            self._ask()

    def _ask(self) -> None:
        ws, (kind, record_id) = self._desk.ws, self._shown

        def work() -> tuple[list[Supplement], list[Told]]:
            told = [each for each in supplements.told(ws) if each.record_id == record_id]
            return supplements.of_record(ws, kind, record_id), told

        def done(found: tuple[list[Supplement], list[Told]]) -> None:
            if self._shown == (kind, record_id):
                self._fill(*found)

        self._desk.run(self, work, done)

    def _fill(self, kept: list[Supplement], told: list[Told]) -> None:
        clear(self._box)
        for news in told:
            heard = button("知道了", functools.partial(self._hear, news), look="flat")
            line = row(label(news.sentence, "doubt", wrap=True), heard, gap=8)
            line.setStretch(0, 1)
            self._box.addLayout(line)
        for each in kept:
            self._box.addWidget(label(_words(each), wrap=True))
        self.setVisible(bool(kept or told))

    def _hear(self, news: Told) -> None:
        ws = self._desk.ws
        self._desk.run(self, lambda: supplements.heard(ws, [news]), lambda _none: self._ask())


def _words(each: Supplement) -> str:
    times = [f"{moment_text(each.received_at)}收到"] if each.received_at else []
    if each.made_at:
        times.append(f"填写于{moment_text(each.made_at)}")
    head = f"补充说明　{each.by}拟办“{each.step}”（{'，'.join(times)}）"
    return f"{head}\n{each.content}" if each.content else head
