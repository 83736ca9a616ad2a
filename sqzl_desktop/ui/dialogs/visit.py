"""登记走访: a visit or a patrol in a few keys: what was found, when to come again."""

import functools

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from sqzl_desktop.base.errors import Invalid, UserError
from sqzl_desktop.domain import visiting
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services import elements, visits
from sqzl_desktop.services.visits import Begun
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.visit_values import edited, last_words
from sqzl_desktop.ui.widgets.field_editors import FieldEditor, editor
from sqzl_desktop.ui.widgets.parts import button, clear, column, holder, label, row
from sqzl_desktop.ui.widgets.policy_ticks import PolicyTicks
from sqzl_desktop.ui.widgets.segments import Segments

WAYS = (("01", "入户", "R"), ("02", "电话", "D"), ("03", "视频", "S"), ("04", "未遇", "W"))
OUTCOMES = ((visiting.NORMAL, "正常", "Z"), (visiting.ABNORMAL, "异常", "Y"))


class VisitDialog(QDialog):
    """Begins as an ordinary visit; Alt+1 writes the first frequent text, Ctrl+Enter saves."""

    def __init__(self, desk: Desk, begun: Begun, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._begun = desk, begun
        is_patrol = begun.visit.category == visiting.PATROL
        self._is_next_typed = False
        name = f"登记{'巡查' if is_patrol else '走访'}　{begun.title}"
        self.setWindowTitle(name)
        self.resize(760, 600)
        self.way = Segments("走访方式", WAYS)
        self.way.setVisible(not is_patrol)
        self.outcome = Segments("结果", OUTCOMES)
        self.fields: dict[str, FieldEditor] = {
            each: editor(BY_NAME["visit"].column(each), lambda _kind: None)
            for each in ("category", "visited_at", "content", "problem", "next_on")
        }
        self._texts = QGridLayout()
        self._texts.setSpacing(6)
        self.report = QCheckBox("同时上报为事件")
        self.title = QLineEdit(f"{begun.title}走访发现异常")
        self._found = self._make_found()
        self.opinion = QLineEdit()
        self.opinion.setPlaceholderText("居民的意见建议，单独记入社情民意（可空）")
        self.opinion.setAccessibleName("居民的意见建议")
        self.opinion.setVisible(not is_patrol and elements.may(desk.ws, "create", "opinion"))
        self.policies = PolicyTicks(begun.to_hear)
        self._next_hint = label("", "small")
        self.problem = label("", "problem", wrap=True)
        self._save = button("保存", self.save, icon="check", look="primary",
                            tip="保存（Ctrl+回车）")  # fmt: skip
        self._lay_out(name)
        self._listen()
        self._show()

    def save(self) -> None:
        """Save in the background; what was typed stays until it is saved."""
        try:
            visit = edited(self._begun.visit, self.fields, self.way.code, self.outcome.code)
        except Unreadable as error:
            self.problem.setText(str(error))
            return
        ws, event, said = self._desk.ws, self._event(visit), self.opinion.text().strip()
        told = self.policies.ticked
        self._save.setEnabled(False)
        self._desk.run(
            self,
            lambda: visits.record(ws, visit, event, opinion=said, told=told),
            lambda saved: self._saved(saved),
            self._refused,
        )

    def _event(self, visit: Visit) -> Event | None:
        is_found = self.outcome.code == visiting.ABNORMAL and self.report.isChecked()
        if not is_found or not elements.may(self._desk.ws, "write", "event"):
            return None
        return visits.event_of(self._desk.ws, self._begun, visit, self.title.text())

    def _saved(self, saved: Visit) -> None:
        self._desk.say("已存本机，事件已上报" if saved.event_id else "已存本机")
        self._desk.bus.changed.emit(("visit", "event", "opinion", "policy_told"))
        self.accept()

    def _refused(self, error: UserError) -> None:
        self._save.setEnabled(True)
        problems = error.problems.values() if isinstance(error, Invalid) else (str(error),)
        self.problem.setText("；".join(problems))

    def _make_found(self) -> QWidget:
        self.report.setChecked(True)
        self.report.setVisible(elements.may(self._desk.ws, "write", "event"))
        self.title.setAccessibleName("事件标题")
        self.title.setVisible(elements.may(self._desk.ws, "write", "event"))
        body = column(label("发现的问题", "soft"), self.fields["problem"],
                      row(self.report, self.title, gap=12), gap=6)  # fmt: skip
        return holder(body)

    def _lay_out(self, name: str) -> None:
        last = last_words(self._begun.last)
        when = row(
            column(label("走访类型", "soft"), self.fields["category"], gap=4),
            column(label("走访时间", "soft"), self.fields["visited_at"], gap=4),
            column(row(label("下次走访", "soft"), self._next_hint, None),
                   self.fields["next_on"], gap=4),
            gap=12,
        )  # fmt: skip
        body = column(
            label(name, "title", wrap=True),
            label("　".join(filter(None, (self._begun.place, last))), "soft", wrap=True),
            row(self.way, self.outcome, None, gap=16),
            label("情况", "soft"), self.fields["content"], self._texts,
            self._found, self.opinion, self.policies, when, None, self.problem,
            row(label("Alt+1至4写入常用语，Ctrl+回车保存", "small"), None,
                button("取消", self.reject), self._save),
            gap=8,
        )  # fmt: skip
        body.setContentsMargins(24, 20, 24, 20)
        self.setLayout(body)

    def _listen(self) -> None:
        self.way.chosen.connect(self._way_chosen)
        self.outcome.chosen.connect(lambda _code: self._turn())
        self.fields["category"].changed.connect(self._fill_texts)
        self.fields["next_on"].changed.connect(self._next_typed)
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        for number in range(1, 5):
            key = QShortcut(QKeySequence(f"Alt+{number}"), self)
            key.activated.connect(functools.partial(self.write_frequent, number - 1))

    def _show(self) -> None:
        visit = self._begun.visit
        self.way.choose(visit.way)
        self.outcome.choose(visit.outcome)
        for name, each in self.fields.items():
            each.show_value(getattr(visit, name))
        self._fill_texts()
        self._turn()
        self.fields["content"].setFocus()

    def _fill_texts(self) -> None:
        clear(self._texts)
        for place, text in enumerate(self._frequent()):
            made = button(f"{place + 1}　{text}", functools.partial(self.write_frequent, place),
                          look="flat", tip=f"写入（Alt+{place + 1}）")  # fmt: skip
            made.setStyleSheet("text-align: left;")
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.setAutoDefault(False)
            self._texts.addWidget(made, place // 2, place % 2)

    def _frequent(self) -> tuple[str, ...]:
        try:
            category = self.fields["category"].value()
        except Unreadable:
            category = ""
        return visiting.FREQUENT.get(category, visiting.FREQUENT[visiting.DAILY])

    def write_frequent(self, place: int) -> None:
        """Add a frequent text to what is written."""
        box = self.fields["content"].input()
        assert isinstance(box, QPlainTextEdit)
        box.setPlainText(box.toPlainText() + self._frequent()[place])
        box.moveCursor(box.textCursor().MoveOperation.End)
        box.setFocus()

    def _way_chosen(self, code: str) -> None:
        box = self.fields["content"].input()
        assert isinstance(box, QPlainTextEdit)
        if code == visiting.NOBODY_THERE and not box.toPlainText():
            box.setPlainText(visiting.NOBODY_HOME)
        elif box.toPlainText() == visiting.NOBODY_HOME:
            box.setPlainText("")
        self._turn()

    def _next_typed(self) -> None:
        self._is_next_typed = True
        self._next_hint.setText("")

    def _turn(self) -> None:
        """What follows from how the visit went."""
        is_met = self.way.code != visiting.NOBODY_THERE
        self.outcome.setEnabled(is_met)
        self.policies.setEnabled(is_met)
        self._found.setVisible(is_met and self.outcome.code == visiting.ABNORMAL)
        if self._is_next_typed:
            return
        on = visits.next_on(
            self._desk.ws, self._begun, way=self.way.code, outcome=self.outcome.code
        )
        self.fields["next_on"].show_value(on)
        shortest = min(self._begun.intervals, default=0)
        said = f"按{shortest}天间隔" if shortest else ""
        self._next_hint.setText(said if is_met else "过几天再去")


def ask_visit(desk: Desk, parent: QWidget, kind: str, record_id: str) -> None:
    """Open the dialog for a resident, household, dwelling, building, organisation or facility."""
    ws = desk.ws
    if not visits.may_visit(ws, kind):
        desk.complain(UserError(f"您的岗位不能登记{BY_NAME['visit'].label}"))
        return
    desk.run(
        parent,
        lambda: visits.begin(ws, kind, record_id),
        lambda begun: VisitDialog(desk, begun, parent).open(),
    )
