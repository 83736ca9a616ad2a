"""撤出名册: from which day a person is no longer looked after in a group."""

from PySide6.QtWidgets import QDialog, QWidget

from sqzl_desktop.base.errors import Invalid, UserError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services import care
from sqzl_desktop.services.care import Looked
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import editor
from sqzl_desktop.ui.widgets.parts import button, column, label, row


class EndCare(QDialog):
    """One date, today to begin with; Enter saves."""

    def __init__(self, desk: Desk, looked: Looked, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._looked = desk, looked
        group = BY_NAME[looked.kind]
        self.setWindowTitle(f"撤出{group.label}")
        self.setFixedWidth(460)
        self.on = editor(group.column("until_on"), lambda _kind: None)
        self.on.show_value(desk.ws.today)
        self._problem = label("", "problem", wrap=True)
        self._save = button("撤出", self.save, look="primary")
        self._save.setDefault(True)
        body = column(
            label(f"{looked.name}　撤出{group.label}", "title"),
            label("登记保留，可以随时查看；居民身上对应的标签同时去掉。", "soft", wrap=True),
            label("撤出日期", "soft"), self.on, self._problem,
            row(None, button("取消", self.reject), self._save), gap=8,
        )  # fmt: skip
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)
        self.on.setFocus()

    def save(self) -> None:
        """Save in the background."""
        try:
            on = self.on.value()
        except Unreadable as error:
            self._problem.setText(str(error))
            return
        if on is None:
            self._problem.setText("请填写撤出日期")
            return
        self._save.setEnabled(False)
        ws, looked = self._desk.ws, self._looked
        self._desk.run(
            self,
            lambda: care.end(ws, looked.kind, looked.id, on=on),
            lambda _saved: self._saved(),
            self._refused,
        )

    def _saved(self) -> None:
        self._desk.say("已存本机")
        self._desk.bus.changed.emit((self._looked.kind, "resident"))
        self.accept()

    def _refused(self, error: UserError) -> None:
        self._save.setEnabled(True)
        problems = error.problems.values() if isinstance(error, Invalid) else (str(error),)
        self._problem.setText("；".join(problems))
