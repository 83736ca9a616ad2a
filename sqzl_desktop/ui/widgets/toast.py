"""提示条: a sentence at the head of the window; problems and what can be undone stay longer."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QWidget

from sqzl_desktop.ui import theme
from sqzl_desktop.ui.widgets.parts import button, label, restyle, row

SHORT_MS = 3_000
LONG_MS = 12_000
UNDO_MS = 20_000
FROM_TOP = 64


class Toast(QFrame):
    """One sentence at a time."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("toast")
        self._text = label("", wrap=True)
        close = button("", self.hide, look="flat", tip="关闭提示")
        close.setIcon(theme.icon("close", "surface"))
        self._undo = button("撤销（Alt+Z）", self._take_back, look="flat")
        self._undo.setShortcut("Alt+Z")
        self._undo.hide()
        self._act: Callable[[], object] = self.hide
        box = row(self._text, self._undo, close, gap=12)
        box.setStretch(0, 1)
        box.setContentsMargins(16, 8, 8, 8)
        self.setLayout(box)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, sentence: str, is_problem: bool) -> None:
        """Show a sentence."""
        self._undo.hide()
        self._show(sentence, "problem" if is_problem else "done")
        self._timer.start(LONG_MS if is_problem else SHORT_MS)

    def offer_undo(self, sentence: str, act: Callable[[], object]) -> None:
        """Show a sentence with the way back."""
        self._act = act
        self._undo.show()
        self._show(sentence, "done")
        self._timer.start(UNDO_MS)

    def _take_back(self) -> None:
        self.hide()
        self._act()

    def _show(self, sentence: str, level: str) -> None:
        self._text.setText(sentence)
        restyle(self, level=level)
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Sit at the head of the parent, in the middle, where it covers no button."""
        parent = self._over
        beside = 96 + (self._undo.sizeHint().width() if not self._undo.isHidden() else 0)
        wanted = self._text.fontMetrics().horizontalAdvance(self._text.text()) + beside
        width = min(max(wanted, 240), parent.width() - 280)
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((parent.width() - width) // 2, FROM_TOP)

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._text.text()
