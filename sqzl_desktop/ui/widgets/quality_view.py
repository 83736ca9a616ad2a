"""质量清单: the table of the quality panel; a click or Enter opens the list of a line."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from sqzl_desktop.ui import theme
from sqzl_desktop.ui.models.quality_table import ADVICE, TONE, QualityTable

ROW, LABEL_WIDTH = 58, 470
TOTAL_WIDTH, TREND_WIDTH, GRID_WIDTH = 76, 76, 84


class _Words(QStyledItemDelegate):
    """What is wrong, and below it, smaller, what to do."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        text, index_text = str(index.data(ADVICE)), str(index.data())
        style = option.widget.style()  # type: ignore[attr-defined]
        self.initStyleOption(option, index)
        option.text = ""  # type: ignore[attr-defined]
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)  # type: ignore[attr-defined]
        rect: QRect = option.rect  # type: ignore[attr-defined]
        painter.save()
        painter.fillRect(rect.x(), rect.y() + 8, 4, rect.height() - 16,
                         QColor(theme.COLOURS[str(index.data(TONE))]))  # fmt: skip
        font = painter.font()
        font.setPixelSize(15)
        font.setBold(True)
        self._line(painter, rect.adjusted(16, 8, -8, 0), index_text, "text", font_of=font)
        font.setPixelSize(13)
        font.setBold(False)
        self._line(painter, rect.adjusted(16, 32, -8, 0), text, "soft", font_of=font)
        painter.restore()

    def _line(
        self, painter: QPainter, rect: QRect, text: str, colour: str, *, font_of: object
    ) -> None:
        painter.setFont(font_of)  # type: ignore[arg-type]
        painter.setPen(QColor(theme.COLOURS[colour]))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, shown)


class QualityView(QTableView):
    """One row a line of the panel. A grid's cell opens what lies in that grid."""

    wanted = Signal(int, int)  # row, column

    def __init__(self, model: QualityTable) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName("数据质量")
        self.setItemDelegateForColumn(0, _Words(self))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, QColor(theme.COLOURS["accent_soft"]))
        self.setPalette(palette)
        self.clicked.connect(lambda index: self.wanted.emit(index.row(), index.column()))

    def fit(self) -> None:
        """Column widths for the grids there are; the words get what is left."""
        count = self.model().columnCount()
        for column in range(1, count):
            width = {1: TOTAL_WIDTH, 2: TREND_WIDTH}.get(column, GRID_WIDTH)
            self.setColumnWidth(column, width)
        rest = TOTAL_WIDTH + TREND_WIDTH + GRID_WIDTH * (count - 3)
        self.setColumnWidth(0, max(LABEL_WIDTH, self.viewport().width() - rest))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The scroll bar takes its room from the words, not from the last grid."""
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.wanted.emit(self.currentIndex().row(), 0)
        else:
            super().keyPressEvent(event)
