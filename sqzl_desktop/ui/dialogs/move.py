"""变动: the window of one move: a few lines to fill in, and one button that does it all."""

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QLabel, QWidget

from sqzl_desktop.base.errors import Invalid, UserError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services.moves import Around, Done
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.dialogs.pick_record import picker
from sqzl_desktop.ui.widgets.field_editors import FieldEditor, editor
from sqzl_desktop.ui.widgets.offering import serve
from sqzl_desktop.ui.widgets.parts import button, column, holder, label, row
from sqzl_desktop.ui.widgets.people_choice import OnePerson, SeveralPeople

Act = Callable[[], Done]


class MoveDialog(QDialog):
    """Fields are added by whoever opens it; `act` reads them and gives what is to be done."""

    def __init__(self, desk: Desk, title: str, parent: QWidget, *, hint: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(640)
        self._desk = desk
        self._pick = picker(desk, self)
        self._prepare: Callable[[], Act] | None = None
        self._fields = QGridLayout()
        self._fields.setHorizontalSpacing(16)
        self._fields.setVerticalSpacing(8)
        for side in range(2):
            self._fields.setColumnStretch(side, 1)
        self._cells = 0
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        self._do = button("登记", self.save, look="primary", tip="登记（Enter）")
        head = [label(title, "title")] + ([label(hint, "soft", wrap=True)] if hint else [])
        buttons = row(None, button("取消", self.reject, tip="取消（Esc）"), self._do)
        body = column(*head, 4, self._fields, self._problem, 4, buttons, gap=8)
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)
        self._do.setDefault(True)

    def on_save(self, prepare: Callable[[], Act]) -> None:
        """What reads the fields (on the window's thread) and gives what is done (in the back)."""
        self._prepare = prepare

    def add(self, caption: str, widget: QWidget, *, is_wide: bool = False) -> QLabel:
        """A field below its caption, two in a line unless wide; the caption can be hidden, too."""
        head = label(caption, "soft")
        self._place(holder(column(head, widget, None, gap=4)), is_wide=is_wide)
        return head

    def _place(self, widget: QWidget, *, is_wide: bool) -> None:
        if is_wide:
            self._cells += self._cells % 2
        line, side = divmod(self._cells, 2)
        self._fields.addWidget(widget, line, side, 1, 2 if is_wide else 1)
        self._cells += 2 if is_wide else 1

    def field(self, kind: str, name: str, caption: str = "") -> FieldEditor:
        """The editor of a kind's field, below its label or another caption."""
        described = BY_NAME[kind].column(name)
        made = editor(described, self._pick)
        if made.offering is not None:
            serve(self._desk, made.offering, described.facts.target)
        self.add(caption or described.label, made, is_wide=described.type == "ref")
        return made

    def day(self, caption: str) -> FieldEditor:
        """A day, today until another is typed."""
        made = self.field("residence", "from_on", caption)
        made.show_value(self._desk.ws.today)
        return made

    def tick(self, text: str, *, is_on: bool) -> QCheckBox:
        """A box to tick."""
        box = QCheckBox(text)
        box.setChecked(is_on)
        self._place(box, is_wide=True)
        return box

    def save(self) -> None:
        """Do it in the background; what was filled in stays until it is done."""
        assert self._prepare is not None
        try:
            act = self._prepare()
        except (Unreadable, UserError) as error:
            self._say(str(error))
            return
        self._do.setEnabled(False)  # twice in a row would be two of them
        self._desk.run(self, act, self._done, self._refused)

    def _done(self, done: Done) -> None:
        self._desk.bus.changed.emit(done.kinds)
        self._desk.bus.done.emit(done.sentence, done.group)
        self.accept()

    def _refused(self, error: UserError) -> None:
        self._do.setEnabled(True)
        problems = error.problems.values() if isinstance(error, Invalid) else (str(error),)
        self._say("；".join(problems))

    def _say(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.show()


class NextHead:
    """Asks for the next head of a household, only while its head is among those who leave."""

    def __init__(self, dialog: MoveDialog, found: Around, leaving: SeveralPeople | None) -> None:
        self._found = found
        self._leaving = leaving
        self._choice = OnePerson(())
        self._caption = dialog.add("新的户主", self._choice, is_wide=True)
        if leaving is not None:
            leaving.changed.connect(self._look)
        self._look()

    def _look(self) -> None:
        ids = self._leaving.ids() if self._leaving else [self._found.person.id]
        staying: list[Resident] = [each for each in self._found.members if each.id not in ids]
        self._choice.offer(staying)
        is_needed = self._found.head_among(ids) and bool(staying)
        self._choice.setVisible(is_needed)
        self._caption.setVisible(is_needed)

    def chosen(self) -> str:
        """The id of the chosen one, "" where nobody is needed."""
        return self._choice.chosen() if not self._choice.isHidden() else ""
