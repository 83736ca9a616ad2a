"""选项: the choices of many choosers, made once: a chooser for each column of a wide sheet."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from sqzl_desktop.exchange.headings import Target


def choices_model(parent: QObject, nothing: str, offered: Sequence[Target]) -> QStandardItemModel:
    """What to choose from, `nothing` first."""
    model = QStandardItemModel(parent)
    for words, field in ((nothing, ""), *((each.label, each.field) for each in offered)):
        item = QStandardItem(words)
        item.setData(field, Qt.ItemDataRole.UserRole)
        model.appendRow(item)
    return model
