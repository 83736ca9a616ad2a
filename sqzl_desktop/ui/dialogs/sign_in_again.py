"""重新登录: the server wants the password once more; data and unsent work stay as they are."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, label, row

KEPT = "本机的数据和还没有上报的修改都原样保留；登录后会接着同步。现在不登录也可以继续离线工作。"


class SignInAgain(QDialog):
    """Says why, asks for the password, stays open until the server has taken it."""

    def __init__(self, desk: Desk, why: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("重新登录")
        self.setFixedWidth(480)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName("密码")
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        self._go = button("登录", self.sign_in, look="primary")
        self._go.setDefault(True)
        body = column(
            label("需要重新登录", "title"),
            label(why, wrap=True),
            label(KEPT, "soft", wrap=True),
            label(f"账号 {desk.session.profile.account} 的密码", "soft"),
            self.password,
            self._problem,
            row(None, button("以后再说", self.reject), self._go),
            gap=8,
        )
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)
        self.password.setFocus()

    def sign_in(self) -> None:
        """Give the password to the server, in the background."""
        password = self.password.text()
        if not password:
            self._refuse("请输入密码")
            return
        self._go.setEnabled(False)
        self._desk.run(
            self,
            lambda: self._desk.session.sign_in(password),
            lambda _none: self.accept(),
            self._refused,
        )

    def _refused(self, error: UserError) -> None:
        self._refuse(str(error))

    def _refuse(self, sentence: str) -> None:
        self._go.setEnabled(True)
        self._problem.setText(sentence)
        self._problem.show()
        self.password.selectAll()
        self.password.setFocus()

    @property
    def problem(self) -> str:
        """What was wrong with the last attempt."""
        return self._problem.text()
