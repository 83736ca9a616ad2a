"""登录: unlock the store, or sign in on this machine for the first time."""

import socket
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from sqzl_desktop.base.errors import UserError, WipeOrdered
from sqzl_desktop.ui import tasks, theme
from sqzl_desktop.ui.widgets.parts import button, card, column, holder, label, row

if TYPE_CHECKING:
    from sqzl_desktop.services.session import Opener, Session


class LoginView(QWidget):
    """Fills the window until somebody has unlocked it."""

    opened = Signal(object)
    wiped = Signal(str)

    def __init__(self, opener: "Opener", folder: Path) -> None:
        super().__init__()
        self.setObjectName("window")
        self._opener = opener
        self._folder = folder
        self._profile = opener.profile(folder)
        self._fields: dict[str, QLineEdit] = {}
        self._ca = QLineEdit()
        self._problem = label("", "problem", wrap=True)
        self._problem.setMinimumHeight(36)
        text = "登录" if self._profile is None else "解锁"
        self._go = button(text, self._start, look="primary")
        self._go.setMinimumHeight(42)
        self.setLayout(column(None, row(None, self._panel(), None), None))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._first().setFocus()  # not before: whoever had it in this window keeps it till then

    def password(self) -> QLineEdit:
        """The field of the password."""
        return self._fields["password"]

    def fill(self, **values: str) -> None:
        """Fill in fields by their names, as provisioning does."""
        for name, value in values.items():
            self._fields[name].setText(value)

    def _panel(self) -> QFrame:
        picture = QLabel()
        picture.setPixmap(theme.pixmap("building", "accent", 48))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = label("社区治理", "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        parts = [picture, title]
        if self._profile is None:
            hint = "第一次使用：请填写服务器地址、账号和密码"
            fields = [("server", "服务器地址", ""), ("account", "账号", ""),
                      ("label", "这台电脑的名称", socket.gethostname())]  # fmt: skip
        else:
            hint = f"账号 {self._profile.account}，数据只保存在这台电脑上并已加密"
            fields = []
        soft = label(hint, "soft", wrap=True)
        soft.setAlignment(Qt.AlignmentFlag.AlignCenter)
        body = column(*parts, soft, 8, gap=8)
        for name, caption, value in (*fields, ("password", "密码", "")):
            self._add(body, name, caption, value)
        self._fields["password"].setEchoMode(QLineEdit.EchoMode.Password)
        show = QCheckBox("显示密码")
        show.toggled.connect(self._show_password)
        body.addWidget(show)
        if self._profile is None:
            self._add_authority(body)
        body.addWidget(self._problem)
        body.addWidget(self._go)
        panel = card(body, padding=32)
        panel.setFixedWidth(420)
        return panel

    def _add(self, body, name: str, caption: str, value: str) -> None:  # type: ignore[no-untyped-def]
        line = QLineEdit(value)
        line.setAccessibleName(caption)
        line.returnPressed.connect(self._start)
        if name == "server":
            line.setPlaceholderText("例如 https://sync.example.cn")
        self._fields[name] = line
        body.addWidget(label(caption, "soft"))
        body.addWidget(line)

    def _add_authority(self, body: QVBoxLayout) -> None:
        """Folded away: only where the server's certificate comes from an authority of one's own."""
        self._ca.setAccessibleName("CA 证书文件")
        self._ca.setPlaceholderText("CA 证书文件（.pem）")
        choose = button("选择文件", self._choose_ca, icon="file")
        line = holder(row(self._ca, choose))
        line.hide()
        more = QCheckBox("高级：服务器使用单位自己的证书机构")
        more.toggled.connect(line.setVisible)
        body.addWidget(more)
        body.addWidget(line)

    def _choose_ca(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "选择 CA 证书文件", "", "证书 (*.pem *.crt *.cer);;所有文件 (*)"
        )
        if chosen:
            self._ca.setText(chosen)

    def _first(self) -> QLineEdit:
        return next(iter(self._fields.values()))

    def _show_password(self, is_shown: bool) -> None:
        echo = QLineEdit.EchoMode
        self.password().setEchoMode(echo.Normal if is_shown else echo.Password)

    def _start(self) -> None:
        if not self._go.isEnabled():
            return  # Enter once more, while the store is being opened
        values = {name: line.text() for name, line in self._fields.items()}
        empty = [name for name, value in values.items() if not value.strip()]
        if empty:
            self._problem.setText("请把每一项都填上")
            self._fields[empty[0]].setFocus()
            return
        self._go.setEnabled(False)
        self._problem.setText("")
        ca = self._ca.text().strip() if self._ca.isVisible() else ""
        tasks.run(
            lambda: self._open(values, ca), self.opened.emit, owner=self, failed=self._refused
        )

    def _open(self, values: dict[str, str], ca: str) -> "Session":
        if self._profile is not None:
            return self._opener.unlock(self._folder, values["password"])
        return self._opener.enrol(
            self._folder,
            server=values["server"].strip(),
            account=values["account"].strip(),
            password=values["password"],
            label=values["label"].strip(),
            ca=ca,
        )

    def _refused(self, error: UserError) -> None:
        if isinstance(error, WipeOrdered):
            self.wiped.emit(str(error))
            return
        self._go.setEnabled(True)
        self._problem.setText(str(error))
        self.password().selectAll()
        self.password().setFocus()

    @property
    def problem(self) -> str:
        """What was wrong with the last attempt."""
        return self._problem.text()
