"""案件规则: the classes with their limits, and the calendar by which limits are counted."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QTabWidget, QWidget

from sqzl_desktop.services import elements
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.calendar_desk import CalendarDesk
from sqzl_desktop.ui.widgets.class_desk import ClassDesk
from sqzl_desktop.ui.widgets.parts import button, column, label, padded, row

TITLE = "案件类别、时限和日历"
_READ_ONLY = "只有社区负责人可以修改，您可以查看。"


class CaseRules(QDialog):
    """Two tabs. Everything is saved as it is changed; only a class has a button for it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.resize(1300, 670)
        self.classes, self.calendar = ClassDesk(desk), CalendarDesk(desk)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(padded(self.classes), "类别和时限")
        self.tabs.addTab(padded(self.calendar), "日历和办公时间")
        close = button("关闭", self.close)
        close.setAutoDefault(False)
        foot = row(None, close)
        if not elements.may(desk.ws, "write", "case_class"):
            foot.insertWidget(0, label(_READ_ONLY, "soft"))
        body = column(self.tabs, foot, gap=8)
        body.setStretch(0, 1)
        body.setContentsMargins(20, 12, 20, 12)
        self.setLayout(body)
        self.tabs.currentChanged.connect(lambda _at: self._show_current())
        self._show_current()
        self.classes.tree.search.setFocus()

    def reject(self) -> None:
        """Esc and the button: what is not saved is asked about."""
        if self.classes.may_leave():
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # Enter in a line is the line's alone, not some button's
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.classes.may_leave():
            super().closeEvent(event)
        else:
            event.ignore()

    def _show_current(self) -> None:
        if self.tabs.currentIndex() == 0:
            self.classes.refresh()
        else:
            self.calendar.refresh()
