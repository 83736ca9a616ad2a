"""录入意见: a box of slips or an afternoon of phone calls, one line after another."""

import dataclasses

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QTableWidgetItem, QVBoxLayout, QWidget

from sqzl_desktop.base.errors import Invalid, UserError
from sqzl_desktop.domain.kinds.opinion import OPINION, Opinion
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services import elements, opinions
from sqzl_desktop.services.opinions import Similar
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.pick_record import picker
from sqzl_desktop.ui.widgets.field_editors import FieldEditor, RefEditor, editor
from sqzl_desktop.ui.widgets.parts import button, column, label, plain_table, row

SHARED = ("way", "category", "building_id", "collected_on")
LINE = ("content", "speaker_name", "speaker_phone")
PAPER = "04"
HEADINGS = ("意见内容", "反映人（可空，空为匿名）", "联系电话")


class CollectOpinions(QDialog):
    """What the slips have in common above; Enter in the last field takes the line."""

    def __init__(self, desk: Desk, begun: Opinion, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._begun = desk, begun
        self.setWindowTitle("录入意见")
        self.resize(960, 600)
        pick = picker(desk, self)
        self.fields: dict[str, FieldEditor] = {
            name: editor(OPINION.column(name), pick) for name in (*SHARED, *LINE)
        }
        self.lines: list[Opinion] = []
        self._is_warned = False
        self.table = plain_table(*HEADINGS)
        self._prepare_table()
        self._problem = label("", "problem", wrap=True)
        self._alike = label("", "doubt", wrap=True)
        self._save = button("全部保存", self.save, look="primary", tip="Ctrl+回车")
        self._lay_out()
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        for name, value in ({"way": PAPER, "collected_on": desk.ws.today} | _given(begun)).items():
            self.fields[name].show_value(value)
        if begun.building_id:
            self._show_building(begun.building_id)
        self.fields["content"].setFocus()
        self._count()

    def take_line(self) -> bool:
        """Take what is typed as one opinion; False, and said, where it cannot be."""
        try:
            values = {name: each.value() for name, each in self.fields.items()}
        except Unreadable as error:
            self._problem.setText(str(error))
            return False
        if not values["content"]:
            self._problem.setText("请先填写意见内容")
            self.fields["content"].setFocus()
            return False
        self._problem.setText("")
        made = elements.blank(self._desk.ws, "opinion", grid_id=self._begun.grid_id, **values)
        assert isinstance(made, Opinion)
        self.lines.append(_anonymous_or_not(made, self._begun))
        self._show_lines()
        for name in LINE:
            self.fields[name].show_value("")
        self.fields["content"].setFocus()
        self._look_for_similar(values["content"])
        return True

    def save(self) -> None:
        """Save all lines in the background, the one being typed with them."""
        if self.fields["content"].value() and not self.take_line():
            return
        if not self.lines:
            self._problem.setText("还没有意见；填写内容后按回车，逐条加入下面的表")
            return
        self._save.setEnabled(False)
        ws, some = self._desk.ws, tuple(self.lines)
        self._desk.run(self, lambda: opinions.collect(ws, some), self._saved, self._refused)

    def remove_line(self) -> None:
        """Put the chosen line back into the fields."""
        place = self.table.currentRow()
        if 0 <= place < len(self.lines):
            taken = self.lines.pop(place)
            for name in LINE:
                self.fields[name].show_value(getattr(taken, name))
            self._show_lines()
            self.fields["content"].setFocus()

    def reject(self) -> None:
        """Close, unless lines would be lost and are to stay."""
        if not self.lines and not self.fields["content"].value():
            super().reject()
            return
        if self._is_warned:
            super().reject()
            return
        self._is_warned = True
        self._problem.setText("这些意见还没有保存；再按一次“取消”放弃，按 Ctrl+回车保存")

    def _prepare_table(self) -> None:
        self.table.setColumnWidth(0, 560)
        self.table.setColumnWidth(1, 190)
        self.table.doubleClicked.connect(lambda _index: self.remove_line())

    def _lay_out(self) -> None:
        shared = row(gap=12)
        for name in SHARED:
            shared.addLayout(self._captioned(name))
        line = row(*(self._captioned(name) for name in LINE[1:]), gap=12)
        add = button("加入（回车）", self.take_line)
        add.setAutoDefault(False)
        self._save.setAutoDefault(False)
        line.addWidget(add, alignment=Qt.AlignmentFlag.AlignBottom)
        self.fields["content"].setMaximumHeight(84)
        cancel = button("取消", self.reject)
        cancel.setAutoDefault(False)
        body = column(
            label("录入意见", "title"), shared, self._captioned("content"), line, self._alike,
            self.table, self._problem,
            row(label("回车加入一条，双击表中一行取回修改，Ctrl+回车全部保存", "small"), None,
                cancel, self._save),
            gap=10,
        )  # fmt: skip
        body.setStretch(5, 1)
        body.setContentsMargins(24, 20, 24, 20)
        self.setLayout(body)
        for name in LINE:
            self.fields[name].input().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter takes the line; Shift+Enter begins a new one within it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if is_enter and keys == Qt.KeyboardModifier.NoModifier:
                self.take_line()
                return True
        return super().eventFilter(watched, event)

    def _captioned(self, name: str) -> QVBoxLayout:
        return column(label(OPINION.column(name).label, "soft"), self.fields[name], gap=4)

    def _show_building(self, building_id: str) -> None:
        ws = self._desk.ws
        shown = self.fields["building_id"]
        assert isinstance(shown, RefEditor)

        def done(found: dict[str, str]) -> None:
            shown.show_title(found.get(building_id, ""))

        self._desk.run(self, lambda: elements.titles(ws, "building", [building_id]), done)

    def _show_lines(self) -> None:
        self.table.setRowCount(len(self.lines))
        for place, each in enumerate(self.lines):
            for where, name in enumerate(LINE):
                self.table.setItem(place, where, QTableWidgetItem(str(getattr(each, name))))
        self.table.scrollToBottom()
        self._count()

    def _count(self) -> None:
        self._save.setText(f"全部保存（{len(self.lines)}条）" if self.lines else "保存")

    def _look_for_similar(self, content: str) -> None:
        ws = self._desk.ws

        def done(found: list[Similar]) -> None:
            words = "；".join(f"“{each.opinion.content[:24]}”" for each in found[:2])
            self._alike.setText(f"已有相近的意见：{words}，保存后可一起归并" if found else "")

        self._desk.run(self, lambda: opinions.similar(ws, content), done)

    def _saved(self, made: list[Opinion]) -> None:
        self._desk.say(f"已存本机：{len(made)} 条意见")
        self._desk.bus.changed.emit(("opinion",))
        self.accept()

    def _refused(self, error: UserError) -> None:
        self._save.setEnabled(True)
        problems = error.problems.values() if isinstance(error, Invalid) else (str(error),)
        self._problem.setText("；".join(problems))


def _given(begun: Opinion) -> dict[str, object]:
    return {
        name: getattr(begun, name)
        for name in (*SHARED, *LINE)
        if getattr(begun, name) not in ("", None)
    }


def _anonymous_or_not(made: Opinion, begun: Opinion) -> Opinion:
    return dataclasses.replace(
        made,
        resident_id=begun.resident_id,
        visit_id=begun.visit_id,
        is_anonymous=not (made.speaker_name or begun.resident_id),
    )
