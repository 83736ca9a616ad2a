"""附件查看: one photo or file, large; fetched first where it is not on this device yet."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QMessageBox, QScrollArea, QWidget

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.base.errors import KnownError, UserError
from sqzl_desktop.services import attachments, elements
from sqzl_desktop.services.attachments import Shown
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, label, row
from sqzl_desktop.ui.widgets.pdf_view import PdfView

SIZE = QSize(900, 680)
ROOM = QSize(820, 480)


class AttachmentView(QDialog):
    """Shows it inside the program: nothing is written to the disk unless a person saves it."""

    def __init__(self, desk: Desk, shown: Shown, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown = shown
        self._content = b""
        attachment = shown.attachment
        self.setWindowTitle(attachment.name)
        self.resize(SIZE)
        self._told = label("正在打开…", "soft", wrap=True)
        self._save = button("另存为", self._ask_where, icon="download")
        self._save.setEnabled(False)
        self._remove = button("移除", self._ask_remove, icon="trash", look="danger")
        self._remove.setVisible(elements.may(desk.ws, "write", "attachment", attachment))
        taken = f"拍摄于{moment_text(attachment.taken_at)}" if attachment.taken_at else ""
        facts = "　".join(filter(None, (attachment.caption, taken)))
        self._body = column(
            label(attachment.name, "title", wrap=True), label(facts, "soft", wrap=True), self._told
        )
        close = button("关闭", self.reject)
        close.setDefault(True)
        close.setFocus()
        foot = row(self._save, self._remove, None, close)
        outside = column(self._body, foot, gap=12)
        outside.setStretch(0, 1)
        outside.setContentsMargins(24, 24, 24, 24)
        self.setLayout(outside)
        desk.run(self, self._read, self._show, self._failed)

    @property
    def told(self) -> str:
        """What it says in place of the content."""
        return self._told.text()

    def _read(self) -> tuple[bytes, bytes]:
        """(the content, the photo to be drawn or nothing)."""
        ws, attachment = self._desk.ws, self._shown.attachment
        try:
            content = attachments.content(ws, attachment.id)
        except attachments.Absent:
            self._desk.session.fetch(attachment)
            content = attachments.content(ws, attachment.id)
        drawn = attachments.picture(ws, attachment.id) if self._shown.is_picture else b""
        return content, drawn

    def _show(self, found: tuple[bytes, bytes]) -> None:
        self._content, drawn = found
        self._save.setEnabled(True)
        if self._shown.state == "absent":
            self._desk.bus.changed.emit(("attachment",))
        if drawn:
            self._show_photo(drawn)
        elif self._shown.is_pdf:
            view = PdfView(self._desk)
            self._put(view)
            view.show_pdf(self._content)
        else:
            self._told.setText("这类文件请另存到您信任的位置后用办公软件打开；用完请删除副本。")

    def _show_photo(self, drawn: bytes) -> None:
        pixmap = QPixmap()
        pixmap.loadFromData(drawn)
        picture = QLabel()
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture.setPixmap(
            pixmap.scaled(
                ROOM,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
        picture.setAccessibleName(self._shown.attachment.name)
        scroll = QScrollArea()
        scroll.setWidget(picture)
        scroll.setWidgetResizable(True)
        self._put(scroll)

    def _put(self, widget: QWidget) -> None:
        self._told.hide()
        self._body.addWidget(widget, 1)

    def _failed(self, error: UserError) -> None:
        self._told.setText(str(error))

    def _ask_where(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "另存为", self._shown.attachment.name)
        if name:
            content = self._content
            self._desk.run(
                self, lambda: _write(Path(name), content), lambda _none: self._desk.say("已另存")
            )

    def _ask_remove(self) -> None:
        name = self._shown.attachment.name
        answer = QMessageBox.question(self, "移除附件", f"确定移除“{name}”吗？其他人也不再看到它。")
        if answer == QMessageBox.StandardButton.Yes:
            ws, attachment = self._desk.ws, self._shown.attachment
            self._desk.run(self, lambda: attachments.remove(ws, attachment.id), self._removed)

    def _removed(self, _none: None) -> None:
        self._desk.say("已移除")
        self._desk.bus.changed.emit(("attachment",))
        self.accept()


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise KnownError("文件写不进去，请换一个文件夹，或检查磁盘空间") from error
