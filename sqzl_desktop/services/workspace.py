"""工作区: who acts, on which store, at what time. Made at unlock, passed everywhere."""

import dataclasses
import datetime as dt

from sqzl_desktop.base.clock import Clock, today
from sqzl_desktop.domain.access import Actor
from sqzl_desktop.store.engine import Store


@dataclasses.dataclass(frozen=True)
class Workspace:
    """What every use-case needs. `device` is the short code that numbers on paper carry."""

    actor: Actor
    store: Store
    clock: Clock
    communities: tuple[str, ...]
    device: str

    @property
    def today(self) -> dt.date:
        """The calendar day in Beijing."""
        return today(self.clock)
