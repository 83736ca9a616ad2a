"""补充说明: what came second stays on the record; its author is told once who was faster."""

import dataclasses
from collections.abc import Iterable

from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.domain.kinds.supplement import Supplement
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import changes, records


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What the server said of a change of this device that had no effect of its own."""

    operation: str
    kind: str
    record_id: str
    title: str
    sentence: str


def of_record(ws: Workspace, kind: str, record_id: str) -> list[Supplement]:
    """The supplements of a record, oldest first."""
    filters = [Filter("record_kind", "=", kind), Filter("record_id", "=", record_id)]
    with ws.store.read() as tx:
        found = records.find(tx, "supplement", filters=filters, limit=100)
    kept = [each for each in found if isinstance(each, Supplement)]
    return sorted(kept, key=lambda each: str(each.received_at))


def told(ws: Workspace) -> list[Told]:
    """What the person has not yet been shown, newest first. Those of one action are one."""
    with ws.store.read() as tx:
        found = changes.unheard(tx)
        titles = {
            kind: elements.titles_in(tx, kind, [each.record for each in found if each.kind == kind])
            for kind in {each.kind for each in found}
        }
    said = {(each.kind, each.record, each.reason): each.id for each in found}
    return [
        Told(operation, kind, record, titles[kind].get(record, ""), reason)
        for (kind, record, reason), operation in said.items()
    ]


def heard(ws: Workspace, some: Iterable[Told]) -> None:
    """The person has seen these; they are not shown again."""
    with ws.store.write() as tx:
        for each in some:
            changes.heard(tx, each.kind, each.record_id, each.sentence)
