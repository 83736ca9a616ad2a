"""事件案件: what is noticed is reported (发现)."""

import dataclasses

from sqzl_desktop.domain.kinds.event import Event
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace


def report(ws: Workspace, event: Event) -> Event:
    """发现: report an event; the time of discovery is now where none was given."""
    found_at = event.discovered_at or ws.clock.now().replace(microsecond=0)
    saved = elements.save(
        ws, dataclasses.replace(event, discovered_at=found_at, urgency=event.urgency or "01")
    )
    assert isinstance(saved, Event)
    return saved
