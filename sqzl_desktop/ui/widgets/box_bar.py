"""案件箱条: the boxes beside each other, each with how many cases lie in it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from sqzl_desktop.domain.case_boxes import Box
from sqzl_desktop.ui.widgets.flow_layout import FlowLayout
from sqzl_desktop.ui.widgets.parts import restyle

_URGENT = {"overdue": "danger", "at_risk": "warn"}


class BoxBar(QWidget):
    """Exactly one is chosen; Ctrl and its number choose it, too."""

    chosen = Signal(str)

    def __init__(self, boxes: Sequence[Box]) -> None:
        super().__init__()
        self._boxes = {box.name: box for box in boxes}
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        flow = FlowLayout()
        for number, box in enumerate(boxes, 1):
            made = QPushButton(box.label)
            made.setObjectName("box")
            made.setCheckable(True)
            made.setAutoDefault(False)
            made.setAccessibleName(box.label)
            key = QShortcut(f"Ctrl+{number}", self)
            key.activated.connect(made.click)
            made.setToolTip(f"{box.label}（Ctrl+{number}）")
            self._group.addButton(made)
            self._buttons[box.name] = made
            flow.addWidget(made)
        self.setLayout(flow)
        self.choose(boxes[0].name)
        self._group.buttonClicked.connect(lambda _button: self.chosen.emit(self.box))

    @property
    def box(self) -> str:
        """The name of the chosen one."""
        return next(name for name, each in self._buttons.items() if each.isChecked())

    def choose(self, name: str) -> None:
        """Choose without telling."""
        self._buttons.get(name, self._buttons["all"]).setChecked(True)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many lie in each; one that is not counted is called by its name alone."""
        for name, made in self._buttons.items():
            found = counts.get(name, 0)
            name_of = self._boxes[name].label
            made.setText(f"{name_of}　{found:,}" if found else name_of)
            if name in _URGENT:
                restyle(made, tone=_URGENT[name] if found else "")
