"""遮盖: a sensitive field of a saved record, masked until it is revealed, for a while."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from sqzl_desktop.ui.widgets.field_editors import FieldEditor
from sqzl_desktop.ui.widgets.parts import button, holder, row

REVEAL_MS = 10_000


class MaskedField(QWidget):
    """The editor of a sensitive field under a cover. `ask` reveals: it is audited."""

    def __init__(self, editor: FieldEditor, ask: Callable[[], None]) -> None:
        super().__init__()
        self._editor = editor
        self._shown = QLineEdit()
        self._shown.setReadOnly(True)
        tip = "显示完整内容10秒，并可修改；会记入审计"
        self._show = button("显示", ask, icon="eye", tip=tip)
        self._cover = holder(row(self._shown, self._show))
        self._timer = QTimer(self, singleShot=True, interval=REVEAL_MS)
        self._timer.timeout.connect(self._cover_again)
        self._is_touched = False
        editor.changed.connect(self._touched)
        self.setLayout(row(self._cover, editor, gap=0))

    @property
    def is_covered(self) -> bool:
        """Is the value hidden, and so not to be read from the editor?"""
        return not self._cover.isHidden()

    @property
    def masked_text(self) -> str:
        """What is shown in place of the value."""
        return self._shown.text()

    @property
    def reveal_button(self) -> QWidget:
        """The button that asks for the value."""
        return self._show

    def cover(self, masked: str) -> None:
        """Hide the value behind its masked form; "" shows the editor: there is nothing to hide."""
        self._timer.stop()
        self._is_touched = False
        self._shown.setText(masked)
        self._cover.setHidden(not masked)
        self._editor.setHidden(bool(masked))

    def reveal(self) -> None:
        """Show the editor for a while; for good once something is typed into it."""
        self._cover.hide()
        self._editor.show()
        self._editor.setFocus()
        self._timer.start()

    def _touched(self) -> None:
        self._is_touched = True

    def _cover_again(self) -> None:
        if not self._is_touched:
            self.cover(self.masked_text)
