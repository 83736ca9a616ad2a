"""Versions of our functions that are broken on purpose: the invented histories must find each.

Every one is a mistake that a real product has made. `planted` swaps it in as long as its block.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest import mock

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol import merge
from sqzl_desktop.protocol.messages import Answer
from sqzl_desktop.server import along, desk, handovers, judge, steps, streams, supplements
from sqzl_desktop.services import elements
from sqzl_desktop.store import arriving, changes, proof, tables
from sqzl_desktop.sync import apply
from sqzl_desktop.sync import community as community_round

Swap = tuple[Any, str, Callable[..., Any]]
Fault = Callable[[], Sequence[Swap]]


def cursor_saved_before_data() -> Sequence[Swap]:
    """The cursor is on disk before what it stands for."""
    real = apply.apply_page

    def broken(store: Any, community: str, page: Any, at: str, **words: Any) -> None:
        with store.write() as tx:
            after = apply.Cursor(page.epoch, page.scope_version, page.cursor)
            apply._write_cursor(tx, community, after)
        real(store, community, page, at, **words)

    return [(community_round, "apply_page", broken)]


def answers_not_remembered() -> Sequence[Swap]:
    """The server does not look whether it has an operation under another number."""

    def broken(
        connection: Any, community: str, account: str, operations: Sequence[Any]
    ) -> dict[str, Any]:
        of = streams.OPERATION.c
        found = real(connection, community, account, operations)
        numbers = sa.select(of.n).where(of.id.in_(list(found)))
        kept = set(connection.scalars(numbers))
        mine = {each.id for each in operations if each.n in kept}
        return {each: answer for each, answer in found.items() if each in mine}

    real = streams._answers
    return [(streams, "_answers", broken)]


def number_trusted_alone() -> Sequence[Swap]:
    """A number that was seen before counts as answered, whatever operation it stands for now."""

    def broken(connection: Any, community: str, caller: Any, message: Any) -> Any:
        last = streams._last(connection, community, caller.device, message.incarnation)
        with mock.patch.object(streams, "_is_other", return_value=False):
            known, new = real(connection, community, caller, message)
        old = {each.id: Answer(each.n, each.id, "applied") for each in new if each.n <= last}
        return known | old, [each for each in new if each.n > last]

    real = streams.sort_out
    return [(streams, "sort_out", broken)]


def last_writer_wins() -> Sequence[Swap]:
    """The merge does not ask what the author saw."""

    def broken(row: Any, operation: Any, *rest: Any) -> Any:
        saw = {field: merge.writer(row, field) for field in operation.fields}
        return real(row, msgspec.structs.replace(operation, saw=saw), *rest)

    real = merge._edit
    return [(merge, "_edit", broken)]


def deletion_undone_by_edit() -> Sequence[Swap]:
    """A late edit brings a deleted record back."""

    def broken(row: Any, operation: Any) -> Any:
        return merge._edit(msgspec.structs.replace(row, deleted=False), operation, (), {})

    return [(merge, "_edit_after_delete", broken)]


def conflict_not_written() -> Sequence[Swap]:
    """The newcomer of a conflict is answered, and put nowhere."""

    def broken(self: Any, key: Any, merged: Any) -> None:
        real(self, key, merge.dataclasses.replace(merged, kept=()))

    real = desk.Desk.take
    return [(desk.Desk, "take", broken)]


def conflict_forgets_the_edit() -> Sequence[Swap]:
    """The standing value is edited, the open conflict beside it still shows the old one."""
    return [(merge, "_moved", lambda conflict, _value, _operation: conflict)]


def held_work_dropped() -> Sequence[Swap]:
    """What came after the scope was lost is answered, and put nowhere."""
    return [(handovers, "put_down", lambda *_words: None)]


def gone_row_stays_in_sight() -> Sequence[Swap]:
    """A record leaves the scope: the books are right, the row stays; nobody looks for strays."""

    def broken(self: Any, gone: Any) -> None:
        with mock.patch.object(self, "_hide"):
            real(self, gone)

    real = arriving._Arrival._forget
    return [
        (arriving._Arrival, "_forget", broken),
        (proof, "forget_strays", lambda _tx: None),
    ]


def renumbering_changes_ids() -> Sequence[Swap]:
    """What is unsent gets new ids with its new numbers, and may then be done twice."""

    def broken(tx: Any, incarnation: str) -> None:
        real(tx, incarnation)
        of = tables.outbox.c
        waiting = tx.execute(sa.select(of.no, of.body).where(of.state == "pending")).all()
        for no, body in waiting:
            operation = msgspec.json.decode(body, type=changes.Operation)
            again = msgspec.structs.replace(operation, id=new_id())
            values = {"id": again.id, "body": msgspec.json.encode(again).decode()}
            tx.execute(tables.outbox.update().where(of.no == no).values(**values))

    real = changes.renumber
    return [(changes, "renumber", broken)]


def row_skipped_and_digest_ignored() -> Sequence[Swap]:
    """The last row of a longer page is left out, and nobody compares."""

    def broken(store: Any, community: str, page: Any, at: str, **words: Any) -> None:
        entries = page.entries[:-1] if len(page.entries) > 1 else page.entries
        real(store, community, msgspec.structs.replace(page, entries=entries), at, **words)

    real = apply.apply_page
    return [(community_round, "apply_page", broken), (apply, "_compare", lambda *_words: None)]


def group_torn_apart() -> Sequence[Swap]:
    """The operations of one action are judged one by one."""
    return [(judge, "_units", lambda operations: [[each] for each in operations])]


def outbox_in_a_second_transaction() -> Sequence[Swap]:
    """The row is on disk first, its operation a moment later."""

    def broken(ws: Any, some: Any) -> Any:
        outbox = tables.outbox
        with ws.store.write() as tx:
            newest = sa.select(sa.func.max(outbox.c.no))
            before = tx.execute(newest).scalar() or 0
            action = changes.Action(tx, ws.clock.now(), grouped=len(some) > 1)
            saved = [elements.put(ws, action, each, elements.kind_of(each)) for each in some]
            mine = outbox.c.no > before
            lines = [dict(each) for each in tx.execute(sa.select(outbox).where(mine)).mappings()]
            tx.execute(outbox.delete().where(mine))
        with ws.store.write() as tx:
            if lines:
                tx.execute(outbox.insert(), lines)
        return saved

    return [(elements, "save_all", broken)]


def step_judged_by_the_state_alone() -> Sequence[Swap]:
    """The same state in a later round counts as the one that the author of a step saw."""

    def broken(_desk: Any, flow: Any, row: Any, operation: Any) -> bool:
        return bool(operation.state != row.fields.get("state", flow.initial))

    return [(steps, "_is_late", broken)]


def case_lent_without_what_is_beside() -> Sequence[Swap]:
    """A case goes to the grid that handles it; its people and steps stay where they were."""
    real = along._may_have_beside
    return [(along, "_may_have_beside", lambda row, kinds: row.kind != "case" and real(row, kinds))]


def late_words_dropped() -> Sequence[Swap]:
    """Who came second with a step is told so, and what was filled in is put nowhere."""
    return [(supplements, "put_down", lambda *_words: None)]


FAULTS = (
    step_judged_by_the_state_alone,
    case_lent_without_what_is_beside,
    late_words_dropped,
    cursor_saved_before_data,
    answers_not_remembered,
    number_trusted_alone,
    last_writer_wins,
    deletion_undone_by_edit,
    conflict_not_written,
    conflict_forgets_the_edit,
    held_work_dropped,
    gone_row_stays_in_sight,
    renumbering_changes_ids,
    row_skipped_and_digest_ignored,
    group_torn_apart,
    outbox_in_a_second_transaction,
)


@contextlib.contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """As long as the block, the program has this fault."""
    with contextlib.ExitStack() as stack:
        for place, name, broken in fault():
            stack.enter_context(mock.patch.object(place, name, broken))
        yield
