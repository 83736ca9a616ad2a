"""What a person sees of a widget and presses on it."""

import dataclasses

from PySide6.QtWidgets import QLabel, QPushButton, QTableView, QWidget

from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.desk import Desk


def texts(widget: QWidget) -> str:
    """Every label in sight."""
    labels = widget.findChildren(QLabel)
    return "\n".join(each.text() for each in labels if each.isVisible())


def button(widget: QWidget, text: str) -> QPushButton:
    """The one button in sight with this text."""
    (found,) = (each for each in widget.findChildren(QPushButton)
                if each.text() == text and each.isVisible())  # fmt: skip
    return found


def buttons(widget: QWidget) -> list[str]:
    """The texts of the buttons in sight."""
    found = widget.findChildren(QPushButton)
    return [each.text() for each in found if each.isVisible() and each.text()]


def press(widget: QWidget, text: str) -> None:
    """Press a button and wait for what it sets going."""
    button(widget, text).click()
    tasks.wait_idle()


def cells(table: QTableView, column: int) -> list[str]:
    """What a column of a table shows."""
    model = table.model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


@dataclasses.dataclass
class Heard:
    """What a desk said, opened and changed, in the order it came."""

    said: list[tuple[str, bool]]
    opened: list[tuple[str, str]]
    changed: list[tuple[str, ...]]


def listen(desk: Desk) -> Heard:
    """Write down what goes over the bus from now on."""
    heard = Heard([], [], [])
    desk.bus.said.connect(lambda sentence, is_problem: heard.said.append((sentence, is_problem)))
    desk.bus.open_requested.connect(lambda kind, record: heard.opened.append((kind, record)))
    desk.bus.changed.connect(heard.changed.append)
    return heard
