"""户数条: how many households a grid has, against the 300 to 500 it should have."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sqzl_desktop.domain.redrawing import FEWEST_HOUSEHOLDS, MOST_HOUSEHOLDS
from sqzl_desktop.ui import theme

_FULL = 800  # households at the right end


class HouseholdBar(QWidget):
    """The range that is wanted as a band, the count as a bar in it; `before` as a thin line."""

    def __init__(self, count: int, before: int | None = None) -> None:
        super().__init__()
        self._count, self._before = count, before
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"应为{FEWEST_HOUSEHOLDS}～{MOST_HOUSEHOLDS}户")

    def sizeHint(self) -> QSize:
        return QSize(160, 18)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        high = self.height()
        painter.setBrush(QColor(theme.COLOURS["line"]))
        painter.drawRoundedRect(QRectF(0, 4, self.width(), high - 8), 4, 4)
        painter.setBrush(QColor("#bfe3cb"))
        left, right = self._at(FEWEST_HOUSEHOLDS), self._at(MOST_HOUSEHOLDS)
        painter.drawRect(QRectF(left, 2, right - left, high - 4))
        fits = FEWEST_HOUSEHOLDS <= self._count <= MOST_HOUSEHOLDS
        painter.setBrush(QColor(theme.COLOURS["ok" if fits else "warn"]))
        painter.drawRoundedRect(QRectF(0, 6, self._at(self._count), high - 12), 3, 3)
        if self._before is not None:
            painter.setBrush(QColor(theme.COLOURS["text"]))
            painter.drawRect(QRectF(self._at(self._before) - 1, 1, 2, high - 2))
        painter.end()

    def _at(self, count: int) -> float:
        return min(1.0, count / _FULL) * self.width()
