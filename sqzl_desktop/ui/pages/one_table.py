"""一张表: outside forms, mapped once, filled every month, with what changed since the last time."""

import datetime as dt
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.base.errors import KnownError, UserError
from sqzl_desktop.domain.attention import BLOCKS, GROUPS
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services import elements, one_table
from sqzl_desktop.services.one_table import Form
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.form_mapping import FormMapping
from sqzl_desktop.ui.widgets.form_preview import FormPreview
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button, clear, column, empty_state, holder, label, row

KINDS = ("resident", *(group.kind for group in GROUPS), *BLOCKS, "household", "dwelling",
         "building", "estate", "organisation", "facility")  # fmt: skip
SETTINGS = "表格设置 (*.sqzlform)"
LIST_WIDTH = 230


class OneTablePage(PageView):
    """Saved forms on the left; on the right the chosen one: its columns, and its rows today."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "一张表")
        self._form: Form | None = None
        self._template = b""
        self._saved_as = ""
        self._kinds = QComboBox()
        self._kinds.setAccessibleName("表格是关于什么的")
        for kind in KINDS:
            if elements.may(desk.ws, "export", kind):
                self._kinds.addItem(BY_NAME[kind].label, kind)
        may = self._kinds.count() > 0
        new = button("选外来表格…", self._ask_new, icon="plus", look="primary")
        read = button("读入设置…", self._ask_read, icon="upload")
        for part in (label("关于", "soft"), self._kinds, read, new):
            self.tools.addWidget(part)
        for part in (new, read, self._kinds):
            part.setEnabled(may)
        self._list = QListWidget()
        self._list.setFixedWidth(LIST_WIDTH)
        self._list.setAccessibleName("已保存的表")
        self._list.currentItemChanged.connect(lambda now, _before: self._chosen(now))
        self._inside: QVBoxLayout = column()
        self._right = QStackedWidget()
        self._right.addWidget(empty_state("file", _WELCOME if may else _REFUSED))
        self._right.addWidget(holder(self._inside))
        body = row(self._list, self._right, gap=16)
        body.setStretch(1, 1)
        self.body.addLayout(body, 1)

    def refresh(self) -> None:
        self.desk.run(self, lambda: one_table.names(self.desk.ws), self._fill)

    def _fill(self, names: list[tuple[str, str]]) -> None:
        wanted = self._form.name if self._form else ""
        self._list.blockSignals(True)
        self._list.clear()
        for name, at in names:
            item = QListWidgetItem(name)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(f"上次上报：{_moment(at)}" if at else "还没有上报过")
            self._list.addItem(item)
            if name == wanted:
                self._list.setCurrentItem(item)
        self._list.blockSignals(False)
        self._list.setVisible(bool(names))
        if names and self._form is None:
            self._list.setCurrentRow(0)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.open_form(str(item.data(Qt.ItemDataRole.UserRole)))

    def open_form(self, name: str) -> None:
        """Show a saved form: its rows first."""
        self.desk.run(
            self,
            lambda: one_table.get(self.desk.ws, name),
            lambda found: self._show(*found, is_saved=True),
        )

    def begin(self, path: Path) -> None:
        """Read an outside form; what it is about is chosen above."""
        kind = str(self._kinds.currentData())
        self.desk.run(
            self,
            lambda: one_table.begin(self.desk.ws, kind, path),
            lambda found: self._show(*found, is_saved=False),
        )

    def _show(self, form: Form, template: bytes, *, is_saved: bool) -> None:
        self._form, self._template = form, template
        self._saved_as = form.name if is_saved else ""
        clear(self._inside)
        self.mapping = FormMapping(form)
        self.preview = FormPreview(self.desk, form)
        self.preview.written.connect(self._written)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(_tab(self.preview), "今天的内容")
        self.tabs.addTab(_tab(self._columns(is_saved)), "列和条件")
        self.tabs.setCurrentIndex(0 if is_saved else 1)
        self.tabs.setTabEnabled(0, is_saved)
        self._inside.addWidget(self.tabs)
        self._right.setCurrentIndex(1)
        if is_saved:
            self.preview.refresh()

    def _columns(self, is_saved: bool) -> QWidget:
        buttons = row(None, gap=12)
        if is_saved:
            buttons.insertWidget(0, button("删除这张表", self._ask_forget, icon="trash",
                                           look="danger"))  # fmt: skip
            buttons.insertWidget(1, button("写出设置…", self._ask_write, icon="download"))
        buttons.addWidget(button("保存", self.save, look="primary"))
        return holder(column(self.mapping, buttons, gap=10))

    def save(self) -> None:
        """Keep the form as it stands."""
        try:
            form = self.mapping.form
        except (UserError, Unreadable) as error:
            self.desk.complain(KnownError(str(error)))
            return
        template, ws, before = self._template, self.desk.ws, self._saved_as

        def done(_none: object) -> None:
            self.desk.say(f"已保存“{form.name}”")
            self._form = form
            self.refresh()
            self.open_form(form.name)

        self.desk.run(self, lambda: one_table.save(ws, form, template, before=before), done)

    def _written(self) -> None:
        self.preview.refresh()
        self.refresh()

    def _ask_new(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "选外来表格", "", "表格 (*.xlsx)")
        if name:
            self.begin(Path(name))

    def _ask_read(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "读入设置", "", SETTINGS)
        if name:
            self.desk.run(self, lambda: one_table.read_form(self.desk.ws, Path(name)), self._read)

    def _read(self, form: Form) -> None:
        self._form = form
        self.refresh()
        self.open_form(form.name)

    def _ask_write(self) -> None:
        form = self._form
        name, _ = QFileDialog.getSaveFileName(
            self, "写出设置", f"{form.name if form else ''}.sqzlform", SETTINGS
        )
        if name and form:
            self.desk.run(
                self,
                lambda: one_table.write_form(self.desk.ws, form.name, Path(name)),
                lambda _none: self.desk.say(f"已写出到 {name}，里面没有居民资料"),
            )

    def _ask_forget(self) -> None:
        form = self._form
        question = "确定删除这张表吗？列的对应和上次上报的记录都会删除，居民资料不受影响。"
        answer = QMessageBox.question(self, "删除这张表", question)
        if form and answer == QMessageBox.StandardButton.Yes:
            self.desk.run(
                self,
                lambda: one_table.forget(self.desk.ws, form.name),
                lambda _none: self._forgotten(),
            )

    def _forgotten(self) -> None:
        self._form = None
        self._right.setCurrentIndex(0)
        self.refresh()


def _tab(widget: QWidget) -> QWidget:
    box = column(widget)
    box.setContentsMargins(0, 12, 0, 0)
    return holder(box)


def _moment(at: str) -> str:
    return moment_text(dt.datetime.fromisoformat(at))


_WELCOME = (
    "上级发来的表格，在这里对应一次列名，以后每次一键填好，还能看到比上次多了谁、变了谁、少了谁。\n"
    "先在右上角选这张表是关于什么的，再点“选外来表格”。"
)
_REFUSED = "您的岗位不能导出清单，需要填报时请联系社区负责人。"
