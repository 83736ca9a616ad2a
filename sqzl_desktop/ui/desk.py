"""工位: what every page is handed: the session, the bus, and the way off the window's thread."""

import dataclasses
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from sqzl_desktop.base.errors import UserError, WipeOrdered
from sqzl_desktop.services.session import Session
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.ui import tasks
from sqzl_desktop.ui.bus import Bus


@dataclasses.dataclass(frozen=True)
class Desk:
    """The unlocked session and the bus of one window."""

    session: Session
    bus: Bus

    @property
    def ws(self) -> Workspace:
        """The workspace of the person at the screen."""
        return self.session.ws

    def run(
        self,
        owner: QObject,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[UserError], None] | None = None,
    ) -> None:
        """Work in the background; without `failed`, a refusal is said on the screen."""

        def ended(error: UserError) -> None:
            if isinstance(error, WipeOrdered):
                self.bus.wiped.emit(str(error))
            else:
                (failed or self.complain)(error)

        tasks.run(work, done, owner=owner, failed=ended)

    def say(self, sentence: str) -> None:
        """Tell the person that something is done."""
        self.bus.said.emit(sentence, False)

    def complain(self, error: UserError) -> None:
        """Tell the person what went wrong and what to do."""
        self.bus.said.emit(str(error), True)
