"""新网格: its name, code and worker, for a plan."""

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLineEdit, QWidget

from sqzl_desktop.services.redrawing import NewGrid
from sqzl_desktop.ui.widgets.parts import button, column, label, row


class NewGridDialog(QDialog):
    """Asks for a grid that the plan makes. `workers` are (id, name)."""

    def __init__(
        self, code: str, name: str, workers: list[tuple[str, str]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("新网格")
        self.setMinimumWidth(420)
        self._code = code
        self.name = QLineEdit(name)
        self.worker = QComboBox()
        self.worker.addItem("以后指定", "")
        for worker_id, called in workers:
            self.worker.addItem(called, worker_id)
        form = QFormLayout()
        form.addRow("网格代码", label(code))
        form.addRow("网格名称", self.name)
        form.addRow("网格员", self.worker)
        self.accept_button = button("加入方案", self.accept, look="primary")
        self.name.textChanged.connect(
            lambda text: self.accept_button.setEnabled(bool(text.strip()))
        )
        box = column(form, row(None, button("取消", self.reject), self.accept_button), gap=16)
        box.setContentsMargins(16, 16, 16, 16)
        self.setLayout(box)

    def made(self) -> NewGrid:
        """The grid that was asked for."""
        return NewGrid(self._code, self.name.text().strip(), str(self.worker.currentData()))
