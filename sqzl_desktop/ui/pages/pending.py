"""待处理: what waits for a person's decision: conflicts, refusals, handovers, duplicates."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabWidget

from sqzl_desktop.services import pending
from sqzl_desktop.services.pending import Draft, Entry
from sqzl_desktop.services.session import SyncState
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.edit_record import EditRecord
from sqzl_desktop.ui.widgets.choice_list import ChoiceList
from sqzl_desktop.ui.widgets.conflict_desk import ConflictDesk
from sqzl_desktop.ui.widgets.duplicate_desk import DuplicateDesk
from sqzl_desktop.ui.widgets.handover_desk import HandoverDesk
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.refused_desk import RefusedDesk
from sqzl_desktop.ui.widgets.told_strip import ToldStrip


class PendingPage(PageView):
    """One tab for each sort; the counts stand on the tabs."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "待处理")
        self.conflicts = ConflictDesk(desk)
        self.refused = RefusedDesk(desk)
        self.refused.correct_requested.connect(self._correct)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.handovers = HandoverDesk(desk)
        self.duplicates = DuplicateDesk(desk)
        self._names = ((self.conflicts, "冲突"), (self.refused, "被退回"),
                       (self.handovers, "移交箱"), (self.duplicates, "疑似重复"))  # fmt: skip
        for part, name in self._names:
            self.tabs.addTab(part, name)
        self.told = ToldStrip(desk)
        self.body.addWidget(self.told)
        self.body.addWidget(self.tabs, 1)
        desk.bus.changed.connect(self.refresh_if_seen)

    def refresh(self) -> None:
        self.told.refresh()
        self.conflicts.refresh()
        self.refused.refresh()
        self.handovers.refresh()
        self.duplicates.refresh()
        self.desk.run(self, self.desk.session.sync_state, self._show_counts)

    def showEvent(self, event: QShowEvent) -> None:
        """The keys of the list work at once."""
        super().showEvent(event)
        shown = self.tabs.currentWidget()
        if isinstance(shown, ChoiceList):
            shown.table.setFocus()

    def _show_counts(self, state: SyncState) -> None:
        counts = (state.conflicts, state.refused, state.handovers, state.duplicates)
        for at, ((_, name), count) in enumerate(zip(self._names, counts, strict=True)):
            self.tabs.setTabText(at, f"{name}　{count}" if count else name)

    def _correct(self, entry: Entry) -> None:
        ws = self.desk.ws

        def ask(draft: Draft) -> None:
            title = f"修改后重报　{entry.meant[0].title}"
            hint = f"退回原因：{entry.reason}"
            dialog = EditRecord(self.desk, draft.shown, title, self, hint=hint)
            dialog.form.save_with = lambda _ws, shown, edited: pending.offer_changed(
                ws, entry.id, shown, edited
            )
            dialog.form.fill(draft.filled, is_draft=draft.is_new)
            dialog.exec()

        self.desk.run(self, lambda: pending.draft(ws, entry.id), ask)
