"""照片盘: photos that are to go with a report or a step: dropped, pasted or chosen."""

import functools
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QMimeData, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QIcon,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPixmap,
)
from PySide6.QtWidgets import QFileDialog, QFrame, QLineEdit, QPlainTextEdit, QToolButton, QWidget

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.services import attachments
from sqzl_desktop.services.attachments import Ready
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.attachments import FILES
from sqzl_desktop.ui.widgets.parts import button, clear, holder, label, row

PICTURE = QSize(64, 44)
TILE = QSize(76, 56)
MOST = 9


class PhotoTray(QFrame):
    """What it holds has been made small already and is kept until somebody takes it."""

    changed = Signal()

    def __init__(self, desk: Desk, hint: str = "把照片拖到这里，或复制后按Ctrl+V粘贴") -> None:
        super().__init__()
        self._desk = desk
        self.files: list[Ready] = []
        self.is_busy = False
        self.setAcceptDrops(True)
        self.setObjectName("tray")
        self._tiles = row(gap=6)
        self._hint = label(hint, "small", wrap=True)
        choose = button("选择照片", self._choose, icon="plus", look="flat", tip="选择照片（Alt+P）")
        choose.setShortcut("Alt+P")
        choose.setAutoDefault(False)
        line = row(holder(self._tiles), self._hint, choose, gap=8)
        line.setStretch(1, 1)
        line.setContentsMargins(8, 4, 8, 4)
        self.setLayout(line)
        self._draw()

    def listen(self, over: QWidget) -> None:
        """A picture that is pasted into any field of this widget goes into the tray."""
        for each in (over, *over.findChildren(QLineEdit), *over.findChildren(QPlainTextEdit)):
            each.installEventFilter(self)

    def show_files(self, files: Sequence[Ready]) -> None:
        """Hold these and no others; nobody is told."""
        self.files = list(files)
        self._draw()

    def add(self, sources: Sequence[Path | bytes]) -> None:
        """Make photos small in the background and hold them; the first that fails stops."""
        room = MOST - len(self.files)
        if not sources or room < 1:
            self._desk.say(f"一次最多{MOST}张照片") if sources else None
            return
        self.is_busy = True

        def work() -> list[Ready]:
            return [attachments.ready(each) for each in sources[:room]]

        self._desk.run(self, work, self._added, self._failed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Paste)
            and self.isVisible()
        ):
            found = _sources(QGuiApplication.clipboard().mimeData())
            self.add(found)
            return bool(found)
        return super().eventFilter(watched, event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add(_sources(event.mimeData()))
        event.acceptProposedAction()

    def _choose(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "选择照片", "", FILES)
        self.add([Path(name) for name in names])

    def _added(self, files: list[Ready]) -> None:
        self.is_busy = False
        self.files += files
        self._draw()
        self.changed.emit()

    def _failed(self, error: UserError) -> None:
        self.is_busy = False
        self._desk.complain(error)

    def _remove(self, file: Ready, _checked: bool = False) -> None:
        self.files.remove(file)
        self._draw()
        self.changed.emit()

    def _draw(self) -> None:
        clear(self._tiles)
        for number, each in enumerate(self.files, 1):
            tile = QToolButton()
            tile.setObjectName("attachment")
            tile.setIcon(_icon(each))
            tile.setIconSize(PICTURE)
            tile.setFixedSize(TILE)
            tile.setToolTip("点一下去掉这张照片")
            tile.setAccessibleName(f"照片{number}，点一下去掉")
            tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            tile.clicked.connect(functools.partial(self._remove, each))
            self._tiles.addWidget(tile)
        self._hint.setVisible(len(self.files) < 4)


def _icon(file: Ready) -> QIcon:
    pixmap = QPixmap()
    if pixmap.loadFromData(file.content):
        return QIcon(pixmap.scaled(PICTURE * 2, Qt.AspectRatioMode.KeepAspectRatio))
    return theme.icon("file")


def _sources(data: QMimeData | None) -> list[Path | bytes]:
    """Files and pictures of what was dropped or copied; text is none of ours."""
    if data is None:
        return []
    if data.hasUrls():
        return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    # a sheet or a document copies a picture of its words, too: there the words are meant
    image = data.imageData() if data.hasImage() and not data.hasText() else None
    return [_png(image)] if isinstance(image, QImage) else []


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, Qt does not
    return bytes(buffer.data().data())
