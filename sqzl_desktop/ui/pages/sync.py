"""同步: where this device stands; sync now, with progress; what the last round did, in words."""

import threading

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMessageBox, QProgressBar

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.base.errors import SignInNeeded, UserError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services.session import SyncDone, SyncState
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.sign_in_again import SignInAgain
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, card, column, label, row
from sqzl_desktop.ui.widgets.stick_buttons import StickButtons

TILES = (("pending", "待上报"), ("conflicts", "待处理冲突"), ("refused", "被退回"),
         ("handovers", "移交箱"), ("duplicates", "疑似重复"))  # fmt: skip


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
        stick = StickButtons(desk)
        stick.told.connect(self._say)
        self.tools.addWidget(stick)
        self.tools.addWidget(self._cancel)
        self.tools.addWidget(self._start)
        self._figures = {name: label("…", "figure") for name, _ in TILES}
        self._last = label("", "soft")
        self._told = label("", wrap=True)
        self._warned = label("", "doubt", wrap=True)
        self._problem = label("", "problem", wrap=True)
        self._accept = button("查看并确认删除", self._ask_accept, icon="trash", look="danger")
        self._decide = button("去待处理", self._go_pending, icon="conflict", look="primary")
        self._sign_in = button("重新登录", self._ask_password, icon="lock", look="primary")
        self._is_quiet = False
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.advanced.connect(self._show_progress)
        self._lay_out()
        desk.bus.changed.connect(self.refresh_if_seen)

    def _lay_out(self) -> None:
        tiles = row(gap=12)
        for name, text in TILES:
            tiles.addWidget(
                card(column(self._figures[name], label(text, "soft"), gap=2), "tile"), 1
            )
        self.body.addLayout(tiles)
        round_of = column(
            label("最近一次同步", "section"), self._last, self._bar, self._told, self._warned,
            self._problem, row(self._sign_in, self._decide, self._accept, None), gap=8,
        )  # fmt: skip
        self.body.addWidget(card(round_of))
        words = (
            "程序自动同步：保存以后、别人有新内容时，以及每隔一小会儿。"
            "先上报本机的修改，再下载别人的修改，最后核对。"
            "断网时照常录入，内容都加密保存在本机，恢复后自动上报；任何一次同步都可以随时停止，"
            "下次从停下的地方继续。"
        )
        self.body.addWidget(card(column(label("同步怎样进行", "section"),
                                        label(words, "soft", wrap=True), gap=8)))  # fmt: skip
        self.body.addStretch(1)
        for part in (self._bar, self._told, self._warned, self._problem, self._sign_in,
                     self._accept, self._decide):  # fmt: skip
            part.hide()

    def _say(self, sentence: str) -> None:
        self._told.setText(sentence)
        self._told.show()

    def refresh(self) -> None:
        self.desk.run(self, self.desk.session.sync_state, self._show)

    def start(self, *, accept_removals: bool = False, is_quiet: bool = False) -> None:
        """Begin a round, unless one is under way; `is_quiet`: nobody has asked for it."""
        if self._running:
            return
        self._running = True
        self._is_quiet = is_quiet
        self._stop.clear()
        had_focus = self._start.hasFocus()
        self._start.setEnabled(False)
        self._cancel.show()
        if had_focus:
            self._cancel.setFocus()
        self._bar.setMaximum(0)
        self._bar.show()
        self._say("正在同步…")
        for part in (self._warned, self._problem, self._accept, self._sign_in):
            part.hide()
        self.desk.run(
            self,
            lambda: self.desk.session.sync(
                self.advanced.emit, self._stop.is_set, accept_removals=accept_removals
            ),
            self._done,
            self._failed,
        )
        self.desk.bus.changed.emit(())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self._cancel if self._running else self._start).setFocus()

    def stop(self) -> None:
        """Stop the round that is under way; what it did stays done."""
        self._stop.set()

    def _show(self, state: SyncState) -> None:
        for name, figure in self._figures.items():
            figure.setText(str(getattr(state, name)))
        last = f"上次同步：{moment_text(state.last_at)}" if state.last_at else "还没有同步过"
        self._last.setText(f"{last}　　服务器：{self.desk.session.profile.server}")
        self._decide.setText(f"去待处理（{state.undecided}）")
        self._decide.setVisible(bool(state.undecided))

    def _show_progress(self, text: str, done: int, total: int) -> None:
        self._say(f"{text} {done:,}" + (f" / {total:,}" if total else ""))
        self._bar.setMaximum(total)
        self._bar.setValue(done)

    def _done(self, done: SyncDone) -> None:
        self._ended()
        self._say(words_of(done))
        self._problem.setText("")
        warnings = done.warnings()
        self._warned.setText("\n".join(warnings))
        self._warned.setVisible(bool(warnings))
        self._accept.setVisible(bool(done.guarded))
        has_news = done.pulled or done.pushed
        self.desk.bus.changed.emit(tuple(BY_NAME) if has_news else ())

    def _failed(self, error: UserError) -> None:
        self._ended()
        self._say("这次同步没有完成，已录入的内容都在本机，没有丢失。")
        is_news = str(error) != self._problem.text()
        self._problem.setText(str(error))
        self._problem.show()
        self.desk.bus.changed.emit(())
        if isinstance(error, SignInNeeded):
            self._sign_in.show()
            if not self._is_quiet:
                self._ask_password()
            elif is_news:
                self.desk.complain(error)

    def _ask_password(self) -> None:
        dialog = SignInAgain(self.desk, self._problem.text(), self)
        dialog.accepted.connect(self.start)
        dialog.open()

    def _ended(self) -> None:
        self._running = False
        self._start.setEnabled(True)
        if self._cancel.hasFocus():
            self._start.setFocus()
        self._cancel.hide()
        self._bar.hide()
        self.refresh()

    def _ask_accept(self) -> None:
        question = (
            f"{self._warned.text()}\n\n确实应当删除时才确认；拿不准请先问社区负责人。"
            "未上报的内容不受影响。\n确认删除并继续同步吗？"
        )
        answer = QMessageBox.question(self, "大量删除", question)
        if answer == QMessageBox.StandardButton.Yes:
            self.start(accept_removals=True)

    def _go_pending(self) -> None:
        self.desk.bus.page_requested.emit("pending")

    @property
    def told(self) -> str:
        """What it says of the last round, a problem with it."""
        said = (self._told, self._warned, self._problem)
        return "\n".join(each.text() for each in said if not each.isHidden())


def words_of(done: SyncDone) -> str:
    """What a round did, in words."""
    if not (done.pushed or done.pulled or done.conflicts or done.refused):
        return "同步完成：没有需要上报的，也没有新的内容。"
    words = f"同步完成：上报 {done.pushed:,} 项，下载 {done.pulled:,} 项"
    if done.conflicts:
        words += f"，{done.conflicts:,} 项与他人冲突"
    if done.refused:
        words += f"，{done.refused:,} 项被退回"
    return words + "。"
