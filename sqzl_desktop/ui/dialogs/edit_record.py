"""登记: the form of one record in a window of its own, begun with what is known already."""

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QWidget

from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.pick_record import picker
from sqzl_desktop.ui.widgets.parts import column, label
from sqzl_desktop.ui.widgets.record_form import RecordForm, may_leave


class EditRecord(QDialog):
    """Closes when the record is saved; asks before it drops what was typed."""

    def __init__(
        self, desk: Desk, record: Element, title: str, parent: QWidget, *, hint: str = ""
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(720, 620)
        self.form = RecordForm(desk, elements.kind_of(record).name, picker(desk, self))
        self.form.show_record(record)
        self.form.saved.connect(lambda _record: self._saved())
        body = column(label(title, "title"), self.form, gap=16)
        body.setStretch(1, 1)
        if hint:
            body.insertWidget(1, label(hint, wrap=True))
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)
        self.form.save_button.setDefault(True)  # Enter saves, and opens no chooser on the way
        self.form.fields.focus_first()

    def _saved(self) -> None:
        if not self.form.is_dirty:
            self.accept()

    def reject(self) -> None:
        if may_leave(self.form):
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if may_leave(self.form):
            super().closeEvent(event)
        else:
            event.ignore()
