"""上报案件: a case in one line and two keys; what was typed is kept until it is reported."""

import itertools

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from sqzl_desktop.base.errors import Invalid, UserError
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services import case_drafts, case_look, case_reporting, elements
from sqzl_desktop.services.case_drafts import REPORT, Kept
from sqzl_desktop.services.case_look import Alike
from sqzl_desktop.services.case_reporting import Understood
from sqzl_desktop.services.finding import Hit
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.alike_cases import AlikeCases
from sqzl_desktop.ui.widgets.parts import button, column, holder, label, row
from sqzl_desktop.ui.widgets.photo_tray import PhotoTray
from sqzl_desktop.ui.widgets.report_fields import ReportFields
from sqzl_desktop.ui.widgets.report_layout import Laid

PAUSE_MS = 250
KEYS = "Ctrl+回车上报，Alt+P选照片；没写完可以先关闭，内容会保留"


class ReportCase(QDialog):
    """Ctrl+Enter reports. Closing keeps what was typed; the next report begins with it."""

    reported = Signal(object)

    def __init__(self, desk: Desk, base: Case, parent: QWidget, place: Hit | None = None) -> None:
        super().__init__(parent)
        self._desk, self._base, self._place = desk, base, place
        self._is_saving = False
        self._understood: Understood | None = None
        self.setWindowTitle("上报案件")
        self.resize(860, 690)
        self.fields = ReportFields(desk)
        self.photos = PhotoTray(desk)
        self.alike = AlikeCases(desk)
        self.problem = label("", "problem", wrap=True)
        self._told = label("", "soft", wrap=True)
        self._restored = holder(row(
            label("已恢复上次没有上报的内容", "doubt"),
            button("清空重填", self.clear_all, look="flat"), None,
        ))  # fmt: skip
        self._laid = Laid(desk, self.fields, self.photos)
        self._save = button(
            "上报", self.save, icon="check", look="primary", tip="上报（Ctrl+回车）"
        )
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._lay_out()
        self.fields.begin(base, place)
        self._listen()
        self._ask_draft()
        self.fields.line.setFocus()

    def save(self) -> None:
        """Read the line, then report in the background; what was typed stays until it is saved."""
        if self._is_saving:
            return
        self._timer.stop()
        self._is_saving = True
        self._save.setEnabled(False)
        ws, said = self._desk.ws, self.fields.line.text()
        self._desk.run(
            self, lambda: case_reporting.understood(ws, said), self._report, self._refused
        )

    def _report(self, found: Understood) -> None:
        self._take(found)
        fields = self.fields
        measures = fields.measures.toPlainText().strip() if fields.on_spot.isChecked() else ""
        try:
            if self.photos.is_busy:
                raise Unreadable("照片还在处理，请稍候再上报")
            if fields.on_spot.isChecked() and not measures:
                raise Unreadable("自办自结之前请先填写：处置措施")
            case = fields.case(self._base, found.title)
        except Unreadable as error:
            self._say_problem(str(error))
            return
        ws, files = self._desk.ws, list(self.photos.files)

        def work() -> tuple[Case, str]:
            made = case_reporting.report(ws, case, files=files, measures=measures)
            case_drafts.drop(ws, REPORT)
            return made, case_reporting.told(ws, made)

        self._desk.run(self, work, self._saved, self._refused)

    def _saved(self, made: tuple[Case, str]) -> None:
        self._timer.stop()
        case, said = made
        self._desk.say(said)
        self._desk.bus.changed.emit(("case", "attachment"))
        self.reported.emit(case)
        self.accept()

    def _refused(self, error: UserError) -> None:
        problems = error.problems.values() if isinstance(error, Invalid) else (str(error),)
        self._say_problem("；".join(problems))

    def _say_problem(self, sentence: str) -> None:
        self._is_saving = False
        self._save.setEnabled(True)
        self.problem.setText(sentence)

    def look_now(self) -> None:
        """Keep what was typed, and see what the line says."""
        self._timer.stop()
        ws, said, kept = self._desk.ws, self.fields.line.text(), self.fields.draft()

        def work() -> Understood:
            case_drafts.keep(ws, REPORT, kept)
            return case_reporting.understood(ws, said)

        self._desk.run(self, work, self._understand)

    def _understand(self, found: Understood) -> None:
        self._take(found)
        try:
            case = self.fields.case(self._base, found.title)
        except Unreadable:
            return
        ws = self._desk.ws
        self._desk.run(self, lambda: case_look.alike(ws, case), self._show_alike)

    def _take(self, found: Understood) -> None:
        self._understood = found
        self.fields.fill(found)
        self._told.setText(_words(found, self.fields))

    def _show_alike(self, found: list[Alike]) -> None:
        self.alike.show_found(found)

    def clear_all(self) -> None:
        """Begin anew with nothing typed."""
        ws = self._desk.ws
        self.fields.begin(self._base, self._place)
        self.photos.show_files(())
        self.alike.show_found([])
        self._restored.hide()
        self._turn()
        self._desk.run(self, lambda: case_drafts.drop(ws, REPORT), lambda _none: None)
        self.fields.line.setFocus()

    def _ask_draft(self) -> None:
        ws = self._desk.ws
        self._restored.hide()

        def done(kept: Kept) -> None:
            if not (kept.typed or kept.files) or self.fields.line.text() != self._base.title:
                return
            self.fields.show_draft(kept.typed)
            self.photos.show_files(kept.files)
            self._restored.show()
            self._turn()
            self.look_now()

        self._desk.run(self, lambda: case_drafts.find(ws, REPORT), done)

    def _keep_photos(self) -> None:
        ws, files = self._desk.ws, list(self.photos.files)
        self._desk.run(self, lambda: case_drafts.keep_photos(ws, REPORT, files), lambda _none: None)

    def _turn(self) -> None:
        """What is asked for follows from the source and from whether it was put right."""
        source = self.fields.editors["source"]
        try:
            is_told = case_reporting.asks_reporter(source.value())
        except Unreadable:
            is_told = True
        self._laid.turn(is_told=is_told, is_done=self.fields.on_spot.isChecked())

    def _typed(self) -> None:
        self.problem.setText("")
        self._turn()
        self._timer.start()

    def _listen(self) -> None:
        self.fields.typed.connect(self._typed)
        self.photos.changed.connect(self._keep_photos)
        self.alike.opened.connect(self.reject)
        self._timer.timeout.connect(self.look_now)
        self.fields.line.returnPressed.connect(self.look_now)
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        self.photos.listen(self)
        self._turn()

    def _lay_out(self) -> None:
        if not elements.may(self._desk.ws, "write", "case"):
            self.fields.on_spot.hide()
        body = column(
            row(label("上报案件", "title"), None, self._restored),
            self.fields.line, self._told, self.alike, self._laid, self.problem,
            row(label(KEYS, "small"), None, button("关闭", self.reject), self._save),
            gap=8,
        )  # fmt: skip
        body.setStretch(4, 1)
        body.setContentsMargins(24, 20, 24, 20)
        self.setLayout(body)
        for each in self.findChildren(QPushButton):
            each.setAutoDefault(False)  # Enter takes what is offered, and presses nothing
        order = [*self.fields.in_order(), self._save]
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before, after)

    def done(self, result: int) -> None:
        """Closed by whatever way: what was typed since the last pause is kept, too."""
        if result != QDialog.DialogCode.Accepted and self._timer.isActive():
            self.look_now()
        super().done(result)


def _words(found: Understood, fields: ReportFields) -> str:
    """What the line was taken for, so that nobody need look at every field."""
    if not found.title and not found.words:
        return ""
    place = fields.place.text
    if found.words and fields.place.hit is None and "place" not in fields.by_hand:
        several = "有几处" if found.places else "没有"
        place = f"{found.words}（登记的房屋里{several}这个地址，可在“发生地点”里选）"
    kind = f"{fields.kind.text}（按描述推荐）" if fields.kind.hit else ""
    said = (
        ("情况", found.title),
        ("地点", place),
        ("类别", "" if "kind" in fields.by_hand else kind),
    )
    return "　".join(f"{name}：{words}" for name, words in said if words)


def ask_report(desk: Desk, parent: QWidget, place: Hit | None = None) -> None:
    """Open the dialog; `place` is the dwelling or building at which somebody stands."""
    if not elements.may(desk.ws, "create", "case"):
        desk.complain(UserError("您的岗位不能上报案件"))
        return
    dialog = ReportCase(desk, case_reporting.first(desk.ws, {}), parent, place)
    dialog.reported.connect(lambda case: desk.bus.open_requested.emit("case", case.id))
    dialog.open()
