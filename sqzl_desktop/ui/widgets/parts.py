"""小部件: labels, cards, buttons and empty states that every page uses."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QSizePolicy,
    QTableView,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from sqzl_desktop.ui import theme


def label(text: str, name: str = "", *, wrap: bool = False) -> QLabel:
    """A text, never read as markup; `name` picks its style from the theme."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setObjectName(name)
    made.setWordWrap(wrap)
    return made


def chip(text: str, tone: str = "") -> QLabel:
    """A small coloured word: a state, a tag."""
    made = label(text, "chip")
    made.setProperty("tone", tone)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return made


def button(
    text: str, clicked: Callable[[], object], *, icon: str = "", look: str = "", tip: str = ""
) -> QPushButton:
    """A button; `look` is "", "primary", "danger" or "flat"."""
    made = QPushButton(text)
    if look:
        made.setProperty(look, True)
    if icon:
        tone = {"primary": "surface", "danger": "danger", "flat": "accent"}.get(look, "soft")
        made.setIcon(theme.icon(icon, tone))
    made.setToolTip(tip)
    made.setAccessibleName(text or tip)
    made.clicked.connect(lambda _checked=False: clicked())
    return made


def row(*parts: QWidget | QLayout | int | None, gap: int = theme.GAP) -> QHBoxLayout:
    """Parts beside each other; None is a stretch, a number a space."""
    box = QHBoxLayout()
    _fill(box, parts, gap)
    return box


def column(*parts: QWidget | QLayout | int | None, gap: int = theme.GAP) -> QVBoxLayout:
    """Parts below each other; None is a stretch, a number a space."""
    box = QVBoxLayout()
    _fill(box, parts, gap)
    return box


def _fill(box: QBoxLayout, parts: Iterable[QWidget | QLayout | int | None], gap: int) -> None:
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(gap)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, int):
            box.addSpacing(part)
        elif isinstance(part, QWidget):
            box.addWidget(part)
        else:
            box.addLayout(part)


def card(content: QLayout, name: str = "card", *, padding: int = 16) -> QFrame:
    """A white panel with a thin edge."""
    made = QFrame()
    made.setObjectName(name)
    content.setContentsMargins(padding, padding, padding, padding)
    made.setLayout(content)
    return made


def holder(content: QLayout) -> QWidget:
    """A layout as a widget."""
    made = QWidget()
    made.setLayout(content)
    return made


def padded(widget: QWidget) -> QWidget:
    """A widget as the content of a tab."""
    box = column(widget)
    box.setContentsMargins(4, 12, 4, 4)
    return holder(box)


def rule() -> QFrame:
    """A thin line."""
    made = QFrame()
    made.setObjectName("rule")
    return made


def empty_state(icon: str, sentence: str, action: QPushButton | None = None) -> QWidget:
    """What stands where a list would be: nothing here, and what to do."""
    picture = QLabel()
    picture.setPixmap(theme.pixmap(icon, "faint", 48))
    picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
    text = label(sentence, "soft", wrap=True)
    text.setAlignment(Qt.AlignmentFlag.AlignCenter)
    parts: list[QWidget | QLayout | int | None] = [None, picture, text]
    if action is not None:
        parts.append(row(None, action, None))
    return holder(column(*parts, None, gap=16))


def fact(name: str, text: str, *, width: int) -> QHBoxLayout:
    """A line of a card: what it is, and what it says."""
    caption = label(name, "soft")
    caption.setFixedWidth(width)
    line = row(caption, label(text, wrap=True), gap=4)
    line.setStretch(1, 1)
    return line


def field_change(name: str, before: str, after: str) -> QHBoxLayout:
    """A line that says what becomes of a field."""
    new = after or "（清空）"
    return fact(name, f"{before} → {new}" if before else new, width=96)


def plain_table(*headings: str) -> QTableWidget:
    """A table to read: whole rows, no grid, no editing."""
    table = QTableWidget(0, len(headings))
    table.setHorizontalHeaderLabels(headings)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(36)
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    table.horizontalHeader().setDefaultAlignment(left)
    table.horizontalHeader().setStretchLastSection(True)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    return table


def fit_columns(table: QTableView) -> None:
    """Every column as wide as what it shows, the last one as far as there is room."""
    head = table.horizontalHeader()
    head.setStretchLastSection(False)  # set again, so that it looks at the room there is now
    table.resizeColumnsToContents()
    head.setStretchLastSection(True)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


def restyle(widget: QWidget, **properties: object) -> None:
    """Set properties that the style sheet looks at."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
