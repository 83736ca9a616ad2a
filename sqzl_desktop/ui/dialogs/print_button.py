"""打印按钮: a button with the forms of a record; digits choose, the preview opens."""

import functools

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from sqzl_desktop.services import elements
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.print_preview import PrintPreview


class PrintButton(QPushButton):
    """`forms` pairs what the menu says with the name of a form; hidden from who may not print."""

    def __init__(self, desk: Desk, kind: str, forms: dict[str, str], over: QWidget) -> None:
        super().__init__("打印")
        self._desk, self._over = desk, over
        self._record_id = ""
        self.setIcon(theme.icon("print"))
        self.setToolTip("打印（Ctrl+P）")
        self.setShortcut("Ctrl+P")
        self.setProperty("menu", True)
        menu = QMenu(self)
        for number, (text, form) in enumerate(forms.items(), 1):
            chosen = menu.addAction(f"&{number}　{text}")
            chosen.triggered.connect(functools.partial(self._preview, form))
        self.setMenu(menu)
        self.clicked.connect(self.showMenu)
        if not elements.may(desk.ws, "print", kind):
            self.hide()

    def show_record(self, record_id: str) -> None:
        """Whose forms; "" is nobody's."""
        self._record_id = record_id
        self.setEnabled(bool(record_id))

    def _preview(self, form: str, _checked: bool = False) -> None:
        PrintPreview(self._desk, form, self._record_id, self._over).exec()
