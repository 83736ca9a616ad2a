"""页面: what the navigation knows of a page."""

import dataclasses
from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QWidget

from sqzl_desktop.ui.desk import Desk
from sqzl_desktop.ui.widgets.parts import column, label, row


class PageView(QWidget):
    """A page: title, actions on the right, content below. `refresh` is called when it is shown."""

    def __init__(self, desk: Desk, title: str) -> None:
        super().__init__()
        self.setObjectName("page")
        self.desk = desk
        self.heading = label(title, "title")
        self.tools = row()
        self.head = row(self.heading, None, self.tools)
        self.body = column(gap=12)
        outside = column(self.head, self.body, gap=16)
        outside.setStretch(1, 1)
        outside.setContentsMargins(24, 20, 24, 20)
        self.setLayout(outside)

    def refresh_if_seen(self, _kinds: tuple[str, ...]) -> None:
        """Refresh, unless another page is in front: that one refreshes when it is shown."""
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Show what is in the store now."""

    def made_ready(self) -> Iterator[object]:
        """Make what is made when it is first needed, in small pieces, before anybody comes."""
        yield from ()

    def may_leave(self) -> bool:
        """Is nothing unsaved here, or may it be dropped? Asks the person."""
        return True

    def open_record(self, kind: str, record_id: str) -> None:
        """Show one record of a kind, or an empty form where the id is ""."""


Maker = Callable[[Desk], PageView]


@dataclasses.dataclass(frozen=True)
class Page:
    """One entry of the navigation; `opens` names the kinds whose records it shows.

    `load` imports the page and gives what makes it.
    """

    name: str
    label: str
    icon: str
    load: Callable[[], Maker]
    opens: tuple[str, ...] = ()
