"""满意度五档: five big keys beside each other; a digit, an arrow or a click chooses."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.ui.widgets.parts import row

HEIGHT = 60


class GradeKeys(QWidget):
    """None is chosen at first. 1 is the best, 5 the worst."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        line = row(gap=8)
        for number, grade in enumerate(code_list("satisfaction").codes, 1):
            made = QPushButton(f"{number}　{grade.name}")
            made.setObjectName("segment")
            made.setCheckable(True)
            made.setAutoDefault(False)
            made.setMinimumHeight(HEIGHT)
            made.setAccessibleName(grade.name)
            key = QShortcut(QKeySequence(str(number)), self)
            key.activated.connect(made.click)  # a digit typed into a text is not taken away
            self._group.addButton(made)
            self._buttons[grade.code] = made
            line.addWidget(made, 1)
        self.setLayout(line)
        self.setFocusProxy(next(iter(self._buttons.values())))
        self._group.buttonClicked.connect(lambda _button: self.chosen.emit(self.code))

    @property
    def code(self) -> str:
        """The grade that is chosen, "" where none is."""
        return next((code for code, each in self._buttons.items() if each.isChecked()), "")
