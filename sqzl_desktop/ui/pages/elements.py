"""要素台账: lists and forms of every kind, from their descriptions."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QStackedWidget

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.services import care, elements, lists
from sqzl_desktop.services.exports import Wanted
from sqzl_desktop.ui import theme
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.export_list import ExportList
from sqzl_desktop.ui.dialogs.import_wizard import ImportWizard
from sqzl_desktop.ui.dialogs.pick_record import picker
from sqzl_desktop.ui.element_kinds import GROUPED, SHOWN
from sqzl_desktop.ui.widgets.page import PageView
from sqzl_desktop.ui.widgets.parts import button
from sqzl_desktop.ui.widgets.record_desk import RecordDesk

MADE_ELSEWHERE = ("notice", "community", "duplicate")


class ElementsPage(PageView):
    """A chooser of kinds above the list and form of the chosen one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "要素台账")
        self._kinds = QComboBox()
        for name, kinds in GROUPED:
            self._offer(name, [kind for kind in kinds if elements.may_know(desk.ws, kind)])
        self._kinds.setCurrentIndex(self._kinds.findData(SHOWN[0]))
        self._kinds.setMaxVisibleItems(40)
        self._kinds.setMinimumWidth(160)
        self._kinds.setAccessibleName("要素种类")
        self._kinds.currentIndexChanged.connect(lambda _index: self._show_kind())
        self._new = button(
            "新建", lambda: self.desk_of_kind().blank(), icon="plus", look="primary",
            tip="新建（Ctrl+N）",
        )  # fmt: skip
        self._new.setShortcut("Ctrl+N")
        self._import = button("导入表格", self._ask_import, icon="upload")
        self._export = button(
            "导出", self._ask_export, icon="download", tip="导出当前列表（Ctrl+E）"
        )
        self._export.setShortcut("Ctrl+E")
        for part in (self._kinds, self._import, self._export, self._new):
            self.tools.addWidget(part)
        self._stack = QStackedWidget()
        self._desks: dict[str, RecordDesk] = {}
        self.body.addWidget(self._stack, 1)

    def _offer(self, name: str, kinds: Sequence[str]) -> None:
        """Kinds under a heading that cannot be chosen itself."""
        if not kinds:
            return
        head = QStandardItem(name)
        head.setFlags(Qt.ItemFlag.NoItemFlags)
        head.setForeground(QColor(theme.COLOURS["soft"]))
        model = self._kinds.model()
        assert isinstance(model, QStandardItemModel)
        model.appendRow(head)
        for kind in kinds:
            self._kinds.addItem(f"　{BY_NAME[kind].label}", kind)

    @property
    def kind(self) -> str:
        """The chosen kind."""
        return str(self._kinds.currentData())

    def desk_of_kind(self) -> RecordDesk:
        """The list and form of the chosen kind, made when it is first chosen."""
        if self.kind not in self._desks:
            made = RecordDesk(self.desk, self.kind, picker(self.desk, self))
            made.card_requested.connect(
                lambda record_id: self.desk.bus.open_requested.emit("resident", record_id)
            )
            self._desks[self.kind] = made
            self._stack.addWidget(made)
        return self._desks[self.kind]

    def made_ready(self) -> Iterator[object]:
        yield self.desk_of_kind()

    def refresh(self) -> None:
        self._show_kind()

    def open_record(self, kind: str, record_id: str) -> None:
        self._kinds.setCurrentIndex(self._kinds.findData(kind))
        self._show_kind()
        if record_id:
            self.desk_of_kind().open(record_id)
        else:
            self.desk_of_kind().blank()

    def show_list(self, kind: str, text: str) -> None:
        """The list of a kind, narrowed to what a text finds. Cases have a page of their own."""
        if self._kinds.findData(kind) >= 0:
            self._kinds.setCurrentIndex(self._kinds.findData(kind))
            self.desk_of_kind().list.look_for(text)

    def _show_kind(self) -> None:
        chosen, ws, kind = self.desk_of_kind(), self.desk.ws, self.kind
        if self._stack.currentWidget() is not chosen:
            self.desk.run(self, lambda: care.note_opened(ws, kind), lambda _none: None)
        self._stack.setCurrentWidget(chosen)
        chosen.refresh()
        may = elements.may(self.desk.ws, "write", self.kind)
        self._new.setVisible(may and self.kind not in MADE_ELSEWHERE)
        self._import.setVisible(may and elements.may(self.desk.ws, "import", self.kind))
        self._export.setVisible(elements.may(self.desk.ws, "export", self.kind))

    def _ask_import(self) -> None:
        ImportWizard(self.desk, self.kind, self).exec()

    def _ask_export(self) -> None:
        """The list as it is shown: its filters, order and columns, or the selected rows."""
        shown, ws, kind = self.desk_of_kind().list, self.desk.ws, self.kind
        view, keys = shown.model.view, shown.selected_keys()
        names = [each.name for each in view.columns]
        wanted = Wanted(kind, names, view.filters, view.order)
        total = shown.model.rowCount()

        def done(ids: list[str]) -> None:
            ExportList(self.desk, wanted, total, ids, self).open()

        self.desk.run(self, lambda: lists.ids(ws, kind, keys) if len(keys) > 1 else [], done)
