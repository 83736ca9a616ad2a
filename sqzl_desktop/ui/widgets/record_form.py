"""记录表单: the form of any kind, from its description; says what is wrong while one types."""

import dataclasses
from collections.abc import Callable, Mapping, Set

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMessageBox, QWidget

from sqzl_desktop.base.errors import Invalid, UserError
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.fields import Element, Value
from sqzl_desktop.services import elements
from sqzl_desktop.services.likeness import Alike
from sqzl_desktop.services.newest import Overtaken, changed_columns, save_over
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import Picker
from sqzl_desktop.ui.widgets.form_aids import FormAids
from sqzl_desktop.ui.widgets.form_covers import FormCovers
from sqzl_desktop.ui.widgets.form_fields import FormFields
from sqzl_desktop.ui.widgets.form_refs import name_refs
from sqzl_desktop.ui.widgets.parts import button, column, label, row

Save = Callable[[Workspace, Element, Element], Element]


class RecordForm(QWidget):
    """Shows a record (`shown`), lets it be edited, checks while typing, saves.

    `save_with` is the use-case that takes what was shown and what was made of it; `foot` is the
    line of the save button, where others may add theirs.
    """

    saved = Signal(object)
    dirty_changed = Signal(bool)

    def __init__(self, desk: Desk, kind: str, pick: Picker) -> None:
        super().__init__()
        self._desk = desk
        self._kind = BY_NAME[kind]
        self.shown: Element = elements.blank(desk.ws, kind)
        self._is_dirty = False
        self._is_saving = False
        self._is_draft = False
        self._touched: set[str] = set()
        self._typed_since: set[str] = set()
        self.save_with: Save = save_over
        self.fields = fields = FormFields(self._kind, pick)
        self.editors, self.masked, self.notes = fields.editors, fields.masked, fields.notes
        self.fields.typed.connect(self._typed)
        self._covers = FormCovers(desk, self.masked)
        self.fields.reveal_asked.connect(self._covers.reveal)
        self.fields.serve(desk)
        self.fields.made.connect(self._made)
        self.aids = FormAids(desk, kind, self._standing, self._put)
        self.aids.strip.keep_asked.connect(self._keep)
        tip = "保存（Ctrl+S）"
        self.save_button = button("保存", self.save, icon="check", look="primary", tip=tip)
        self._state = label("", "soft")
        self.foot = row(self.save_button, self._state, None)
        outside = column(self.fields, self.aids.strip, self.foot, gap=12)
        outside.setStretch(0, 1)
        self.setLayout(outside)
        _add_key(self)

    @property
    def is_dirty(self) -> bool:
        """Is there something that was typed and not saved?"""
        return self._is_dirty

    def show_record(self, record: Element) -> None:
        """Put a record into the form."""
        self._touched = set()
        self._is_draft = False
        self.aids.begin()
        self.fields.forget_hints()
        self._take(record, record, keep=frozenset())
        self._covers.hide(record, self.masked)
        self._set_dirty(False)
        self._say({}, {})
        self._enable()

    def fill(self, values: Element, *, is_draft: bool) -> None:
        """Put values onto what is shown, as if they were typed; a draft was never saved anywhere
        but here, so that even a record that is never edited may be corrected."""
        self._is_draft = is_draft
        typed = {each.name for each in changed_columns(self._kind, self.shown, values)}
        for name in typed & self.masked.keys():
            self.masked[name].cover("")
        self._take(self.shown, values, keep=frozenset())
        self._touched = set(self.editors)
        self._set_dirty(True)
        self._enable()
        self._check()

    def _enable(self) -> None:
        may, is_saved = self._may(self.shown), bool(self.shown.id)
        self.save_button.setEnabled(may and not self._is_saving)
        for name, each in self.editors.made.items():
            each.setEnabled(may and not (is_saved and name in self._kind.guarded))
        self.fields.show_if_filled("merged_into", self.shown)

    def _made(self, names: Set[str]) -> None:
        """Fields have got editors: they are covered, closed and named as those before them."""
        values = self._standing()[1]
        self._covers.hide_untouched(self.shown, values, names)
        self._enable()
        name_refs(self.fields, self._desk, values, self.editors.keys() - names)

    def record(self) -> Element:
        """The record as it stands in the form; Invalid where a text is no value of its field."""
        values, wrong = self.fields.values()
        if wrong:
            raise Invalid(wrong)
        return dataclasses.replace(self.shown, **values)

    def _standing(self) -> tuple[Element, Element]:
        """What was shown, and what can be read of the form; the rest is as it was shown."""
        return self.shown, dataclasses.replace(self.shown, **self.fields.values()[0])

    def _put(self, values: Mapping[str, Value], why: str) -> None:
        """Values that the program fills in: as if they were typed, and it says so."""
        for name, value in values.items():
            self.editors.show_value(name, value)
        self.fields.hint(values, why)
        self._touched |= values.keys()
        self._typed_since |= values.keys()
        name_refs(self.fields, self._desk, self._standing()[1], self.editors.keys() - values.keys())
        self._check()

    def _keep(self) -> None:
        self.aids.accept_found()
        self.save()

    def save(self) -> None:
        """Check, then save in the background. What was typed stays until it is saved."""
        if self._is_saving or not self._may(self.shown):
            return
        self._touched = set(self.editors)
        try:
            record = self.record()
        except Invalid as error:
            self._say(error.problems, {})
            return
        shown, ws = self.shown, self._desk.ws
        self._set_saving(True)
        self._typed_since = set()

        def work() -> Element:
            self.aids.refuse_alike(shown, record)
            return self.save_with(ws, shown, record)

        self._desk.run(
            self,
            work,
            lambda saved: self._was_saved(shown, saved),
            lambda error: self._was_refused(shown, error),
        )

    def _was_saved(self, before: Element, record: Element) -> None:
        self._set_saving(False)
        self._desk.say("已存本机")
        if self.shown is before and self._typed_since:
            self._take(record, record, keep=self._typed_since)
        elif self.shown is before:
            self.show_record(record)
        self._desk.bus.changed.emit((self._kind.name,))
        self.saved.emit(record)

    def _was_refused(self, before: Element, error: UserError) -> None:
        self._set_saving(False)
        if isinstance(error, Alike) and self.shown is before:
            self.aids.was_refused(error)
            return
        self._desk.complain(error)
        if self.shown is not before:
            return
        if isinstance(error, Overtaken):
            self._take(error.newest, error.edited, keep=self._typed_since)
        if isinstance(error, Invalid):
            self._say(error.problems, {})

    def _may(self, record: Element) -> bool:
        is_kept = bool(record.id) and self._kind.append_only and not self._is_draft
        of = record if record.id else None
        return not is_kept and elements.may(self._desk.ws, "write", self._kind.name, of)

    def _set_saving(self, is_saving: bool) -> None:
        self._is_saving = is_saving
        self.save_button.setEnabled(self._may(self.shown) and not is_saving)

    def _take(self, record: Element, values: Element, *, keep: Set[str]) -> None:
        """Build on a state of the record and show values; fields in `keep` stay as typed."""
        self.shown = record
        for name in self.editors:
            if name not in keep:
                self.editors.show_value(name, getattr(values, name))
        self._covers.hide(record)
        name_refs(self.fields, self._desk, values, keep)

    def _typed(self, name: str) -> None:
        self._touched.add(name)
        self._typed_since.add(name)
        self.fields.forget_hints(name)
        self._set_dirty(True)
        self.aids.typed(name)
        self._check()

    def _check(self) -> None:
        try:
            report = elements.check(self._desk.ws, self.record())
        except Invalid as error:
            self._say(error.problems, {})
            return
        self._say(report.problems, report.doubts)

    def _say(self, problems: Mapping[str, str], doubts: Mapping[str, str]) -> None:
        self.fields.say(problems, doubts, among=self._touched)
        self.fields.count()
        if len(self._touched) == len(self.editors):
            self.fields.open_groups_of(problems)

    def _set_dirty(self, is_dirty: bool) -> None:
        self._is_dirty = is_dirty
        self._state.setText("有未保存的修改" if is_dirty else "")
        self.dirty_changed.emit(is_dirty)


def _add_key(form: RecordForm) -> None:
    key = QShortcut(QKeySequence.StandardKey.Save, form)
    key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    key.activated.connect(form.save)


def may_leave(form: RecordForm) -> bool:
    """Is nothing unsaved in the form? Otherwise asks; what the person gives up is dropped."""
    if not form.is_dirty:
        return True
    answer = QMessageBox.question(form, "有未保存的修改", "当前修改还没有保存。要放弃修改吗？")
    if answer != QMessageBox.StandardButton.Yes:
        return False
    form.show_record(form.shown)
    return True
