"""该告知的政策: what is to be told on a visit, one tick each, with the words to say."""

from collections.abc import Sequence

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QWidget

from sqzl_desktop.services.policies import ToHear
from sqzl_desktop.ui.widgets.parts import column, holder, label

SHOWN, LINE = 3, 30  # more are scrolled; the height of one


class PolicyTicks(QWidget):
    """Hidden where nothing is to be told. Alt+G ticks all, or none where all are."""

    def __init__(self, some: Sequence[ToHear]) -> None:
        super().__init__()
        self._some = tuple(some)
        self.boxes = [QCheckBox(each.title) for each in some]
        lines = column(gap=2)
        for box, each in zip(self.boxes, some, strict=True):
            box.setToolTip(each.content)
            lines.addWidget(box)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(holder(lines))
        scroll.setFixedHeight(LINE * min(max(len(some), 1), SHOWN))
        head = label("已告知的政策（打勾，Alt+G全选；指着标题看要点）", "soft")
        self.setLayout(column(head, scroll, gap=4))
        QShortcut("Alt+G", self).activated.connect(self.tick_all)
        self.setVisible(bool(some))

    @property
    def ticked(self) -> list[ToHear]:
        """What was told; nothing while nobody was met."""
        if not self.isEnabled():
            return []
        return [each for box, each in zip(self.boxes, self._some, strict=True) if box.isChecked()]

    def tick_all(self) -> None:
        """Tick all, or none where all are ticked."""
        is_all = all(box.isChecked() for box in self.boxes)
        for box in self.boxes:
            box.setChecked(not is_all)
