"""生成房屋: the rooms of a new building at once, seen before they are made."""

import re

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLineEdit, QSpinBox, QWidget

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain import tower_plan
from sqzl_desktop.domain.kinds.building import Building
from sqzl_desktop.domain.room_numbers import SCHEMES, Numbering
from sqzl_desktop.domain.tower import lay_out
from sqzl_desktop.domain.tower_plan import Draft
from sqzl_desktop.ui.widgets.parts import button, card, column, holder, label, row
from sqzl_desktop.ui.widgets.tower_view import TowerView


class GenerateRooms(QDialog):
    """How many entrances, floors and rooms, and how they are numbered; `draft` is what comes."""

    def __init__(self, building: Building, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("生成房屋")
        self.resize(980, 600)
        self.draft: Draft | None = None
        self.entrances = _spin(building.entrance_count or 3, 1, 20)
        self.floors = _spin(building.floor_count or 6, 1, 100)
        self.below = _spin(building.floors_below or 0, 0, 5)
        self.rooms = _spin(building.rooms_per_floor or 2, 1, 40)
        self.scheme = QComboBox()
        for name, text in SCHEMES.items():
            self.scheme.addItem(text, name)
        self.skipped_floors, self.skipped_rooms = QLineEdit(), QLineEdit()
        self.skipped_floors.setPlaceholderText("例如 4、13、14")
        self.skipped_rooms.setPlaceholderText("例如 4")
        self._said = label("", "section", wrap=True)
        self.preview = TowerView()
        self._make = button("生成", self.accept, icon="check", look="primary")
        self._lay_out(building)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.show_preview)
        for spin in (self.entrances, self.floors, self.below, self.rooms):
            spin.valueChanged.connect(lambda _value: self._later.start())
        self.scheme.currentIndexChanged.connect(lambda _index: self._later.start())
        for line in (self.skipped_floors, self.skipped_rooms):
            line.textChanged.connect(lambda _text: self._later.start())
        self.show_preview()

    def _lay_out(self, building: Building) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        for text, part in (
            ("单元数", self.entrances), ("地上层数", self.floors), ("地下层数", self.below),
            ("每层户数", self.rooms), ("室号", self.scheme),
            ("跳过的楼层号", self.skipped_floors), ("跳过的序号", self.skipped_rooms),
        ):  # fmt: skip
            form.addRow(label(text, "soft"), part)
        left = holder(column(form, self._said, None))
        left.setFixedWidth(340)
        middle = row(left, card(column(self.preview), padding=8), gap=16)
        middle.setStretch(1, 1)
        title = label(f"{building.estate} {building.name}　生成房屋", "title")
        hint = label("生成后还可以在图上改，确认无误再保存。", "soft")
        body = column(title, middle, row(hint, None, button("取消", self.reject), self._make),
                      gap=12)  # fmt: skip
        body.setStretch(1, 1)
        body.setContentsMargins(24, 24, 24, 24)
        self.setLayout(body)
        self._make.setDefault(True)
        self.entrances.setFocus()

    def show_preview(self) -> None:
        """Draw what would come of what stands in the form."""
        numbering = Numbering(
            self.entrances.value(), self.floors.value(), self.rooms.value(), self.below.value(),
            str(self.scheme.currentData()),
            skipped_floors=_numbers(self.skipped_floors.text()),
            skipped_rooms=_numbers(self.skipped_rooms.text()),
        )  # fmt: skip
        try:
            self.draft = tower_plan.generated(numbering)
        except Refused as error:
            self.draft = None
            self._said.setText(str(error))
            self.preview.show_rooms(lay_out(()), {})
        else:
            self._said.setText(f"共 {numbering.count} 户")
            self.preview.show_rooms(self.draft.layout, self.draft.rooms)
        self._make.setEnabled(self.draft is not None)


def _spin(value: int, least: int, most: int) -> QSpinBox:
    made = QSpinBox()
    made.setRange(least, most)
    made.setValue(value)
    made.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    return made


def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(each) for each in re.findall(r"\d{1,3}", text))
