"""选人: which members of a household, and which one of them."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.ui.widgets.parts import column


def called(person: Resident) -> str:
    """A member as a list shows them: name, relation to the head, year of birth."""
    relation = code_list("family_relation").label(person.relation) if person.relation else ""
    born = f"{person.born_on:%Y}年生" if person.born_on else ""
    return "　".join(filter(None, (person.name, relation, born)))


class SeveralPeople(QWidget):
    """A box to tick for each."""

    changed = Signal()

    def __init__(self, people: Iterable[Resident], chosen: Iterable[str]) -> None:
        super().__init__()
        self._boxes: dict[str, QCheckBox] = {}
        ticked, body = set(chosen), column(gap=4)
        for each in people:
            box = self._boxes[each.id] = QCheckBox(called(each))
            box.setChecked(each.id in ticked)
            box.toggled.connect(lambda _is_on: self.changed.emit())
            body.addWidget(box)
        self.setLayout(body)
        if self._boxes:
            self.setFocusProxy(next(iter(self._boxes.values())))

    def ids(self) -> list[str]:
        """Those that are ticked."""
        return [key for key, box in self._boxes.items() if box.isChecked()]


class OnePerson(QComboBox):
    """One of some people; "" until somebody is chosen, where `is_free`."""

    def __init__(self, people: Sequence[Resident], *, is_free: bool = False) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.is_free = is_free
        self.offer(people)

    def offer(self, people: Sequence[Resident]) -> None:
        """Let one of these be chosen; who was chosen stays so."""
        kept = self.chosen()
        self.clear()
        if self.is_free or len(people) > 1:
            self.addItem("请选择" if not self.is_free else "（无）", "")
        for each in people:
            self.addItem(called(each), each.id)
        self.setCurrentIndex(max(self.findData(kept), 0))

    def chosen(self) -> str:
        """The id of the chosen one."""
        return str(self.currentData() or "")
