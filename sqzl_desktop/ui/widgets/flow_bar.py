"""流程条: the steps of a record, where it stands, and the buttons of the steps that are open."""

import functools
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.flow import Flow, Transition
from sqzl_desktop.ui.widgets.parts import button, clear, label, restyle, row

LOOKS = {"withdraw": "danger", "refuse": "danger"}


class FlowBar(QWidget):
    """Chevrons of the main road; a missing field is named beside the button."""

    stepped = Signal(str)

    def __init__(self, flow: Flow, road: tuple[str, ...]) -> None:
        super().__init__()
        self._labels = code_list(flow.kind.column("state").facts.codes).label
        self._road = road
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)

    def show_state(
        self, state: str, steps: list[Transition], missing: Callable[[Transition], list[str]]
    ) -> None:
        """Show where a record stands and what may be done next."""
        clear(self._box)
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
        chevrons.addStretch(1)
        self._box.addLayout(chevrons)
        actions = row(gap=8)
        for transition in steps:
            is_first = transition is steps[0]
            look = LOOKS.get(transition.step, "primary" if is_first else "")
            step_on = functools.partial(self.stepped.emit, transition.step)
            made = button(transition.label, step_on, look=look)
            lacking = missing(transition)
            made.setEnabled(not lacking)
            actions.addWidget(made)
            if lacking and is_first:
                actions.addWidget(label(f"还需填写：{'、'.join(lacking)}", "doubt", wrap=True), 1)
        actions.addStretch(1)
        self._box.addLayout(actions)
