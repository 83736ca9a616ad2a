"""底图设置: which local file of map pictures lies below the map; none is fine."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from sqzl_desktop.services import backdrop
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, column, label, row

_HINT = "可选。网格地图下面显示的底图，从本机的 MBTiles 文件读取，不联网；没有底图也能使用地图。"


class BackdropChoice(QWidget):
    """Choose a file, or do without."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._path = label("", wrap=True)
        self._none = button("不用底图", lambda: self.take(None))
        pick = button("选择文件…", self._ask, icon="file")
        box = column(
            row(label("地图底图", "section"), None, self._none, pick),
            label(_HINT, "soft", wrap=True),
            self._path,
            gap=10,
        )
        self.setLayout(box)
        self._show()

    def take(self, path: Path | None) -> None:
        """This file from now on, or none."""

        def done(name: str) -> None:
            self._desk.say(f"底图已换为“{name}”" if name else "已不用底图")
            self._show()

        self._desk.run(self, lambda: backdrop.choose(self._desk.ws, path), done)

    def _ask(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "选择底图", "", "MBTiles 底图 (*.mbtiles)")
        if name:
            self.take(Path(name))

    def _show(self) -> None:
        def done(path: str) -> None:
            self._path.setText(path or "没有选择底图")
            self._none.setVisible(bool(path))

        self._desk.run(self, lambda: backdrop.chosen(self._desk.ws), done)
