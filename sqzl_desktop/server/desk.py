"""台面: what one push works on, in memory: the records it touches and what it makes of them."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from sqzl_desktop.domain.access import Actor, Zones
from sqzl_desktop.domain.flow import Occasion
from sqzl_desktop.protocol.merge import Kept, Merged, author_unknown
from sqzl_desktop.protocol.messages import Author, Operation, Outcome, Row
from sqzl_desktop.server import conflicts
from sqzl_desktop.server.rows import Key, in_grid

FindWaiting = Callable[[], Mapping[Key, str]]
FindAuthors = Callable[[set[str]], dict[str, Author]]
Clocks = Callable[[Any], Mapping[str, Any]]


def _untimed(_record: Any) -> Mapping[str, Any]:
    return {}


@dataclasses.dataclass(frozen=True, slots=True)
class Scene:
    """Who pushes, where and when; the same for every operation of a push.

    `former` holds, per earlier version of the author's scope, what counts as still held by work
    that names it; `find_waiting` finds records that are themselves handed over and not accepted;
    `find_clocks` reads by which classes and calendar the community's limits run.
    """

    community: str
    actor: Actor
    zones: Zones
    device_label: str
    received_at: str
    today: dt.date
    find_authors: FindAuthors
    find_waiting: FindWaiting
    former: Mapping[int, Zones] = dataclasses.field(default_factory=dict)
    find_clocks: Callable[[], Clocks] = lambda: _untimed

    def holds(self, grid: str, operation: Operation) -> bool:
        """Does the author hold a grid, or did he when he made this operation?"""
        former = self.former.get(operation.scope)
        return self.zones.holds(grid) or (former is not None and former.holds(grid))


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an operation. `told` is what its author is told if it may be kept beside."""

    outcome: Outcome
    reason: str = ""
    advice: str = ""
    agreed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    told: str = ""

    @property
    def stands(self) -> bool:
        """Did it do what it could, so that the others of its group may too?"""
        return self.outcome not in ("held", "rejected")


class Desk:
    """Records, open conflicts and agreements as they are after the operations so far."""

    def __init__(
        self,
        scene: Scene,
        rows: dict[Key, Row],
        still_open: dict[Key, dict[str, Kept]],
        agreed: dict[str, Mapping[str, str]],
    ) -> None:
        self.scene = scene
        self.rows = rows
        self.still_open = still_open
        self.agreed = agreed
        self._authors: dict[str, Author] = {}
        self._waiting: Mapping[Key, str] | None = None
        self._clocks: Clocks | None = None

    def occasion(self) -> Occasion:
        """When steps of this push take effect: now, by the server's clock."""
        if self._clocks is None:
            self._clocks = self.scene.find_clocks()
        return Occasion(dt.datetime.fromisoformat(self.scene.received_at), self._clocks)

    def trial(self) -> "Desk":
        """A copy on which a group may fail without a trace."""
        still_open = {key: dict(kept) for key, kept in self.still_open.items()}
        copy = Desk(self.scene, dict(self.rows), still_open, dict(self.agreed))
        copy._clocks = self._clocks
        copy._authors = self._authors  # what is known of authors stays true whatever fails
        return copy

    def adopt(self, trial: "Desk") -> None:
        """Make the outcome of a trial our own."""
        self.rows, self.still_open, self.agreed = trial.rows, trial.still_open, trial.agreed

    def author(self, operation: str) -> Author:
        """Who made an operation; blank where nobody knows or nobody did."""
        if operation and operation not in self._authors:
            named = {op for row in self.rows.values() for op in (*row.writes.values(), row.last)}
            unknown = (named | {operation}) - self._authors.keys()
            found = self.scene.find_authors(unknown)
            self._authors.update({op: found.get(op, author_unknown()) for op in unknown})
        return self._authors.get(operation, author_unknown())

    def waiting_grid(self, key: Key) -> str | None:
        """The grid of a record that is itself waiting to be accepted; None where it is not."""
        if self._waiting is None:
            self._waiting = self.scene.find_waiting()
        for row in self.rows.values():
            if row.kind == "handover" and row.fields.get("state") == "open":
                subject = str(row.fields["record_kind"]), str(row.fields["record_id"])
                if subject == key:
                    return row.grid
        return self._waiting.get(key)

    def sign(self, operation: Operation) -> None:
        """The operation being judged has an author too, though it is not written down yet."""
        self._authors[operation.id] = Author(
            self.scene.actor.name,
            self.scene.received_at,
            operation.made_at,
            self.scene.device_label,
        )

    def take(self, key: Key, merged: Merged) -> None:
        """Put the outcome of a merge on the desk: the record, and its conflicts beside it."""
        kept = self.still_open.setdefault(key, {})
        if merged.row is not None:
            moved = key in self.rows and self.rows[key].grid != merged.row.grid
            self.rows[key] = merged.row
            if moved:
                self._move_along(kept, merged.row)
        for each in merged.kept:
            kept[each.id] = each
            self.rows["conflict", each.id] = conflicts.to_row(each, self, key)

    def _move_along(self, kept: Mapping[str, Kept], row: Row) -> None:
        for each in kept:
            standing = self.rows["conflict", each]
            self.rows["conflict", each] = in_grid(standing, row.grid, row.last)
