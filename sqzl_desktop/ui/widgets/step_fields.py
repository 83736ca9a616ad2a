"""步骤内容: the fields one step of a case brings, and what stands in them."""

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from sqzl_desktop.domain.flow import Transition
from sqzl_desktop.domain.kinds.case import ANOTHER_GRID, CASE
from sqzl_desktop.domain.kinds.grid import Grid
from sqzl_desktop.services import case_work
from sqzl_desktop.services.case_look import CaseLook
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.case_editors import (
    GridEditor,
    HandlerEditor,
    OfferedEditor,
    put_text,
    step_editor,
    text_of,
)
from sqzl_desktop.ui.widgets.field_editors import FieldEditor
from sqzl_desktop.ui.widgets.parts import button, column, holder, label, row
from sqzl_desktop.ui.widgets.phrase_bar import PhraseBar

HEIGHT = 56
# what is written anew each time; the others begin with what the case says already
ANEW = ("confirm_note", "filing_note", "decline_reason", "return_reason", "feedback", "check_note",
        "rework_reason", "extension_until", "extension_reason", "extension_note", "urge_note",
        "park_reason", "parked_until", "void_reason", "callback_note", "outcome",
        "merged_into")  # fmt: skip
DAYS = (1, 3, 7)
PHRASED = {"dispatch": "dispatch_note", "callback": "callback_note"}  # else the first text


class StepFields(QWidget):
    """Short fields beside each other, texts below, with frequent texts for the first of them."""

    typed = Signal()

    def __init__(self, desk: Desk, look: CaseLook, transition: Transition) -> None:
        super().__init__()
        self._desk, self._look, self._transition = desk, look, transition
        self.editors: dict[str, FieldEditor] = {
            name: step_editor(desk, name) for name in transition.brings
        }
        self._cells: dict[str, QWidget] = {}
        texts = (name for name in transition.brings if CASE.column(name).type == "note")
        self._phrased = PHRASED.get(transition.step) or next(texts, "")
        self._phrases = PhraseBar(desk, "Ctrl", self._caption(self._phrased))
        self._phrases.listen(self)
        self._lay_out()
        for name, each in self.editors.items():
            each.show_value(CASE.column(name).default if name in ANEW
                            else getattr(look.case, name))  # fmt: skip
            each.changed.connect(functools.partial(self._typed, name))
        self._name_class()
        self._begun = {name: text_of(each) for name, each in self.editors.items()}
        self._turn()

    def _caption(self, name: str) -> str:
        said = CASE.column(name).label if name else ""
        return f"{said}　*" if name in self._transition.needs else said

    def _lay_out(self) -> None:
        short, long = QGridLayout(), column(gap=6)
        short.setContentsMargins(0, 0, 0, 0)
        short.setHorizontalSpacing(12)
        place = 0
        for name, each in self.editors.items():
            caption = label(self._caption(name), "soft")
            box = each.input()
            if not isinstance(box, QPlainTextEdit):
                cell = self._cells[name] = holder(column(caption, each, gap=2))
                short.addWidget(cell, place // 2, place % 2)
                place += 1
                continue
            box.setFixedHeight(HEIGHT)
            if name == self._phrased:
                community = self._look.case.community_id
                self._phrases.show_use(self._transition.step, box, community)
                long.addLayout(column(self._phrases.head, each, self._phrases, gap=2))
            else:
                long.addLayout(column(caption, each, gap=2))
        body = column(gap=6)
        if place:
            body.addLayout(short)
        self._add_extras(body)
        body.addLayout(long)
        self.setLayout(body)

    def _add_extras(self, made: QVBoxLayout) -> None:
        """What helps with this step alone: days to add, the conditions of the class."""
        if self._transition.step == "extend":
            ways = [button(f"延{days}天", functools.partial(self._add_days, days), look="flat")
                    for days in DAYS]  # fmt: skip
            made.addLayout(row(*ways, None, gap=4))
        filing, closing = self._look.conditions
        said = {"file": ("立案条件", filing), "close": ("结案条件", closing),
                "verify": ("结案条件", closing)}  # fmt: skip
        name, words = said.get(self._transition.step, ("", ""))
        if words:
            made.addWidget(label(f"{name}：{words}", "small", wrap=True))

    def _add_days(self, days: int) -> None:
        now = self._desk.ws.clock.now().replace(second=0, microsecond=0)
        begin = max(self._look.case.due_at or now, now)
        self.editors["extension_until"].show_value(begin + dt.timedelta(days=days))
        self._typed("extension_until")

    def _name_class(self) -> None:
        each = self.editors.get("class_code")
        if isinstance(each, OfferedEditor) and self._look.case.class_code:
            each.show_named(self._look.case.class_code, self._look.class_name)

    def give(self, given: Mapping[str, str]) -> None:
        """Put in what is known already: `merged_into` as "id\\ntitle"."""
        for name, text in given.items():
            put_text(self.editors[name], text)

    def values(self) -> dict[str, Any]:
        """What stands in the fields; a text that was left empty changes nothing."""
        found = {name: each.value() for name, each in self.editors.items()}
        if found.get("handler_kind", ANOTHER_GRID) != ANOTHER_GRID:
            found["handler_grid_id"] = ""
        return {name: value for name, value in found.items()
                if value not in ("", None) or name not in ANEW}  # fmt: skip

    def lacking(self, values: Mapping[str, Any]) -> list[str]:
        """The fields the step needs that are not filled in."""
        needed = list(self._transition.needs)
        if values.get("handler_kind") == ANOTHER_GRID:
            needed.append("handler_grid_id")
        return [name for name in needed if values.get(name) in ("", None)]

    def mark(self, names: Sequence[str]) -> None:
        """Colour the fields that are still to be filled in, and go to the first."""
        for name, each in self.editors.items():
            each.mark(wrong=name in names, doubtful=False)
        self.editors[names[0]].setFocus()

    def focus_first(self) -> None:
        """The keyboard into the first field that is empty."""
        empty = [each for each in self.editors.values() if not text_of(each)]
        for each in (*empty, *self.editors.values())[:1]:
            each.setFocus()

    def draft(self) -> dict[str, str]:
        """What was typed and is not what the case says already."""
        found = {name: text_of(each) for name, each in self.editors.items()}
        return {name: text for name, text in found.items() if text != self._begun[name]}

    def show_draft(self, kept: Mapping[str, str]) -> bool:
        """Put back what was typed, where nothing else stands by now. Was there anything?"""
        wanted = [name for name, text in kept.items() if name in self.editors and text
                  and text_of(self.editors[name]) == self._begun[name]]  # fmt: skip
        for name in wanted:
            put_text(self.editors[name], kept[name])
        self._turn()
        return bool(wanted)

    def _typed(self, name: str) -> None:
        self.editors[name].mark(wrong=False, doubtful=False)
        if name in ("handler_kind", "handler_grid_id"):
            self._turn()
        self.typed.emit()

    def _turn(self) -> None:
        """Another grid is chosen, not written; its name is the handler's."""
        grid, handler = self.editors.get("handler_grid_id"), self.editors.get("handler")
        if not isinstance(grid, GridEditor) or not isinstance(handler, HandlerEditor):
            return
        handler.kind = text_of(self.editors["handler_kind"])
        is_grid = handler.kind == ANOTHER_GRID
        self._cells["handler_grid_id"].setVisible(is_grid)
        self._cells["handler"].setVisible(not is_grid)
        if is_grid and grid.title:
            handler.show_value(grid.title)
        ws, case = self._desk.ws, self._look.case

        def offer(found: list[Grid]) -> None:
            grid.offer(found)

        if is_grid and not grid.is_offered:
            self._desk.run(self, lambda: case_work.grids(ws, case), offer)
