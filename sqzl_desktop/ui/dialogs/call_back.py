"""回访: what the reporter thinks of a case that is done with; or that nobody was reached."""

import functools
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from sqzl_desktop.base.clock import moment_text
from sqzl_desktop.base.errors import Invalid, UserError
from sqzl_desktop.domain import case_phrases
from sqzl_desktop.domain.case_flow import MOST_CALLS
from sqzl_desktop.domain.case_indicators import DISPLEASED
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.services import callbacks
from sqzl_desktop.services.callbacks import Call
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.grade_keys import GradeKeys
from sqzl_desktop.ui.widgets.masked_text import MaskedText
from sqzl_desktop.ui.widgets.parts import button, column, fact, holder, label, row
from sqzl_desktop.ui.widgets.phrase_bar import PhraseBar

WIDTH, TEXT_HEIGHT = 76, 60
MISSED = ((callbacks.NOT_REACHED, "Alt+W"), (callbacks.DECLINED, "Alt+J"))


class CallBack(QDialog):
    """1 to 5 give the grade, Ctrl+Enter saves; who is not content is asked why, and may have it
    done again at once."""

    def __init__(self, desk: Desk, call: Call, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._call = desk, call
        self._case = call.case
        self.setWindowTitle(f"回访　{call.case.title}")
        self.setMinimumWidth(760)
        self.grades = GradeKeys()
        self.reason, self.note, self.rework_reason = _text(), _text(), _text()
        self._phrases = PhraseBar(desk, "Alt", "不满意原因　*")
        self._phrases.show_use(case_phrases.DISPLEASED, self.reason, call.case.community_id)
        self._why = holder(column(self._phrases.head, self.reason, self._phrases, gap=4))
        self._why.hide()
        self.problem = label("", "problem", wrap=True)
        self._save = button("保存", self.save, icon="check", look="primary",
                            tip="保存（Ctrl+回车）")  # fmt: skip
        self._parts = QStackedWidget()
        self._parts.addWidget(holder(self._asking()))
        self._parts.addWidget(holder(self._offer()))
        body = column(self._head(), self._parts, self.problem, gap=12)
        body.setContentsMargins(24, 20, 24, 20)
        self.setLayout(body)
        self.grades.chosen.connect(self._graded)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._go)
        self.grades.setFocus()

    def save(self) -> None:
        """Write down what was said."""
        grade, reason = self.grades.code, self.reason.toPlainText()
        if not grade:
            self.problem.setText("请先选择满意度：按1至5")
            self.grades.setFocus()
        elif grade in DISPLEASED and not reason.strip():
            self.problem.setText("不满意的，请先填写原因")
            self.reason.setFocus()
        else:
            ws, case_id, note = self._desk.ws, self._case.id, self.note.toPlainText()
            self._work(
                lambda: callbacks.save(ws, case_id, grade=grade, reason=reason, note=note),
                self._saved,
            )

    def miss(self, how: str) -> None:
        """Write down that this attempt led to nothing."""
        ws, case_id, note = self._desk.ws, self._case.id, self.note.toPlainText()

        def done(after: Case) -> None:
            left = MOST_CALLS - (after.callback_missed or 0)
            rest = f"还可再访{left}次" if left else "不必再访"
            self._end(f"已记下{how}，{rest}")

        self._work(lambda: callbacks.missed(ws, case_id, how=how, note=note), done)

    def rework(self) -> None:
        """Have it done again."""
        ws, case_id, why = self._desk.ws, self._case.id, self.rework_reason.toPlainText()
        self._work(
            lambda: callbacks.rework(ws, case_id, why),
            lambda _after: self._end("回访已记下，案件已返工"),
        )

    def _head(self) -> QVBoxLayout:
        case = self._case
        made = column(label(case.title, "title", wrap=True), gap=6)
        words = (case.number, self._call.class_name, case.place)
        made.addWidget(label("　".join(filter(None, words)), "soft", wrap=True))
        at = moment_text(case.closed_at) if case.closed_at else ""
        result = "　".join(filter(None, (case.outcome or case.feedback or case.measures, at)))
        for name, text in (
            ("承办", case.handler or case.handled_by), ("处置结果", result),
            ("并入案件", self._call.merged_into),
        ):  # fmt: skip
            if text:
                made.addLayout(fact(name, text, width=WIDTH))
        made.addLayout(self._reporter())
        for number, each in enumerate(self._call.missed, 1):
            said = f"{moment_text(each.at) if each.at else ''}　{each.by}　{_plain(each.content)}"
            made.addLayout(fact(f"第{number}次", said, width=WIDTH))
        return made

    def _reporter(self) -> QVBoxLayout:
        caption = label("反映人", "soft")
        caption.setFixedWidth(WIDTH)
        line = row(caption, label(self._case.reporter_name or "未留姓名"), gap=8)
        if self._case.reporter_phone:
            line.addWidget(MaskedText(self._desk, "case", self._case, "reporter_phone"), 1)
        else:
            line.addWidget(label("没有电话，请入户回访", "soft"), 1)
        return column(line, gap=0)

    def _asking(self) -> QVBoxLayout:
        missing = [
            button(f"{how}（{keys}）", functools.partial(self.miss, how)) for how, keys in MISSED
        ]
        for each, (_how, keys) in zip(missing, MISSED, strict=True):
            QShortcut(QKeySequence(keys), self).activated.connect(each.click)
            each.setEnabled(self._call.left > 0)
            each.setAutoDefault(False)
        cancel = button("取消", self.reject)
        cancel.setAutoDefault(False)
        self._save.setAutoDefault(False)
        return column(
            label("对办理结果满意吗？（按1至5）", "section"), self.grades, self._why,
            label("回访情况（可空）", "soft"), self.note, 4,
            row(*missing, label(self._attempts(), "small"), None, cancel, self._save, gap=8),
            gap=8,
        )  # fmt: skip

    def _attempts(self) -> str:
        left = self._call.left
        return f"还可再访{left}次" if left > 0 else "已三次回访未果，不必再访"

    def _offer(self) -> QVBoxLayout:
        return column(
            label("反映人不满意。要返工吗？", "section"),
            label("回访已经保存。返工后案件回到处置，理由如下，可以修改：", "soft", wrap=True),
            self.rework_reason, None,
            row(None, button("不返工", lambda: self._end("回访已记下")),
                button("返工", self.rework, look="primary", tip="返工（Ctrl+回车）"), gap=8),
            gap=8,
        )  # fmt: skip

    def _graded(self, grade: str) -> None:
        self.problem.setText("")
        self._why.setVisible(grade in DISPLEASED)
        if grade in DISPLEASED:
            self.reason.setFocus()

    def _go(self) -> None:
        if not self._parts.isEnabled():
            return
        if self._parts.currentIndex():
            self.rework()
        else:
            self.save()

    def _saved(self, after: Case) -> None:
        self._parts.setEnabled(True)
        self._case = after
        if not callbacks.may_rework(self._desk.ws, after):
            self._end("回访已记下")
            return
        self._desk.bus.changed.emit(("case",))
        self.rework_reason.setPlainText(callbacks.rework_reason(after))
        self._parts.setCurrentIndex(1)
        self.rework_reason.setFocus()

    def _work(self, work: Callable[[], Case], done: Callable[[Case], None]) -> None:
        self._parts.setEnabled(False)
        self._desk.run(self, work, done, self._refused)

    def _end(self, said: str) -> None:
        self._desk.say(f"{said}，已存本机，待服务器确认")
        self._desk.bus.changed.emit(("case",))
        self.accept()

    def _refused(self, error: UserError) -> None:
        self._parts.setEnabled(True)
        problems = error.problems.values() if isinstance(error, Invalid) else (str(error),)
        self.problem.setText("；".join(problems))


def ask_call(
    desk: Desk, parent: QWidget, case_id: str, done: Callable[[], object] = lambda: None
) -> None:
    """Open the dialog for a case; `done` follows when something was written down."""
    ws = desk.ws

    def begin(call: Call) -> None:
        dialog = CallBack(desk, call, parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(done)
        dialog.open()

    desk.run(parent, lambda: callbacks.begin(ws, case_id), begin)


def _text() -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setFixedHeight(TEXT_HEIGHT)
    made.setTabChangesFocus(True)
    return made


def _plain(content: str) -> str:
    """What a step says of itself, without the name of its only field."""
    return content.partition("：")[2] or content
