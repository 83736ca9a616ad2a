"""类别维护: the classes as a tree, the chosen one beside it, to be changed by the lead."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.base.errors import Invalid, UserError
from sqzl_desktop.domain.kinds.case_class import CaseClass
from sqzl_desktop.services import case_rules, class_editing, elements
from sqzl_desktop.services.case_rules import Rules
from sqzl_desktop.services.class_editing import Version
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.class_form import ClassForm
from sqzl_desktop.ui.widgets.class_sheet_buttons import ClassSheetButtons
from sqzl_desktop.ui.widgets.class_tree import ClassTree
from sqzl_desktop.ui.widgets.parts import button, card, chip, clear, column, holder, label, row

_TREE_WIDTH = 300


class ClassDesk(QWidget):
    """Who may not change classes reads them here."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._may = elements.may(desk.ws, "write", "case_class")
        self._rules: Rules | None = None
        self._open = CaseClass()
        self.is_dirty = False
        self.tree = ClassTree()
        self.sheets = ClassSheetButtons(desk)
        self.form = ClassForm()
        self._marks = row(gap=6)
        self.save = button("保存为新版本", self.save_now, icon="check", look="primary",
                           tip="Ctrl+S")  # fmt: skip
        self.default = button("恢复默认", self._restore, icon="back")
        self.past = button("历史版本", self._ask_versions, icon="clock")
        self.new = button("新增类别", self.begin_new, icon="plus", tip="Ctrl+N")
        self._lay_out()
        self.tree.chosen.connect(self._chosen)
        self.sheets.taken.connect(self.refresh)
        self.form.typed.connect(self._typed)
        for keys, act in (("Ctrl+S", self.save_now), ("Ctrl+N", self.begin_new),
                          ("Ctrl+F", self.tree.search.setFocus)):  # fmt: skip
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _lay_out(self) -> None:
        left = holder(column(self.tree, self.sheets))
        left.setFixedWidth(_TREE_WIDTH)
        for each in (self.save, self.default, self.new):
            each.setVisible(self._may)
        tools = row(self._marks, None, self.past, self.default, self.new, self.save)
        right = column(tools, card(column(self.form), padding=0), gap=10)
        right.setStretch(1, 1)
        both = row(left, right, gap=16)
        both.setStretch(1, 1)
        self.setLayout(both)

    def refresh(self, code: str = "") -> None:
        """Read the classes anew and show one of them, the one that is open without a code."""
        wanted = code or self._open.code

        def done(found: Rules) -> None:
            self._rules = found
            self.form.set_surroundings(found.book, found.calendar, self._desk.ws.clock.now())
            self.tree.show_book(found.book, wanted)
            if not self.is_dirty:
                self._show_current(self.tree.code)

        self._desk.run(self, lambda: case_rules.rules(self._desk.ws), done)

    def may_leave(self) -> bool:
        """Is nothing unsaved here, or may it be dropped? Asks the person."""
        if self.is_dirty:
            sentence = f"“{self._open.name or '新类别'}”的修改还没有保存，放弃吗？"
            answer = QMessageBox.question(self, "没有保存", sentence)
            self.is_dirty = answer != QMessageBox.StandardButton.Yes
        return not self.is_dirty

    def begin_new(self) -> None:
        """An empty class under the major of the one that is open."""
        if self._rules is None or not self._may or not self.may_leave():
            return
        book = self._rules.book
        parent = self._open.parent or self._open.code
        above = book.of(parent) or CaseClass()
        made = CaseClass(
            code=class_editing.next_code(book, parent), parent=parent, category=above.category,
            handler=above.handler, phases=above.phases, stage_limits=above.stage_limits,
            is_local=True,
        )  # fmt: skip
        self._show(made)
        self.form.name.setFocus()

    def save_now(self) -> None:
        """Make what stands in the form the version in force."""
        if not self._may or not self.save.isEnabled():
            return
        changed = self.form.value()

        def done(made: CaseClass) -> None:
            self.is_dirty = False
            self._desk.say(f"已存本机：{made.name}第{made.version}版；以前立案的案件仍按原来的版本")
            self.refresh(made.code)

        ws = self._desk.ws
        self._desk.run(self, lambda: class_editing.save(ws, changed), done, self._refused)

    def _refused(self, error: UserError) -> None:
        if isinstance(error, Invalid):
            self.form.show_problems(error.problems)
        self._desk.complain(error)

    def _typed(self) -> None:
        self.is_dirty = True
        self.save.setEnabled(True)

    def _chosen(self, code: str) -> None:
        if self._open.code == code:
            return
        if self.may_leave():
            self._show_current(code)
        else:
            self.tree.point_at(self._open.code)

    def _show_current(self, code: str) -> None:
        found = self._rules.book.of(code) if self._rules else None
        if found is not None:
            self._show(found)

    def _show(self, shown: CaseClass) -> None:
        self._open = shown
        self.is_dirty = False
        is_new = shown.version is None
        self.form.show_class(shown, is_new=is_new, locked=not self._may)
        self.save.setEnabled(is_new)
        self.past.setEnabled(not is_new)
        self.default.setEnabled(bool(shown.id) and class_editing.has_default(shown.code))
        self._mark(Version(shown))
        if shown.id:
            ws = self._desk.ws
            self._desk.run(self, lambda: class_editing.versions(ws, shown.code), self._show_author)

    def _show_author(self, found: list[Version]) -> None:
        mine = next((each for each in found if each.record == self._open), None)
        if mine is not None:
            self._mark(mine)

    def _mark(self, version: Version) -> None:
        shown = version.record
        clear(self._marks)
        words = f"第{shown.version}版" if shown.id else "程序默认" if shown.version else "新类别"
        self._marks.addWidget(chip(words, "" if shown.id else "plain"))
        self._marks.addWidget(chip("本地扩展" if shown.is_local else shown.standard_ref, "plain"))
        if shown.is_retired:
            self._marks.addWidget(chip("已停用", "warn"))
        if version.at:
            sent = "" if version.is_sent else "，未上报"
            self._marks.addWidget(label(f"{version.by} {moment_text(version.at)}{sent}", "small"))

    def _restore(self) -> None:
        ws, code = self._desk.ws, self._open.code

        def done(made: CaseClass) -> None:
            self.is_dirty = False
            self._desk.say(f"已恢复为程序默认内容：{made.name}（第{made.version}版）")
            self.refresh(code)

        self._desk.run(self, lambda: class_editing.restore(ws, code), done)

    def _ask_versions(self) -> None:
        ws, code = self._desk.ws, self._open.code
        self._desk.run(self, lambda: class_editing.versions(ws, code), self._show_versions)

    def _show_versions(self, found: list[Version]) -> None:
        menu = QMenu(self)
        for each in found:
            by = f"{each.by}　{moment_text(each.at)}" if each.at else "程序默认"
            text = f"第{each.record.version}版　{by}　{each.record.phases or '不限时'}"
            menu.addAction(text, lambda each=each: self.take_up(each.record))
        menu.popup(self.past.mapToGlobal(self.past.rect().bottomLeft()))

    def take_up(self, past: CaseClass) -> None:
        """Put an earlier version into the form; saving makes it the newest."""
        if not self.may_leave():
            return
        self._show(past)
        if self._may:
            self._typed()
            self._desk.say(f"第{past.version}版已放入表单，保存后成为新的版本")
