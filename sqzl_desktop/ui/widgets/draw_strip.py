"""绘制条: what is being drawn, how large it is, what is wrong with it; save, undo, cancel."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QMessageBox

from sqzl_desktop.base.errors import UserError
from sqzl_desktop.geometry import drawing
from sqzl_desktop.services import maps
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.models.map_scene import drawing_of, outline_of
from sqzl_desktop.ui.widgets.map_canvas import MapCanvas
from sqzl_desktop.ui.widgets.outline_pen import OutlinePen
from sqzl_desktop.ui.widgets.parts import button, column, label, row

Keep = Callable[[str, str], None]  # record, outline
_OPEN = "依次点击各个拐角，靠近邻居的边线会自动对齐；点回起点、双击或按回车完成"
_CLOSED = "拖动拐角移动，拖动边线增加拐角，右键拐角（或按 Delete）删除"


class DrawStrip(QFrame):
    """Above the map while something is drawn."""

    saved = Signal()

    def __init__(self, desk: Desk, canvas: MapCanvas) -> None:
        super().__init__()
        self.setObjectName("alike")
        self._desk, self._canvas = desk, canvas
        self._about = ("", "")
        self._keep: Keep | None = None
        self._pen: OutlinePen | None = None
        self._title = label("", "section")
        self._size = label("", "soft")
        self._hint = label("", "soft", wrap=True)
        self._problem = label("", "problem", wrap=True)
        self._undo = button("撤销", self.undo, tip="撤销一步（Ctrl+Z）")
        self._undo.setShortcut("Ctrl+Z")
        self._over = button("重画", self._start_over)
        self._save = button("保存范围", self.save, look="primary", tip="保存（Ctrl+S）")
        self._save.setShortcut("Ctrl+S")
        cancel = button("取消", self.cancel, tip="不保存（Esc）")
        top = row(self._title, self._size, None, self._undo, self._over, cancel, self._save)
        box = column(top, self._hint, self._problem, gap=4)
        box.setContentsMargins(12, 8, 12, 8)
        self.setLayout(box)
        self.hide()

    @property
    def is_drawing(self) -> bool:
        """Is something under the pen?"""
        return self._pen is not None

    def may_leave(self) -> bool:
        """Is nothing drawn that is not saved, or may it be dropped? Asks the person."""
        if self._pen is None or not self._pen.can_undo:
            return True
        asked = "范围还没有保存。要放弃这次画的吗？"
        answer = QMessageBox.question(self, "有未保存的修改", asked)
        return answer == QMessageBox.StandardButton.Yes

    def begin(
        self, kind: str, record_id: str, name: str, outline: str, *, keep: Keep | None = None
    ) -> None:
        """Draw the outline of a record; with `keep` it is handed over instead of saved."""
        if self._canvas.drawn is None:
            return
        self._about, self._keep = (kind, record_id), keep
        self._title.setText(f"正在画：{name}")
        started = drawing_of(outline, self._canvas.drawn.at)
        self._pen = self._canvas.begin_drawing(started, leave=self._about)
        self._pen.changed.connect(self._tell)
        self._problem.setText("")
        self._tell()
        self.show()

    def undo(self) -> None:
        """Take the last step back."""
        if self._pen is not None:
            self._pen.undo()

    def cancel(self) -> None:
        """Leave the outline as it was."""
        self._pen = None
        self._canvas.end_drawing()
        self.hide()

    def save(self) -> None:
        """Keep the outline, unless something is wrong with it."""
        if self._pen is None or self._canvas.drawn is None:
            return
        self._pen.finish()
        if not self._pen.drawing.is_whole or self._pen.drawing.is_open:
            self._problem.setText("至少要有三个拐角")
            return
        outline = outline_of(self._pen.drawing, self._canvas.drawn.at)
        kind, record_id = self._about
        if self._keep is not None:
            self._hand_over(self._keep, outline)
            return
        self._save.setEnabled(False)
        self._desk.run(
            self,
            lambda: maps.save_outline(self._desk.ws, kind, record_id, outline),
            lambda _none: self._done(kind),
            self._refused,
        )

    def _hand_over(self, keep: Keep, outline: str) -> None:
        record_id = self._about[1]

        def checked(told: str) -> None:
            if told:
                self._problem.setText(f"{told}，请修改后再保存")
            else:
                self.cancel()
                keep(record_id, outline)

        self._desk.run(self, lambda: maps.outline_problem(outline), checked)

    def _done(self, kind: str) -> None:
        self._save.setEnabled(True)
        self.cancel()
        self._desk.say("范围已存本机")
        self.saved.emit()
        self._desk.bus.changed.emit((kind,))

    def _refused(self, error: UserError) -> None:
        self._save.setEnabled(True)
        self._problem.setText(str(error))

    def _start_over(self) -> None:
        if self._pen is not None:
            self._pen.start_over()

    def _tell(self) -> None:
        if self._pen is None:
            return
        drawn = self._pen.drawing
        self._hint.setText(_OPEN if drawn.is_open else _CLOSED)
        self._undo.setEnabled(self._pen.can_undo)
        corners = sum(len(ring) for ring in drawn.rings)
        size = sum(map(drawing.area, drawn.rings[:1])) if drawn.is_whole else 0.0
        hectares = f"　{size / 10_000:.2f} 公顷" if size else ""
        self._size.setText(f"{corners}个拐角{hectares}")
