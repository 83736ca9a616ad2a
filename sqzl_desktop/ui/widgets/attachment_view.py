"""附件查看: a record's photos and files, large, one by one; absent ones are fetched."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.base.errors import KnownError, UserError
from sqzl_desktop.services import attachments, elements
from sqzl_desktop.services.attachments import Shown
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, clear, column, holder, label, row
from sqzl_desktop.ui.widgets.pdf_view import PdfView
from sqzl_desktop.ui.widgets.photo_view import PhotoView

SIZE = QSize(980, 700)


class AttachmentView(QDialog):
    """Shows them inside the program: nothing is written to the disk unless a person saves it.

    ← and → go from one to the next; + and - zoom a photo, 0 shows it whole again.
    """

    def __init__(
        self, desk: Desk, shown: Shown, parent: QWidget, *, among: Sequence[Shown] = ()
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._all = list(among) or [shown]
        self._shown = shown
        self._content = b""
        self._photo: PhotoView | None = None
        self.resize(SIZE)
        self._title = label("", "title", wrap=True)
        self._facts = label("", "soft", wrap=True)
        self._told = label("", "soft", wrap=True)
        self._stage = column(gap=0)
        self._save = button("另存为", self._ask_where, icon="download")
        self._remove = button("移除", self._ask_remove, icon="trash", look="danger")
        self._steps = row(
            button("上一个", lambda: self.go(-1), tip="上一个（←）"),
            button("下一个", lambda: self.go(1), tip="下一个（→）"),
            gap=8,
        )
        self._zooms = holder(row(
            button("缩小", lambda: self._zoom(-1), tip="缩小（-）"),
            button("放大", lambda: self._zoom(1), tip="放大（+）"),
            button("整幅", self._whole, tip="看整幅（0）"),
        ))  # fmt: skip
        close = button("关闭", self.reject)
        close.setDefault(True)
        close.setFocus()
        foot = row(self._save, self._remove, None, self._zooms, holder(self._steps), close)
        outside = column(self._title, self._facts, self._told, holder(self._stage), foot, gap=8)
        outside.setStretch(3, 1)
        outside.setContentsMargins(24, 20, 24, 20)
        self.setLayout(outside)
        self._open(shown)

    @property
    def told(self) -> str:
        """What it says in place of the content."""
        return self._told.text()

    @property
    def photo(self) -> PhotoView | None:
        """The photo that is shown, if it is one."""
        return self._photo

    def go(self, steps: int) -> None:
        """Go on by so many, around the ends."""
        ids = [each.attachment.id for each in self._all]
        if len(ids) > 1:
            place = ids.index(self._shown.attachment.id)
            self._open(self._all[(place + steps) % len(ids)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {
            Qt.Key.Key_Left: lambda: self.go(-1), Qt.Key.Key_Right: lambda: self.go(1),
            Qt.Key.Key_Plus: lambda: self._zoom(1), Qt.Key.Key_Equal: lambda: self._zoom(1),
            Qt.Key.Key_Minus: lambda: self._zoom(-1), Qt.Key.Key_0: self._whole,
        }  # fmt: skip
        work = keys.get(Qt.Key(event.key()))
        if work is None:
            super().keyPressEvent(event)
        else:
            work()

    def _open(self, shown: Shown) -> None:
        self._shown, attachment = shown, shown.attachment
        self._content, self._photo = b"", None
        clear(self._stage)
        self.setWindowTitle(attachment.name)
        place = [each.attachment.id for each in self._all].index(attachment.id) + 1
        count = f"第{place}个，共{len(self._all)}个" if len(self._all) > 1 else ""
        taken = f"拍摄于{moment_text(attachment.taken_at)}" if attachment.taken_at else ""
        self._title.setText(attachment.name)
        self._facts.setText("　".join(filter(None, (count, attachment.caption, taken))))
        self._told.setText("正在打开…")
        self._told.show()
        self._save.setEnabled(False)
        self._zooms.setVisible(shown.is_picture)
        for each in range(self._steps.count()):
            self._steps.itemAt(each).widget().setVisible(len(self._all) > 1)
        self._remove.setVisible(elements.may(self._desk.ws, "write", "attachment", attachment))

        def done(found: tuple[bytes, bytes]) -> None:
            if self._shown is shown:
                self._show(found)

        def failed(error: UserError) -> None:
            if self._shown is shown:
                self._told.setText(str(error))

        self._desk.run(self, lambda: self._read(shown), done, failed)

    def _read(self, shown: Shown) -> tuple[bytes, bytes]:
        """(the content, the photo to be drawn or nothing)."""
        ws, attachment = self._desk.ws, shown.attachment
        try:
            content = attachments.content(ws, attachment.id)
        except attachments.Absent:
            self._desk.session.fetch(attachment)
            content = attachments.content(ws, attachment.id)
        drawn = attachments.picture(ws, attachment.id) if shown.is_picture else b""
        return content, drawn

    def _show(self, found: tuple[bytes, bytes]) -> None:
        self._content, drawn = found
        self._save.setEnabled(True)
        if self._shown.state == "absent":
            self._desk.bus.changed.emit(("attachment",))
        if drawn:
            self._photo = PhotoView()
            self._photo.setAccessibleName(self._shown.attachment.name)
            self._put(self._photo)
            self._photo.show_photo(drawn)
        elif self._shown.is_pdf:
            view = PdfView(self._desk)
            self._put(view)
            view.show_pdf(self._content)
        else:
            self._told.setText("这类文件请另存到您信任的位置后用办公软件打开；用完请删除副本。")

    def _put(self, widget: QWidget) -> None:
        self._told.hide()
        self._stage.addWidget(widget, 1)

    def _zoom(self, steps: int) -> None:
        if self._photo is not None:
            self._photo.zoom(steps)

    def _whole(self) -> None:
        if self._photo is not None:
            self._photo.fit()

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
