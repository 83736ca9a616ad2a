"""数字表: the table beside or below a chart, its rows as high as the chart's."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QTableWidget, QTableWidgetItem

from sqzl_desktop.ui.widgets.chart_view import ALIGN_NUMBER, ALIGN_TEXT

ROW, LABELS, NUMBERS = 23, 176, 76  # rows as high as the chart's


def figure_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    name: str,
    has_sum: bool = False,
    labels: int = LABELS,
    numbers: int = NUMBERS,
) -> QTableWidget:
    """Labels left, numbers right, as large as it is; the sums, where there are any, in bold."""
    table = QTableWidget(len(rows), len(headings))
    for number, text in enumerate(headings):
        head = QTableWidgetItem(text)
        head.setTextAlignment(ALIGN_NUMBER if number else ALIGN_TEXT)
        table.setHorizontalHeaderItem(number, head)
    _dress(table, name)
    for place, cells in enumerate(rows):
        for number, text in enumerate(cells):
            item = QTableWidgetItem(text)
            if number:
                item.setTextAlignment(ALIGN_NUMBER)
            else:
                item.setToolTip(text)
            if has_sum and place == len(rows) - 1:
                font = item.font()
                font.setBold(True)
                item.setFont(font)
            table.setItem(place, number, item)
    for number in range(1, len(headings)):
        table.setColumnWidth(number, numbers)
    table.setColumnWidth(0, labels)
    frame = 2 * table.frameWidth() + 4  # and the rounded corners
    wide = labels + numbers * (len(headings) - 1)
    table.setFixedSize(wide + frame, ROW + table.verticalHeader().length() + frame)
    return table


def _dress(table: QTableWidget, name: str) -> None:
    table.verticalHeader().hide()
    table.verticalHeader().setMinimumSectionSize(ROW)
    table.verticalHeader().setDefaultSectionSize(ROW)
    table.horizontalHeader().setFixedHeight(ROW)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setAccessibleName(name)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustIgnored)
