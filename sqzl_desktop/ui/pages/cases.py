"""事件案件: what was noticed, and what became of it."""

from PySide6.QtWidgets import QTabWidget

from sqzl_desktop.services import elements
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.pick_record import picker
from sqzl_desktop.ui.dialogs.report_case import ask_report
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button
from sqzl_desktop.ui.widgets.record_desk import RecordDesk

TABS = (("event", "事件"), ("case", "案件"))


class CasesPage(PageView):
    """Events and cases, each a list with its form."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "事件案件")
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        self._desks = {kind: RecordDesk(desk, kind, picker(desk, self)) for kind, _ in TABS}
        for kind, text in TABS:
            self._tabs.addTab(self._desks[kind], text)
            layout = self._desks[kind].layout()
            if layout is not None:
                layout.setContentsMargins(0, 12, 0, 0)
        self.body.addWidget(self._tabs, 1)
        if elements.may(desk.ws, "write", "event"):
            self.tools.addWidget(
                button("上报事件", lambda: self.open_record("event", ""), icon="alert")
            )
        if elements.may(desk.ws, "create", "case"):
            new = button("上报案件", self._report, icon="plus", look="primary",
                         tip="上报案件（Ctrl+N）")  # fmt: skip
            new.setShortcut("Ctrl+N")
            self.tools.addWidget(new)

    def _report(self) -> None:
        ask_report(self.desk, self)

    def refresh(self) -> None:
        for each in self._desks.values():
            each.refresh()

    def open_record(self, kind: str, record_id: str) -> None:
        self._tabs.setCurrentWidget(self._desks[kind])
        if record_id:
            self._desks[kind].open(record_id)
        else:
            self._desks[kind].blank()
