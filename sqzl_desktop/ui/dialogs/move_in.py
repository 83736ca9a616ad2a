"""迁入登记: choose a dwelling for a resident."""

from PySide6.QtWidgets import QDialog, QWidget

from sqzl_desktop.base.errors import Invalid, UserError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services import people
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.pick_record import picker
from sqzl_desktop.ui.widgets.field_editors import editor
from sqzl_desktop.ui.widgets.offering import serve
from sqzl_desktop.ui.widgets.parts import button, column, label, row


class MoveIn(QDialog):
    """One action: the person and the residence are saved together."""

    def __init__(self, desk: Desk, resident: Resident, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("迁入登记")
        self.setFixedWidth(560)
        self._desk = desk
        self._resident = resident
        kind = BY_NAME["residence"]
        pick = picker(desk, self)
        self.dwelling = editor(kind.column("dwelling_id"), pick)
        if self.dwelling.offering is not None:
            serve(desk, self.dwelling.offering, "dwelling")
        self.stay = editor(kind.column("kind_of_stay"), pick)
        self.since = editor(kind.column("from_on"), pick)
        self.since.show_value(desk.ws.today)
        self._problem = label("", "problem", wrap=True)
        self._save = button("登记", self.save, look="primary")
        body = column(
            label(f"{resident.name}　迁入登记", "title"),
            label("房屋", "soft"), self.dwelling,
            label("居住方式", "soft"), self.stay,
            label("入住日期", "soft"), self.since,
            self._problem,
            row(None, button("取消", self.reject), self._save),
            gap=8,
        )  # fmt: skip
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)
        self._save.setDefault(True)

    def save(self) -> None:
        """Save in the background; what was chosen stays until it is saved."""
        try:
            dwelling, stay, since = self.dwelling.value(), self.stay.value(), self.since.value()
        except Unreadable as error:
            self._problem.setText(str(error))
            return
        if not dwelling:
            self._problem.setText("请选择房屋")
            return
        self._save.setEnabled(False)  # twice in a row would be two residences
        self._desk.run(
            self,
            lambda: people.move_in(
                self._desk.ws, self._resident, dwelling_id=dwelling, kind_of_stay=stay,
                from_on=since,
            ),
            lambda _saved: self._saved(),
            self._refused,
        )  # fmt: skip

    def _saved(self) -> None:
        self._desk.say("已存本机")
        self._desk.bus.changed.emit(("resident", "residence"))
        self.accept()

    def _refused(self, error: UserError) -> None:
        self._save.setEnabled(True)
        problems = error.problems.values() if isinstance(error, Invalid) else (str(error),)
        self._problem.setText("；".join(problems))
