"""上报内容: the fields of a report, what stands in them as a case, and as a draft."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.case import Case
from sqzl_desktop.domain.kinds.grid import Grid
from sqzl_desktop.schema.codec import Unreadable
from sqzl_desktop.services import case_reporting, class_choice, offers
from sqzl_desktop.services.case_reporting import Understood
from sqzl_desktop.services.finding import Hit
from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.field_editors import FieldEditor, editor
from sqzl_desktop.ui.widgets.offered_line import OfferedLine, of_line
from sqzl_desktop.ui.widgets.parts import column, holder, label, row
from sqzl_desktop.ui.widgets.segments import Segments

URGENCIES = (("01", "一般", "Y"), ("02", "紧急", "J"), ("03", "特急", "T"))
EXAMPLE = "例如：3-2-501 楼道堆物"
NO_TITLE = f"请写明地点和情况，{EXAMPLE}"
HEIGHT = 60
_KIND = BY_NAME["case"]


class ReportFields(QObject):
    """One line says the most; the rest is filled from it, or by hand where a person knows more."""

    typed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, ws = desk, desk.ws
        self.line = QLineEdit()
        self.line.setAccessibleName("地点和情况")
        self.line.setPlaceholderText(f"地点和情况，{EXAMPLE}")
        self.place = OfferedLine(desk, "发生地点", "3-2-501、3号楼，或写明地点",
                                 lambda text: case_reporting.place_hits(ws, text))  # fmt: skip
        self.kind = OfferedLine(
            desk, "案件类别", "名称或拼音首字母，如 lddw", lambda text: class_choice.hits(ws, text)
        )
        self.facility = OfferedLine(desk, "相关部件", "名称或编号，可不填",
                                    lambda text: offers.of_kind(ws, "facility", text))  # fmt: skip
        self.grid = QComboBox()
        self.description = _note("情况描述")
        self.measures = _note("处置措施")
        self.urgency = Segments("紧急程度", URGENCIES)
        self.on_spot = QCheckBox("当场已处置，自办自结（Alt+B）")
        QShortcut("Alt+B", self.on_spot).activated.connect(self.on_spot.toggle)
        names = ("source", "reporter_name", "reporter_phone", "is_anonymous")
        self.editors: dict[str, FieldEditor] = {
            name: editor(_KIND.column(name), lambda _kind: None) for name in names
        }
        self.by_hand: set[str] = set()  # the fields the line does not fill any more
        self._listen()

    def _listen(self) -> None:
        self.line.textEdited.connect(lambda _text: self.typed.emit())
        for name in ("place", "kind", "facility"):
            getattr(self, name).typed.connect(lambda name=name: self._touched(name))
        for each in (self.description, self.measures):
            each.textChanged.connect(self.typed)
        self.urgency.chosen.connect(lambda _code: self.typed.emit())
        self.on_spot.toggled.connect(lambda _on: self.typed.emit())
        self.grid.activated.connect(lambda _at: self._touched("grid"))
        for editor_ in self.editors.values():
            editor_.changed.connect(self.typed)

    def _touched(self, name: str) -> None:
        self.by_hand.add(name)
        self.typed.emit()

    def in_order(self) -> list[QWidget]:
        """What takes the keyboard, in the order it stands on the screen."""
        last = (self.on_spot, self.measures)
        editors = {name: each.input() for name, each in self.editors.items()}
        source = editors.pop("source")
        urgencies = self.urgency.findChildren(QPushButton)
        where = (self.line, self.place.line, self.kind.line, self.grid, self.description)
        return [*where, *urgencies, source, self.facility.line, *editors.values(), *last]

    def begin(self, case: Case, place: Hit | None) -> None:
        """Empty fields but for what is known already."""
        self.by_hand = {"place"} if place else set()
        self.line.setText(case.title)
        for each in (self.place, self.kind, self.facility):
            each.show_hit(None)
        self.place.show_hit(place)
        for box in (self.description, self.measures):
            box.setPlainText("")
        self.description.setPlainText(case.description)
        self.urgency.choose(case.urgency or "01")
        self.on_spot.setChecked(False)
        for name, editor_ in self.editors.items():
            editor_.show_value(getattr(case, name))
        self._desk.run(
            self,
            lambda: case_reporting.grids(self._desk.ws),
            lambda grids: self._offer_grids(grids, case.grid_id),
        )

    def _offer_grids(self, grids: list[Grid], chosen: str) -> None:
        """Let one of these be chosen, where the place does not say it."""
        if "grid" in self.by_hand:
            return
        self.grid.clear()
        self.grid.addItem("按发生地点", "")
        for grid in grids:
            self.grid.addItem(grid.name, grid.id)
        self.grid.setCurrentIndex(max(self.grid.findData(chosen), 0))

    def fill(self, found: Understood) -> None:
        """Put in what the line says, where nobody has put anything else."""
        if "place" not in self.by_hand:
            self.place.show_hit(found.place, found.words)
        if "kind" not in self.by_hand:
            self.kind.show_hit(found.class_hit)

    def case(self, base: Case, title: str) -> Case:
        """The case as it stands in the fields; Unreadable where a text is no value of its field."""
        if not title:
            raise Unreadable(NO_TITLE)
        if self.kind.text and self.kind.hit is None:
            raise Unreadable(f"没有选定案件类别“{self.kind.text}”，请从候选中选择，或清空")
        if self.facility.text and self.facility.hit is None:
            raise Unreadable(f"没有选定相关部件“{self.facility.text}”，请从候选中选择，或清空")
        values: dict[str, Any] = {name: each.value() for name, each in self.editors.items()}
        if not case_reporting.asks_reporter(values["source"]):
            values |= {"reporter_name": "", "reporter_phone": "", "is_anonymous": False}
        values |= {
            "title": title,
            "place": self.place.text,
            "dwelling_id": of_line(self.place, "dwelling"),
            "building_id": of_line(self.place, "building"),
            "class_code": of_line(self.kind, "case_class"),
            "facility_id": of_line(self.facility, "facility"),
            "description": self.description.toPlainText().strip(),
            "urgency": self.urgency.code,
        }
        grid = str(self.grid.currentData() or "") if self.grid.count() else base.grid_id
        if "grid" not in self.by_hand and (values["dwelling_id"] or values["building_id"]):
            grid = ""  # it follows from the place
        return dataclasses.replace(base, **values, grid_id=grid)

    def draft(self) -> dict[str, str]:
        """What was typed, to be kept until it is reported."""
        kept = {"line": self.line.text(), "description": self.description.toPlainText(),
                "measures": self.measures.toPlainText()}  # fmt: skip
        for name in ("place", "kind", "facility"):
            if name in self.by_hand:
                kept |= _hit_parts(name, getattr(self, name))
        for name, each in self.editors.items():
            kept[name] = _text(each)
        if not any(kept[name] for name in ("line", "description", "measures", "reporter_name")):
            return {}
        on_spot = "1" if self.on_spot.isChecked() else ""
        return {**kept, "urgency": self.urgency.code, "on_spot": on_spot}

    def show_draft(self, kept: Mapping[str, str]) -> None:
        """Put back what was typed."""
        self.line.setText(kept.get("line", ""))
        self.description.setPlainText(kept.get("description", ""))
        self.measures.setPlainText(kept.get("measures", ""))
        for name in ("place", "kind", "facility"):
            if f"{name}_text" in kept:
                self.by_hand.add(name)
                getattr(self, name).show_hit(_hit(name, kept), kept[f"{name}_text"])
        for name, each in self.editors.items():
            if name == "is_anonymous":
                each.show_value(bool(kept.get(name)))
            else:
                each.show_value(kept.get(name, ""))
        self.urgency.choose(kept.get("urgency") or "01")
        self.on_spot.setChecked(bool(kept.get("on_spot")))


def _note(name: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setAccessibleName(name)
    made.setTabChangesFocus(True)
    made.setFixedHeight(HEIGHT)
    return made


def _text(each: FieldEditor) -> str:
    try:
        value = each.value()
    except Unreadable:
        return ""
    return value if isinstance(value, str) else "1" if value else ""


def _hit_parts(name: str, line: OfferedLine) -> dict[str, str]:
    kind, record_id = (line.hit.kind, line.hit.id) if line.hit else ("", "")
    return {f"{name}_text": line.text, f"{name}_kind": kind, f"{name}_id": record_id}


def _hit(name: str, kept: Mapping[str, str]) -> Hit | None:
    record_id = kept.get(f"{name}_id", "")
    text = kept[f"{name}_text"]
    return Hit(kept[f"{name}_kind"], record_id, text, "") if record_id else None


def field(name: str, *parts: QWidget) -> QWidget:
    """A field with what it is called above it."""
    return holder(column(label(name, "soft"), row(*parts), gap=4))
