"""流程条: the steps of a record, where it stands, and the buttons of the steps that are open."""

import functools
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.flow import Flow, Transition
from sqzl_desktop.ui.widgets.parts import button, chip, clear, label, restyle, row

LOOKS = {"withdraw": "danger", "refuse": "danger"}


class FlowBar(QWidget):
    """Chevrons of the main road; a missing field is named beside the button."""

    stepped = Signal(str)
    wanted = Signal(str)  # the name of a field that is still to be filled in

    def __init__(self, flow: Flow, road: tuple[str, ...]) -> None:
        super().__init__()
        self._labels = code_list(flow.kind.column("state").facts.codes).label
        self._fields = {each.label: each.name for each in flow.kind.columns}
        self._road = road
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)

    def show_state(
        self,
        state: str,
        steps: list[Transition],
        missing: Callable[[Transition], list[str]],
        *,
        awaits_server: bool = False,
    ) -> None:
        """Show where a record stands and what may be done next.

        `awaits_server`: the last step counts on this device only, until the server confirms it.
        """
        clear(self._box)
        self._box.addLayout(self._chevrons(state, awaits_server=awaits_server))
        actions = row(gap=8)
        for transition in steps:
            is_first = transition is steps[0]
            look = LOOKS.get(transition.step, "primary" if is_first else "")
            step_on = functools.partial(self.stepped.emit, transition.step)
            made = button(transition.label, step_on, look=look)
            lacking = missing(transition)
            made.setEnabled(not lacking)
            actions.addWidget(made)
            made.setToolTip(f"还需填写：{'、'.join(lacking)}" if lacking else transition.label)
        first = missing(steps[0]) if steps else []
        actions.addStretch(1)
        self._box.addLayout(actions)
        if first:
            self._box.addLayout(self._missing(first))

    def _chevrons(self, state: str, *, awaits_server: bool) -> QHBoxLayout:
        chevrons = row(gap=4)
        reached = self._road.index(state) if state in self._road else -1
        for place, each in enumerate(self._road):
            step = label(self._labels(each), "step")
            where = "now" if place == reached else "done" if place < reached else "later"
            restyle(step, place=where)
            chevrons.addWidget(step)
            if place + 1 < len(self._road):
                chevrons.addWidget(label("→", "soft"))
        if reached < 0:
            chevrons.addWidget(label(self._labels(state), "section"))
        if awaits_server:
            chevrons.addWidget(chip("待服务器确认", "warn"))
        chevrons.addStretch(1)
        return chevrons

    def _missing(self, lacking: list[str]) -> QHBoxLayout:
        """What is still to be filled in before the first step, and the way there."""
        line = row(gap=8)
        if lacking[0] in self._fields:
            ask = functools.partial(self.wanted.emit, self._fields[lacking[0]])
            line.addWidget(button("去填写", ask, look="flat", tip=f"到“{lacking[0]}”"))
        line.addWidget(label(f"还需填写：{'、'.join(lacking)}", "doubt", wrap=True), 1)
        return line
