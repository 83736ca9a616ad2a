"""同步状态: always in sight; one word on where this device stands."""

from PySide6.QtWidgets import QPushButton

from sqzl_desktop.services.session import SyncState
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.widgets.parts import restyle

LOOKS = {
    "conflict": ("conflict", "warn"),
    "offline": ("offline", "soft"),
    "pending": ("sync", "info"),
    "ok": ("check", "ok"),
}


def badge_text(state: SyncState) -> tuple[str, str]:
    """(look, words) of a state: conflicts first, for they wait for a person."""
    waiting = f"待上报 {state.pending}" if state.pending else ""
    if state.running:
        return "pending", "正在同步…"
    if state.needs_password:
        return "conflict", "　".join(filter(None, ("请重新登录", waiting)))
    if state.undecided:
        sorts = ((state.conflicts, "冲突"), (state.refused, "被退回"), (state.handovers, "移交"),
                 (state.duplicates, "疑似重复"))  # fmt: skip
        words = next(f"{name} {count}" for count, name in sorts if count)
        return "conflict", "　".join(filter(None, (words, waiting)))
    if state.online is False:
        return "offline", "　".join(filter(None, ("离线", waiting)))
    if state.problem:
        return "offline", "　".join(filter(None, ("同步受阻", waiting)))
    if state.pending:
        return "pending", waiting
    return ("ok", "已同步") if state.last_at else ("offline", "尚未同步")


class SyncBadge(QPushButton):
    """Shows the state of sync; a click opens the page of it."""

    def __init__(self) -> None:
        super().__init__("…")
        self.setObjectName("badge")

    def show_state(self, state: SyncState) -> None:
        """Show a state."""
        look, words = badge_text(state)
        picture, colour = LOOKS[look]
        self.setText(words)
        self.setIcon(theme.icon(picture, colour))
        self.setToolTip(state.problem or "查看同步情况")
        self.setAccessibleName(f"同步状态：{words}")
        restyle(self, state=look)
