"""U盘: two buttons, for a computer that the network does not reach."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services.session import ReceiptDone
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, row

PACKS = "数据包 (*.sqzlpack)"
RECEIPTS = "回执 (*.receipt);;所有文件 (*)"


class StickButtons(QWidget):
    """Write what is unsent to a file; read the receipt that comes back."""

    told = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        write = button("写入U盘", self._ask_where, icon="download",
                       tip="把未上报的内容写成加密文件，带给服务器")  # fmt: skip
        read = button("读取回执", self._ask_which, icon="upload",
                      tip="读取服务器写出的回执")  # fmt: skip
        self.setLayout(row(write, read, gap=8))

    def _ask_where(self) -> None:
        day = f"{self._desk.ws.today:%Y%m%d}"
        name = f"{self._desk.session.profile.label}-{day}.sqzlpack"
        path, _ = QFileDialog.getSaveFileName(self, "写入U盘", name, PACKS)
        if path:
            self._desk.run(
                self,
                lambda: self._desk.session.write_pack(Path(path)),
                lambda count: self.told.emit(f"已写入{count}项，请把文件带给服务器，再带回回执"),
            )

    def _ask_which(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "读取回执", "", RECEIPTS)
        if path:
            self._desk.run(
                self, lambda: self._desk.session.read_receipt(Path(path)), self._received
            )

    def _received(self, done: ReceiptDone) -> None:
        self.told.emit("。".join(done.sentences()))
        self._desk.bus.changed.emit(tuple(BY_NAME))
