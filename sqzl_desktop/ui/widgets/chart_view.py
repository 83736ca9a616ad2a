"""统计图: the shapes of a chart on the screen."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sqzl_desktop.domain.statistics import Figure
from sqzl_desktop.printing.charts import Box, Words, draw
from sqzl_desktop.ui import theme

SIZE = 13.0
NARROWEST = 360


class ChartView(QWidget):
    """One figure, as wide as there is room and as high as it needs."""

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self._figure = figure
        self._drawing = draw(figure, width=NARROWEST, size=SIZE)
        self.setMinimumWidth(NARROWEST)
        self.setFixedHeight(int(self._drawing.height) + 2)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(figure.title)

    def sizeHint(self) -> QSize:
        return QSize(NARROWEST, int(self._drawing.height) + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._drawing.width != self.width():
            self._drawing = draw(self._figure, width=self.width(), size=SIZE)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(theme.FAMILY)
        font.setPixelSize(int(SIZE))
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        for mark in self._drawing.marks:
            if isinstance(mark, Box):
                painter.fillRect(QRectF(mark.x, mark.y, max(mark.width, 1), mark.height),
                                 QColor(mark.colour))  # fmt: skip
            elif isinstance(mark, Words):
                _write(painter, metrics, mark)
        painter.end()


def _write(painter: QPainter, metrics: QFontMetricsF, words: Words) -> None:
    width = metrics.horizontalAdvance(words.text)
    back = {"start": 0.0, "middle": width / 2, "end": width}[words.anchor]
    down = (metrics.ascent() - metrics.descent()) / 2
    painter.setPen(QColor(words.colour))
    painter.drawText(QPointF(words.x - back, words.y + down), words.text)


ALIGN_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
ALIGN_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
