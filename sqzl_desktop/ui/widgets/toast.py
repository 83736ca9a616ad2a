"""提示条: a sentence at the head of the window; problems stay longer."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QWidget

from sqzl_desktop.ui import theme
from sqzl_desktop.ui.widgets.parts import button, label, restyle, row

SHORT_MS = 3_000
LONG_MS = 12_000
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
        box = row(self._text, close, gap=12)
        box.setStretch(0, 1)
        box.setContentsMargins(16, 8, 8, 8)
        self.setLayout(box)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def say(self, sentence: str, is_problem: bool) -> None:
        """Show a sentence."""
        self._text.setText(sentence)
        restyle(self, level="problem" if is_problem else "done")
        self.place()
        self.show()
        self.raise_()
        self._timer.start(LONG_MS if is_problem else SHORT_MS)

    def place(self) -> None:
        """Sit at the head of the parent, in the middle, where it covers no button."""
        parent = self._over
        width = min(max(self._text.fontMetrics().horizontalAdvance(self._text.text()) + 96, 240),
                    parent.width() - 280)  # fmt: skip
        self.setFixedWidth(width)
        self.adjustSize()
        self.move((parent.width() - width) // 2, FROM_TOP)

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._text.text()
