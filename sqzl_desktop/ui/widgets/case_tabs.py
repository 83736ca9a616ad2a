"""案件分页: what a case is about and what happened to it, its people, photos, form and history."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QTabWidget, QWidget

from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.services.case_look import CaseLook
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.case_facts import CaseFacts
from sqzl_desktop.ui.widgets.case_people import CasePeople
from sqzl_desktop.ui.widgets.case_photos import CasePhotos
from sqzl_desktop.ui.widgets.case_timeline import CaseTimeline
from sqzl_desktop.ui.widgets.field_editors import Picker
from sqzl_desktop.ui.widgets.history_panel import HistoryPanel
from sqzl_desktop.ui.widgets.parts import column, holder, label, padded
from sqzl_desktop.ui.widgets.record_form import RecordForm, may_leave

TWO_COLUMNS_FROM = 820


class CaseTabs(QTabWidget):
    """`above` stands before the facts on the first tab. The form is made when it is wanted."""

    def __init__(self, desk: Desk, pick: Picker, above: Sequence[QWidget]) -> None:
        super().__init__()
        self._desk, self._pick = desk, pick
        self._case = Case()
        self.form: RecordForm | None = None
        self.facts, self.people, self.photos = CaseFacts(desk), CasePeople(desk), CasePhotos(desk)
        self.timeline, self.history = CaseTimeline(), HistoryPanel(desk)
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self._scroll = self._first(above)
        self._form_box = column()
        self._of_form = padded(holder(self._form_box))
        for part, name in ((padded(self._scroll), "概况和经过"), (padded(self.people), "人员"),
                           (padded(self.photos), "照片"), (self._of_form, "修改信息"),
                           (padded(self.history), "变更历史")):  # fmt: skip
            self.addTab(part, name)
        self.people.counted.connect(lambda count: self._count(1, "人员", count))
        self.photos.counted.connect(lambda count: self._count(2, "照片", count))
        self.currentChanged.connect(self._turn_to)

    def show_case(self, look: CaseLook, *, is_other: bool) -> None:
        """Show a case; another one than before begins on the first tab."""
        self._case = look.case
        self.facts.show_case(look)
        self.timeline.show_moments(look.moments)
        self.people.show_case(look)
        self.photos.show_case(look.case)
        self.history.show_record("case", look.case.id)
        if self.form is not None and not self.form.is_dirty:
            self.form.show_record(look.case)
        if is_other:
            self.show_top()

    def show_top(self) -> None:
        """The beginning of the first tab."""
        self.setCurrentIndex(0)
        self._scroll.verticalScrollBar().setValue(0)

    def may_leave(self) -> bool:
        """Is nothing unsaved in the form, or may it be dropped? Asks the person."""
        return self.form is None or may_leave(self.form)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What happened stands beside the facts where there is room."""
        super().resizeEvent(event)
        ways = QBoxLayout.Direction
        self._halves.setDirection(
            ways.LeftToRight if self.width() >= TWO_COLUMNS_FROM else ways.TopToBottom
        )

    def _first(self, above: Sequence[QWidget]) -> QScrollArea:
        told = column(label("办理经过", "section"), self.timeline, None, gap=10)
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._halves.setSpacing(16)
        self._halves.addLayout(column(self.facts, None), 1)
        self._halves.addLayout(told, 1)
        read = column(*above, self._halves, None, gap=10)
        read.setContentsMargins(0, 0, 8, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(holder(read))
        return scroll

    def _count(self, place: int, name: str, count: int) -> None:
        self.setTabText(place, f"{name}　{count}" if count else name)

    def _turn_to(self, place: int) -> None:
        if self.widget(place) is not self._of_form or self.form is not None:
            return
        self.form = RecordForm(self._desk, "case", self._pick)
        self._form_box.addWidget(self.form)
        if self._case.id:
            self.form.show_record(self._case)
