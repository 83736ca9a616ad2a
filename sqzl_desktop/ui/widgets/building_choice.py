"""楼栋选择: which building is shown: typed, picked, or the one before and after."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.ui.widgets.parts import button, row


class BuildingChoice(QWidget):
    """`chosen` gives the id of the building that a person chose."""

    chosen = Signal(str)

    def __init__(self, over: QWidget) -> None:
        super().__init__()
        self.box = QComboBox()
        self.box.setMinimumWidth(230)
        self.box.setAccessibleName("楼栋")
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = self.box.completer() or QCompleter(self.box)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.box.activated.connect(lambda _index: self._say())
        before = button("", lambda: self.go(-1), icon="back", tip="上一栋（Ctrl+PgUp）")
        after = button("下一栋", lambda: self.go(1), tip="下一栋（Ctrl+PgDown）")
        self.setLayout(row(before, self.box, after))
        for key, way in (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1)):
            made = QShortcut(QKeySequence(key), over)
            made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(lambda way=way: self.go(way))

    def fill(self, buildings: Sequence[Building], current: str) -> str:
        """Offer these buildings; which is shown: the current one while it is there."""
        known = [each.id for each in buildings]
        shown = current if current in known else known[0] if known else ""
        self.box.blockSignals(True)
        self.box.clear()
        for each in buildings:
            self.box.addItem(f"{each.estate} {each.name}", each.id)
        self.box.setCurrentIndex(self.box.findData(shown))
        self.box.blockSignals(False)
        return shown

    def go(self, way: int) -> None:
        """To the next building, or to the one before."""
        if self.isEnabled() and self.box.count():
            self.box.setCurrentIndex((self.box.currentIndex() + way) % self.box.count())
            self._say()

    def _say(self) -> None:
        self.chosen.emit(str(self.box.currentData()))
