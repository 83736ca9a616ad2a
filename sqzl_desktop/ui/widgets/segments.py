"""分段按钮: a few codes beside each other; arrows, a letter or a click choose."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from sqzl_desktop.ui.widgets.parts import row


class Segments(QWidget):
    """Exactly one is chosen. `choices` are (code, text, letter): Alt and the letter choose it."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        box = row(gap=4)
        for code, text, letter in choices:
            made = QPushButton(f"{text} {letter}")
            made.setObjectName("segment")
            made.setCheckable(True)
            made.setAccessibleName(text)
            made.setToolTip(f"{text}（Alt+{letter}）")
            made.setAutoDefault(False)
            key = QShortcut(f"Alt+{letter}", self)
            key.setContext(Qt.ShortcutContext.WindowShortcut)
            key.activated.connect(made.click)
            self._group.addButton(made)
            self._buttons[code] = made
            box.addWidget(made)
        box.addStretch(1)
        self.setLayout(box)
        self._group.buttonClicked.connect(lambda _button: self.chosen.emit(self.code))

    @property
    def code(self) -> str:
        """The chosen code."""
        return next((code for code, each in self._buttons.items() if each.isChecked()), "")

    def choose(self, code: str) -> None:
        """Choose without telling."""
        self._buttons[code].setChecked(True)
