"""同步: where this device stands, what is refused and why; sync now, with progress."""

import threading

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QTableWidget, QTableWidgetItem

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import elements
from sqzl_desktop.services.session import SyncDone, SyncState
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.page import Page, PageView
from sqzl_desktop.ui.widgets.parts import button, card, column, empty_state, label, plain_table, row

TILES = (("pending", "待上报"), ("conflicts", "待处理冲突"), ("refused", "被退回"))
Refused = tuple[str, str, str, str]


class SyncPage(PageView):
    """One round at a time; it can be stopped, and goes on from there."""

    advanced = Signal(str, int, int)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "同步")
        self._stop = threading.Event()
        self._running = False
        self._start = button("立即同步", self.start, icon="sync", look="primary", tip="F5")
        self._cancel = button("停止", self._stop.set, icon="close")
        self._cancel.hide()
        self.tools.addWidget(self._cancel)
        self.tools.addWidget(self._start)
        self._figures = {name: label("…", "figure") for name in ("pending", "conflicts", "refused")}
        self._last = label("", "soft")
        self._told = label("", "soft", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.hide()
        self.advanced.connect(self._show_progress)
        tiles = row(gap=12)
        for name, text in (
            ("pending", "待上报"),
            ("conflicts", "待处理冲突"),
            ("refused", "被退回"),
        ):
            tiles.addWidget(
                card(column(self._figures[name], label(text, "soft"), gap=2), "tile"), 1
            )
        self._table = self._make_table()
        self.body.addLayout(tiles)
        self.body.addWidget(card(column(self._last, self._bar, self._told, gap=8)))
        self.body.addWidget(label("被退回的修改", "section"))
        self._nothing = empty_state("check", "没有被退回的修改")
        self.body.addWidget(self._table, 1)
        self.body.addWidget(self._nothing, 1)
        self._refused: list[tuple[Refused, str]] = []

    def _make_table(self) -> QTableWidget:
        table = plain_table("种类", "记录", "原因", "怎么办")
        table.itemActivated.connect(self._open)
        return table

    def refresh(self) -> None:
        self.desk.run(self, self._read, self._show)

    def start(self) -> None:
        """Begin a round, unless one is under way."""
        if self._running:
            return
        self._running = True
        self._stop.clear()
        had_focus = self._start.hasFocus()
        self._start.setEnabled(False)
        self._cancel.show()
        if had_focus:
            self._cancel.setFocus()
        self._bar.setMaximum(0)
        self._bar.show()
        self._told.setText("正在同步…")
        self.desk.run(
            self,
            lambda: self.desk.session.sync(self.advanced.emit, self._stop.is_set),
            self._done,
            self._failed,
        )
        self.desk.bus.changed.emit(())

    def stop(self) -> None:
        """Stop the round that is under way; what it did stays done."""
        self._stop.set()

    def _read(self) -> tuple[SyncState, list[tuple[Refused, str]]]:
        ws = self.desk.ws
        refused = elements.refused(ws)
        titles = [
            elements.titles(ws, kind, [record]).get(record, "") for kind, record, _, _ in refused
        ]
        return self.desk.session.sync_state(), list(zip(refused, titles, strict=True))

    def _show(self, found: tuple[SyncState, list[tuple[Refused, str]]]) -> None:
        state, refused = found
        for name, figure in self._figures.items():
            figure.setText(str(getattr(state, name)))
        last = f"上次同步：{moment_text(state.last_at)}" if state.last_at else "还没有同步过"
        self._last.setText(f"{last}　　服务器：{self.desk.session.profile.server}")
        self._refused = refused
        self._table.setVisible(bool(refused))
        self._nothing.setVisible(not refused)
        self._table.setRowCount(len(refused))
        for place, ((kind, _record, reason, advice), title) in enumerate(refused):
            for side, text in enumerate((BY_NAME[kind].label, title, reason, advice)):
                self._table.setItem(place, side, QTableWidgetItem(text))
        self._table.resizeColumnsToContents()

    def _show_progress(self, text: str, done: int, total: int) -> None:
        self._told.setText(f"{text} {done:,}" + (f" / {total:,}" if total else ""))
        self._bar.setMaximum(total)
        self._bar.setValue(done)

    def _done(self, done: SyncDone) -> None:
        self._ended()
        words = f"同步完成：上报 {done.pushed} 项，下载 {done.pulled} 项"
        if done.conflicts:
            words += f"，{done.conflicts} 项与他人冲突，请到“冲突处理”选定"
        if done.differs:
            words += "。数据核对仍不一致，请联系信息管理人员"
        self._told.setText(words)
        has_news = done.pulled or done.pushed
        self.desk.bus.changed.emit(tuple(BY_NAME) if has_news else ())

    def _failed(self, error: UserError) -> None:
        self._ended()
        self._told.setText(str(error))
        self.desk.bus.changed.emit(())

    def _ended(self) -> None:
        self._running = False
        self._start.setEnabled(True)
        if self._cancel.hasFocus():
            self._start.setFocus()
        self._cancel.hide()
        self._bar.hide()
        self.refresh()

    def _open(self, item: QTableWidgetItem) -> None:
        (kind, record, _reason, _advice), _title = self._refused[item.row()]
        self.desk.bus.open_requested.emit(kind, record)

    @property
    def told(self) -> str:
        """What it says of the last round."""
        return self._told.text()


PAGE = Page("sync", "同步", "sync", SyncPage)
