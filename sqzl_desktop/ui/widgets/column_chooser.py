"""选择列: which columns a list shows, and in which order."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QWidget

from sqzl_desktop.schema.kind import Column
from sqzl_desktop.ui.widgets.parts import button, column, label, row

UNSHOWN = ("outline",)
SIZE = (260, 420)


class ColumnChooser(QFrame):
    """A list to tick and to drag; Space ticks, 完成 applies."""

    chosen = Signal(tuple)  # names of columns, () for the usual ones

    def __init__(self, parent: QWidget, known: Sequence[Column], shown: Sequence[Column]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setAccessibleName("显示的列")
        names = [each.name for each in shown]
        others = [each for each in known if each.name not in names and each.type not in UNSHOWN]
        for each in (*shown, *others):
            item = QListWidgetItem(each.label)
            item.setData(Qt.ItemDataRole.UserRole, each.name)
            is_shown = each.name in names
            item.setCheckState(Qt.CheckState.Checked if is_shown else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        body = column(
            label("勾选要显示的列，拖动可调整先后", "small"),
            self.list,
            row(
                button("恢复默认", lambda: self._end(()), look="flat"),
                None,
                button("完成", self.apply, look="primary"),
            ),
        )
        body.setContentsMargins(12, 12, 12, 12)
        self.setLayout(body)
        self.resize(*SIZE)
        self.list.setFocus()

    def show_below(self, widget: QWidget) -> None:
        """Below a button, its right edges in one line."""
        corner = widget.mapToGlobal(QPoint(widget.width() - self.width(), widget.height() + 4))
        self.move(corner)
        self.show()

    def apply(self) -> None:
        """Show what is ticked; nothing ticked is the usual again."""
        items = (self.list.item(place) for place in range(self.list.count()))
        self._end(
            tuple(
                item.data(Qt.ItemDataRole.UserRole)
                for item in items
                if item.checkState() == Qt.CheckState.Checked
            )
        )

    def _end(self, names: tuple[str, ...]) -> None:
        self.chosen.emit(names)
        self.close()
