"""按字段选: one value of each of a few fields, or all of them."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.schema.kind import Column, Kind
from sqzl_desktop.services import views

MOST_CODE_FILTERS = 3
MOST_WIDTH, MOST_OFFERED_WIDTH = 170, 220


class FieldChoices(QObject):
    """A list to drop down for each field: the `fields`, else the first codes that are listed."""

    changed = Signal()

    def __init__(self, kind: Kind[Any], fields: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._kind = kind
        usual = [each for each in views.usual_columns(kind) if each.facts.codes]
        wanted = [kind.column(name) for name in fields] or usual[:MOST_CODE_FILTERS]
        most = MOST_OFFERED_WIDTH if fields else MOST_WIDTH
        self.combos = {each.name: _chooser(each, most) for each in wanted}
        for combo in self.combos.values():
            combo.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def filters(self) -> list[Filter]:
        """What is chosen."""
        return [
            Filter(name, "has" if self._kind.column(name).type == "many" else "=",
                   combo.currentData())
            for name, combo in self.combos.items() if combo.currentData()
        ]  # fmt: skip

    def forget(self) -> None:
        """All of every field, without telling."""
        for combo in self.combos.values():
            with QSignalBlocker(combo):
                combo.setCurrentIndex(0)

    def offer(self, field: str, choices: Sequence[tuple[str, str]]) -> None:
        """What one of the fields may be narrowed to now, as (value, text)."""
        refill(self.combos[field], choices)

    def worded(self, condition: Filter) -> str:
        """A condition in words: what is called by a name of its own where it is offered, is so."""
        combo = self.combos.get(condition.field)
        place = combo.findData(condition.value) if combo is not None else -1
        if combo is None or place < 1 or condition.operator != "=":
            return views.worded(self._kind.name, condition)
        return f"{self._kind.column(condition.field).label} {combo.itemText(place)}"


def refill(combo: QComboBox, choices: Sequence[tuple[str, str]]) -> None:
    """Other choices below the first, which is all of them; without telling. What was chosen stays
    so where it is still there."""
    chosen = combo.currentData()
    with QSignalBlocker(combo):
        while combo.count() > 1:
            combo.removeItem(1)
        for value, text in choices:
            combo.addItem(text, value)
        combo.setCurrentIndex(max(combo.findData(chosen), 0))


def _chooser(described: Column, most_width: int) -> QComboBox:
    combo = QComboBox()
    combo.addItem(f"{described.label}：全部", "")
    for code in code_list(described.facts.codes).codes[:80] if described.facts.codes else ():
        combo.addItem(code.name, code.code)
    combo.setMaximumWidth(most_width)
    combo.setAccessibleName(described.label)
    return combo
