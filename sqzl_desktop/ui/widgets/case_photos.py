"""案件照片: before and after beside each other, and those of the event it came from."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sqzl_desktop.domain.kinds.attachment import Attachment
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.services import case_words
from sqzl_desktop.services.case_reporting import AFTER, BEFORE
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.attachments import AttachmentStrip
from sqzl_desktop.ui.widgets.parts import column


class CasePhotos(QWidget):
    """Photos told apart by their caption, or by when they were taken."""

    counted = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._case = Case()
        self._counts = {BEFORE: 0, AFTER: 0}
        self.before = AttachmentStrip(desk, name="处置前")
        self.after = AttachmentStrip(desk, name="处置后")
        self._of_event = AttachmentStrip(desk, name="来源事件的照片")
        self.before.only = lambda each: not self._is_after(each)
        self.after.only = self._is_after
        self.before.caption, self.after.caption = BEFORE, AFTER
        self.before.counted.connect(lambda count: self._count(BEFORE, count))
        self.after.counted.connect(lambda count: self._count(AFTER, count))
        self.setLayout(column(self.before, self.after, self._of_event, None, gap=12))

    def show_case(self, case: Case) -> None:
        """Show the photos of a case."""
        self._case = case
        for each in (self.before, self.after):
            each.show_record("case", case.id)
        self._of_event.show_record("event", case.event_id)

    def _is_after(self, photo: Attachment) -> bool:
        return case_words.is_after(photo, self._case)

    def _count(self, name: str, count: int) -> None:
        self._counts[name] = count
        self.counted.emit(sum(self._counts.values()))
