"""办理面板: one step of a case with exactly what it needs, below its button."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame

from sqzl_desktop.base.errors import Invalid, UserError
from sqzl_desktop.domain.flow import Transition
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services import case_drafts, case_work
from sqzl_desktop.services.case_drafts import Kept
from sqzl_desktop.services.case_look import CaseLook
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import button, clear, column, label, row
from sqzl_desktop.ui.widgets.photo_tray import PhotoTray
from sqzl_desktop.ui.widgets.step_fields import StepFields

PAUSE_MS = 400


class StepPanel(QFrame):
    """Ctrl+Enter takes the step. What was typed is kept until the step is taken.

    `taken` says that a step was taken, `closed` that the person went away from it.
    """

    taken = Signal(object)
    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._look: CaseLook | None = None
        self.transition: Transition | None = None
        self.fields: StepFields | None = None
        self.setObjectName("card")
        self._title = label("", "section")
        self.problem = label("", "problem", wrap=True)
        self.photos = PhotoTray(desk, "照片拖到这里，或Ctrl+V粘贴")
        self.photos.changed.connect(self._keep_photos)
        self._go = button("办理", self.take, icon="check", look="primary", tip="办理（Ctrl+回车）")
        self._leave = button("收起", self.close_panel, tip="收起，写的内容保留（Esc）")
        self._place = column()
        head = row(self._title, None, self._leave, self._go, gap=8)  # in sight however long it is
        body = column(head, self.problem, self._place, self.photos, gap=6)
        body.setContentsMargins(12, 10, 12, 10)
        self.setLayout(body)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.keep_draft)
        for keys, work in (("Ctrl+Return", self.take), ("Ctrl+Enter", self.take),
                           ("Esc", self.close_panel)):  # fmt: skip
            key = QShortcut(QKeySequence(keys), self)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(work)
        self.hide()

    @property
    def step(self) -> str:
        """The step that is being filled in; "" where none is."""
        return self.transition.step if self.transition and not self.isHidden() else ""

    def show_step(self, look: CaseLook, transition: Transition, **given: str) -> None:
        """Begin a step, with what was typed for it before. `given` are values known already."""
        self._look, self.transition = look, transition
        self._title.setText(transition.label)
        self._go.setText(f"{transition.label}（Ctrl+回车）")
        self._go.setEnabled(True)
        self._say("")
        self.photos.show_files(())
        self.photos.setVisible(transition.step in case_work.WITH_PHOTOS)
        self.fields = StepFields(self._desk, look, transition)
        self.fields.typed.connect(self._typed)
        clear(self._place)
        self._place.addWidget(self.fields)
        self.photos.listen(self.fields)
        self.show()
        self.fields.show()  # before it is laid out, so that it can take the keyboard
        self.fields.give(given)
        self._ask_draft()
        self.fields.focus_first()

    def tell_late(self, sentence: str) -> None:
        """The case went on without this step: say so, keep what was typed, take nothing."""
        self._say(sentence)
        self._go.setEnabled(False)

    def take(self) -> None:
        """Take the step in the background; what was typed stays until it is taken."""
        look, transition, fields = self._look, self.transition, self.fields
        if look is None or transition is None or fields is None or not self._go.isEnabled():
            return
        try:
            if self.photos.is_busy:
                raise Unreadable("照片还在处理，请稍候")
            values = fields.values()
        except Unreadable as error:
            self._say(str(error))
            return
        if lacking := fields.lacking(values):
            fields.mark(lacking)
            names = "、".join(CASE.column(each).label for each in lacking)
            self._say(f"“{transition.label}”之前请先填写：{names}")
            return
        ws, files, name = self._desk.ws, list(self.photos.files), self._draft_name()
        self._go.setEnabled(False)
        self._timer.stop()

        def work() -> Case:
            after = case_work.step(ws, look.case.id, transition.step, values, files)
            case_drafts.drop(ws, name)
            return after

        self._desk.run(self, work, self._taken, self._refused)

    def _taken(self, after: Case) -> None:
        label_ = self.transition.label if self.transition else ""
        self.hide()
        self._desk.say(f"“{label_}”已存本机，待服务器确认")
        self.taken.emit(after)

    def _refused(self, error: UserError) -> None:
        self._go.setEnabled(True)
        problems = error.problems.values() if isinstance(error, Invalid) else (str(error),)
        self._say("；".join(problems))

    def close_panel(self) -> None:
        """Go away from the step; what was typed is there the next time."""
        if self.isHidden():
            return
        self.keep_draft()
        self.hide()
        self.closed.emit()

    def keep_draft(self) -> None:
        """Keep what was typed."""
        self._timer.stop()
        if self.fields is None or self._look is None:
            return
        ws, name, kept = self._desk.ws, self._draft_name(), self.fields.draft()
        self._desk.run(self, lambda: case_drafts.keep(ws, name, kept), lambda _none: None)

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setHidden(not sentence)

    def _typed(self) -> None:
        if self._go.isEnabled():
            self._say("")
        self._timer.start()

    def _draft_name(self) -> str:
        case_id = self._look.case.id if self._look else ""
        return case_drafts.of_step(case_id, self.transition.step if self.transition else "")

    def _ask_draft(self) -> None:
        ws, name, fields = self._desk.ws, self._draft_name(), self.fields

        def done(kept: Kept) -> None:
            if self.fields is not fields or fields is None:
                return
            if kept.files and not self.photos.files:
                self.photos.show_files(kept.files)
            if fields.show_draft(kept.typed) or kept.files:
                self._say("已恢复上次写的内容")

        self._desk.run(self, lambda: case_drafts.find(ws, name), done)

    def _keep_photos(self) -> None:
        ws, name, files = self._desk.ws, self._draft_name(), list(self.photos.files)
        self._desk.run(self, lambda: case_drafts.keep_photos(ws, name, files), lambda _none: None)
