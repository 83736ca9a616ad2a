"""民意与宣传: what residents say, and what residents are told."""

from PySide6.QtWidgets import QStackedWidget, QTabBar

from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.opinion_tab import OpinionTab
from sqzl_desktop.ui.dialogs.policy_tab import PolicyTab
from sqzl_desktop.ui.widgets.page import PageView

OPINIONS, POLICIES = range(2)


class OutreachPage(PageView):
    """Opinions on the first tab, policies on the second."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "民意与宣传")
        self.tabs, self._stack = QTabBar(), QStackedWidget()
        self.tabs.setDrawBase(False)
        self.head.insertWidget(1, self.tabs)
        self.head.insertSpacing(1, 12)
        self.opinions, self.policies = OpinionTab(desk), PolicyTab(desk)
        for part, text in ((self.opinions, "社情民意"), (self.policies, "政策宣传")):
            self._stack.addWidget(part)
            self.tabs.addTab(text)
        self.body.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._turn)
        desk.bus.changed.connect(self._changed)

    def refresh(self) -> None:
        (self.opinions, self.policies)[self.tabs.currentIndex()].refresh()

    def open_record(self, kind: str, record_id: str) -> None:
        self.tabs.setCurrentIndex(OPINIONS if kind == "opinion" else POLICIES)
        if kind == "policy":
            self.policies.show_policy(record_id)
        elif record_id:
            self.opinions.records.open(record_id)
        else:
            self.opinions.ask_collect()

    def _turn(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self.refresh()

    def _changed(self, kinds: tuple[str, ...]) -> None:
        if self.isVisible() and {"policy", "policy_told"} & set(kinds):
            self.policies.refresh()
