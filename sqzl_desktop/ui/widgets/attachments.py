"""附件栏: the photos and files of a record as small pictures, and a button to add more."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
)

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.domain.kinds.attachment import Attachment
from sqzl_desktop.services import attachments, elements
from sqzl_desktop.services.attachments import Shown
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.attachment_view import AttachmentView
from sqzl_desktop.ui.widgets.parts import button, clear, column, holder, label, row

STATES = {"pending": "未上报", "confirmed": "已上报", "refused": "被退回", "absent": "待下载"}
PICTURE = QSize(88, 60)
TILE = QSize(104, 112)
LONGEST_NAME = 7
FILES = "照片和文件 (*.jpg *.jpeg *.png *.webp *.bmp *.gif *.pdf *.docx *.xlsx)"
WITHOUT_ATTACHMENTS = frozenset(("duplicate",))  # the server's own marks


class AttachmentStrip(QFrame):
    """The attachments of the record that is shown; takes one line where there are none.

    They stand in one row; with `wraps`, in as many as there is room for. `only` shows a part of
    them; those that are added get `caption`.
    """

    counted = Signal(int)

    def __init__(
        self, desk: Desk, *, framed: bool = False, wraps: bool = False, name: str = "附件"
    ) -> None:
        super().__init__()
        self._desk = desk
        self._wraps = wraps
        self._name = name
        self.caption = ""
        self.only: Callable[[Attachment], bool] = _any
        self._shown: list[Shown] = []
        self._record = ("", "")
        self._heading = label(name, "section")
        self._add = button("添加照片或文件", self._ask_files, icon="plus", look="flat")
        self._tiles = QGridLayout()
        self._tiles.setContentsMargins(0, 0, 0, 0)
        self._tiles.setSpacing(theme.GAP)
        self._scroll = QScrollArea()
        self._scroll.setWidget(holder(self._tiles))
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        if not wraps:
            self._scroll.setFixedHeight(TILE.height() + 14)
            self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside: QVBoxLayout = column(row(self._heading, None, self._add), self._scroll, gap=4)
        if wraps:
            inside.setStretch(1, 1)
        if framed:
            self.setObjectName("card")
            inside.setContentsMargins(16, 16, 16, 16)
        self.setLayout(inside)
        self.hide()
        desk.bus.changed.connect(self._changed)

    def show_record(self, kind: str, record_id: str) -> None:
        """Show the attachments of a record; nothing for a record that is not saved yet."""
        if self._record == (kind, record_id):
            return  # what changes of it comes over the bus
        self._record = kind, record_id
        self._fill([])
        self.setVisible(bool(record_id))
        if record_id:
            self._add.setVisible(elements.may(self._desk.ws, "write", "attachment"))
            self._ask()

    def add_files(self, paths: Sequence[Path]) -> None:
        """Add photos or files to the record, one after the other; the first that fails stops."""
        ws, (kind, record_id), caption = self._desk.ws, self._record, self.caption
        self._add.setEnabled(False)

        def work() -> int:
            return len([attachments.add(ws, kind, record_id, each, caption=caption)
                        for each in paths])  # fmt: skip

        self._desk.run(self, work, self._added, self._failed)

    def _ask_files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "添加照片或文件", "", FILES)
        if names:
            self.add_files([Path(name) for name in names])

    def _added(self, count: int) -> None:
        self._add.setEnabled(True)
        self._desk.say(f"已存本机：{count}个附件")
        self._tell()

    def _failed(self, error: UserError) -> None:
        self._add.setEnabled(True)
        self._desk.complain(error)
        self._tell()  # those before it were added

    def _tell(self) -> None:
        self._desk.bus.changed.emit(("attachment", self._record[0]))

    def _changed(self, kinds: tuple[str, ...]) -> None:
        if self._record[1] and (not kinds or "attachment" in kinds):
            self._ask()

    def _ask(self) -> None:
        ws, record = self._desk.ws, self._record

        def done(found: list[Shown]) -> None:
            if self._record == record:
                self._fill(found)

        self._desk.run(self, lambda: attachments.of(ws, *record), done)

    def _fill(self, all_of_it: list[Shown]) -> None:
        found = self._shown = [each for each in all_of_it if self.only(each.attachment)]
        clear(self._tiles)
        self._heading.setText(f"{self._name}　{len(found)}" if found else self._name)
        for place, each in enumerate(found):
            self._tiles.addWidget(self._tile(each), 0, place)
        self._arrange()
        self._scroll.setVisible(bool(found) or self._wraps)
        self.counted.emit(len(found))

    def _arrange(self) -> None:
        items = (self._tiles.itemAt(place) for place in range(self._tiles.count()))
        tiles = [each.widget() for each in items if each is not None]
        room = self._scroll.viewport().width() // (TILE.width() + theme.GAP)
        beside = max(room, 1) if self._wraps else max(len(tiles), 1)
        for place, tile in enumerate(tiles):
            self._tiles.addWidget(tile, place // beside, place % beside)
        for side in range(beside + 1):
            self._tiles.setColumnStretch(side, int(side == beside))
        self._tiles.setRowStretch(len(tiles) // beside + 1, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wraps:
            self._arrange()

    def _tile(self, shown: Shown) -> QToolButton:
        attachment = shown.attachment
        title = attachment.caption or Path(attachment.name).stem
        short = title if len(title) <= LONGEST_NAME else f"{title[:LONGEST_NAME]}…"
        tile = QToolButton()
        tile.setObjectName("attachment")
        tile.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        tile.setText(f"{short}\n{STATES[shown.state]}")
        tile.setIcon(_icon(shown))
        tile.setIconSize(PICTURE)
        tile.setFixedSize(TILE)
        tile.setToolTip("\n".join(filter(None, (attachment.name, attachment.caption,
                                                shown.problem))))  # fmt: skip
        tile.setAccessibleName(f"附件{title}，{STATES[shown.state]}")
        tile.clicked.connect(functools.partial(self._open, shown))
        return tile

    def _open(self, shown: Shown, _checked: bool = False) -> None:
        AttachmentView(self._desk, shown, self, among=self._shown).open()


def _any(_attachment: Attachment) -> bool:
    return True


def _icon(shown: Shown) -> QIcon:
    if shown.thumbnail:
        pixmap = QPixmap()
        pixmap.loadFromData(shown.thumbnail)
        return QIcon(pixmap)
    return theme.icon("download" if shown.state == "absent" else "file", "soft")
