"""时限编辑: the phases of a limit as lines of name, amount and unit, instead of free text."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPushButton, QWidget

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.limits import STAGES, Phase, Unit, read
from sqzl_desktop.ui.widgets.parts import button, clear, column, holder, label, row

MOST_PHASES = 6
NO_LIMIT = ""
_UNIT_WIDTH, _AMOUNT_WIDTH, _NAME_WIDTH = 92, 72, 108
_BELOW = 5  # beside the last line, in its middle


class Limit(QWidget):
    """An amount and a unit; `without` says what an empty one means."""

    changed = Signal()

    def __init__(self, what: str, phase: Phase | None = None, *, without: str = "不限") -> None:
        super().__init__()
        self.amount = QLineEdit("" if phase is None else f"{phase.amount:f}")
        self.amount.setFixedWidth(_AMOUNT_WIDTH)
        self.amount.setAccessibleName(f"{what}时长")
        self.amount.setPlaceholderText(without)
        self.unit = QComboBox()
        self.unit.addItems([unit.value for unit in Unit])
        self.unit.setFixedWidth(_UNIT_WIDTH)
        self.unit.setAccessibleName(f"{what}单位")
        self.unit.setCurrentText(phase.unit.value if phase else Unit.WORK_HOURS.value)
        self.amount.textChanged.connect(lambda _text: self.changed.emit())
        self.unit.currentTextChanged.connect(lambda _text: self.changed.emit())
        self.setLayout(row(self.amount, self.unit, gap=4))

    def show_phase(self, phase: Phase | None) -> None:
        """Show an amount and a unit, or none."""
        self.amount.setText(f"{phase.amount:f}" if phase else "")
        if phase:
            self.unit.setCurrentText(phase.unit.value)

    def text(self, name: str = "") -> str:
        """As `limits.read` reads it; "" for no limit."""
        amount = self.amount.text().strip()
        return f"{name} {amount}{self.unit.currentText()}".strip() if amount else NO_LIMIT


class PhaseRows(QWidget):
    """One line for each phase, one after the other."""

    changed = Signal()

    def __init__(self, what: str, without: str) -> None:
        super().__init__()
        self._what, self._without = what, without
        self._lines = column(gap=4)
        self._rows: list[tuple[QLineEdit, Limit, QPushButton]] = []
        self._more = button("加一个阶段", self._add_empty, icon="plus", look="flat")
        self._more.setAccessibleName(f"{what}加一个阶段")
        beside = column(None, self._more, _BELOW, gap=0)
        self.setLayout(row(self._lines, beside, None, gap=8))

    def show_text(self, text: str) -> None:
        """Show the phases that a text means; nobody is told."""
        clear(self._lines)
        self._rows = []
        for phase in _readable(text) or (None,):
            self._add(phase)
        self._settle()

    def text(self) -> str:
        """The phases as `limits.read` reads them; lines without an amount are left out."""
        texts = (limit.text(name.text().strip()) for name, limit, _ in self._rows)
        return "；".join(each for each in texts if each)

    def set_locked(self, *, locked: bool) -> None:
        """To read only, or to be changed."""
        self.setEnabled(not locked)
        self._more.setVisible(not locked)

    def _add_empty(self) -> None:
        self._add(None)
        self._settle()
        self._rows[-1][0].setFocus()
        self.changed.emit()

    def _add(self, phase: Phase | None) -> None:
        name = QLineEdit(phase.name if phase else "")
        name.setFixedWidth(_NAME_WIDTH)
        name.setPlaceholderText(f"阶段{len(self._rows) + 1}名称")
        name.setAccessibleName(f"{self._what}阶段名称")
        limit = Limit(self._what, phase, without=self._without)
        drop = button("", lambda: self._drop(limit), icon="close", look="flat", tip="去掉这个阶段")
        name.textChanged.connect(lambda _text: self.changed.emit())
        limit.changed.connect(self.changed)
        self._rows.append((name, limit, drop))
        self._lines.addWidget(holder(row(name, limit, drop, None, gap=4)))

    def _drop(self, gone: Limit) -> None:
        kept = [each for each in self._rows if each[1] is not gone]
        for _, limit, _ in self._rows:
            if limit is gone and (line := limit.parentWidget()):
                self._lines.removeWidget(line)
                line.hide()
                line.deleteLater()
        self._rows = kept
        self._settle()
        self.changed.emit()

    def _settle(self) -> None:
        """A name is asked for where there are several; the only line cannot be dropped."""
        several = len(self._rows) > 1
        for name, _, drop in self._rows:
            name.setVisible(several)
            drop.setVisible(several)
        self._more.setEnabled(len(self._rows) < MOST_PHASES)


class StageLimits(QWidget):
    """The limits of the stages, each an amount and a unit."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._limits: dict[str, Limit] = {name: Limit(name) for name in STAGES}
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        for at, (name, limit) in enumerate(self._limits.items()):
            limit.changed.connect(self.changed)
            grid.addWidget(label(name, "soft"), at // 2, at % 2 * 2)
            grid.addWidget(limit, at // 2, at % 2 * 2 + 1)
        grid.setColumnStretch(4, 1)
        self.setLayout(grid)

    def show_text(self, text: str) -> None:
        """Show the limits that a text means; nobody is told."""
        known: Mapping[str, Phase] = {phase.name: phase for phase in _readable(text)}
        for name, limit in self._limits.items():
            limit.show_phase(known.get(name))

    def text(self) -> str:
        """The limits as `limits.read_stages` reads them."""
        texts = (limit.text(name) for name, limit in self._limits.items())
        return "；".join(each for each in texts if each)


def _readable(text: str) -> tuple[Phase, ...]:
    """What a newer program wrote and this one cannot count is shown as no limit."""
    try:
        return read(text)
    except Refused:
        return ()
