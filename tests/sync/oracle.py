"""What must be true after the dust has settled, told from the server's tables and the files alone.

Nothing here calls the merge: that every operation is accounted for is concluded from what the
operations say they saw and from where their values and names are now.
"""

import collections
import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from sqzl_desktop.domain import access
from sqzl_desktop.domain.access import Zones
from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.protocol.digest import Sum, row_hash
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.server import accounts
from sqzl_desktop.server.along import OF_CASE, OF_PERSON
from sqzl_desktop.server.tables import BLOB
from sqzl_desktop.store import confirmed, records, search
from tests.places import COMMUNITY
from tests.sync import casework
from tests.sync.ground import Laptop
from tests.sync.truth import Key, Told, Truth, read
from tests.sync.world import World, canary

REFUSED = ("held", "rejected")
TOLD_OF = ("resident", "household", "visit", "conflict", "handover")
_FILLED = " UNION ALL ".join(
    f"SELECT '{kind.name}' WHERE EXISTS (SELECT 1 FROM \"{kind.name}\")" for kind in KINDS
)


def check(world: World) -> None:
    """All of it."""
    damaged = world.restored or world.spoiled
    assert damaged or not world.ground.repairs, "a repair was needed, though nothing was damaged"
    truth = read(world)
    _sums_are_right(truth)
    in_use = [each for each in world.laptops if not world.is_shut_out(each)]
    for laptop in in_use:
        _replica_is_right(world, laptop, truth)
        _contents_arrived(world, laptop, truth)
    arrived(world, truth, in_use)
    _groups_are_whole(truth)
    _held_waits(truth)
    _steps_are_won_once(truth)
    casework.check(truth)
    _conflicts_show_what_stands(truth)
    for key, told in _by_record(truth).items():
        _record_is_accounted_for(truth, key, told)


def arrived(world: World, truth: Truth, in_use: list[Laptop]) -> None:
    """I1, I10, I14: what was acknowledged reached the server, or the last machine that had it is
    gone. Of a stopped device it lies in quarantine; what a restored server has forgotten to have
    rejected stays before the eyes of its author."""
    missing = world.made - world.excused - truth.operations.keys() - truth.quarantine
    if world.restored:
        missing -= set().union(*(_in_state(each, "refused") for each in world.laptops))
        # a device that was stopped before it heard of the restore hands in what was unsent only
        stopped = [each for each in world.laptops if each not in in_use]
        missing -= set().union(*(_in_state(each, "done", "answered") for each in stopped))
    assert not missing, f"acknowledged and nowhere: {sorted(missing)}"
    for laptop in in_use:
        with laptop.store.read() as tx:
            lines = tx.exec_driver_sql(
                "SELECT id, state, outcome, kind, record FROM outbox ORDER BY no"
            ).all()
            shown = {line.record for line in lines if line.state == "dropped"
                     and records.fields_of(tx, line.kind, line.record) is not None}  # fmt: skip
        for place, (operation, state, outcome, _, record) in enumerate(lines):
            if state == "dropped":
                # who changes what was refused offers it anew, whole; who deletes it has decided
                assert outcome in REFUSED, "a change was dropped that nobody refused"
                anew = {line.record for line in lines[place + 1 :]}
                assert record in anew or record not in shown, "dropped by itself"
                continue
            if world.restored and state == "refused" and operation not in truth.operations:
                continue
            assert state in ("done", "refused"), f"still {state} after the last round"
            assert truth.operations[operation].outcome == outcome
            assert (state == "refused") == (outcome in REFUSED), "a refusal that nobody sees"


def _in_state(laptop: Laptop, *states: str) -> set[str]:
    with laptop.store.read() as tx:
        found = tx.exec_driver_sql("SELECT id, state FROM outbox").all()
    return {operation for operation, state in found if state in states}


def _contents_arrived(world: World, laptop: Laptop, truth: Truth) -> None:
    """The contents of attachments that anybody sees are at the server, if this laptop has them."""
    with laptop.store.read() as tx:
        here = tx.exec_driver_sql("SELECT attachment, stored FROM blob").all()
        if not here:
            return
        known = set(tx.exec_driver_sql("SELECT id FROM rows").scalars())
    with world.ground.database.reading() as connection:
        kept = set(connection.scalars(sa.select(BLOB.c.attachment)))
    for attachment, stored in here:
        row = truth.rows.get(("attachment", attachment))
        assert attachment in known, "the content of a foreign attachment is still there"
        if row is not None and not row.deleted:
            assert stored, "a content was not sent"
            assert attachment in kept, "a content that was sent is not there"


def _sums_are_right(truth: Truth) -> None:
    sums = _sums(truth.rows.values())
    assert {grid: each for grid, each in truth.buckets.items() if each[0]} == sums


def _sums(some: Iterable[Any]) -> dict[str, tuple[int, str]]:
    sums: dict[str, Sum] = {}
    for row in some:
        if not row.deleted:
            sums.setdefault(row.grid, Sum()).add(row_hash(row))
    return {grid: each.wire() for grid, each in sums.items()}


def zones_of(world: World, laptop: Laptop) -> Zones:
    """What the laptop's account may see now."""
    with world.ground.database.reading() as connection:
        account = accounts.find(connection, laptop.account)
    assert account is not None
    found = access.visible(account.actor, COMMUNITY)
    assert found is not None
    return found


def _replica_is_right(world: World, laptop: Laptop, truth: Truth) -> None:
    """I4: kept sums, sums of the rows themselves, and the server's are one. I8: nothing else."""
    zones = zones_of(world, laptop)
    mine = {key: row for key, row in truth.rows.items() if zones.holds(row.grid)}
    expected = _sums(mine.values())
    with laptop.store.read() as tx:
        assert confirmed.digests(confirmed.read_sums(tx, COMMUNITY)) == expected
        known = tx.exec_driver_sql(
            "SELECT kind, id, grid, rev, deleted, hash FROM rows WHERE rev > 0"
        )
        kept = {(kind, record): rest for kind, record, *rest in known}
        for key, row in mine.items():
            if not row.deleted or key in kept:
                assert kept[key] == [row.grid, row.rev, row.deleted, row_hash(row)], key[0]
        filled = _filled(tx) | {kind for kind, _ in mine}
        for kind in KINDS:
            if kind.name in filled:
                _shown_are_right(tx, kind, mine, zones)
        _nothing_foreign(tx, zones, truth)


def _filled(tx: sa.Connection) -> set[str]:
    return set(tx.exec_driver_sql(_FILLED).scalars())


def _shown_are_right(
    tx: sa.Connection, kind: Kind[Any], mine: Mapping[Key, Any], zones: Zones
) -> None:
    expected = {key[1]: row.fields for key, row in mine.items()
                if key[0] == kind.name and not row.deleted}  # fmt: skip
    found = tx.exec_driver_sql(f'SELECT * FROM "{kind.name}"').mappings()
    shown = {row["id"]: records.read_fields(kind, row) for row in found}
    assert expected.keys() <= shown.keys(), f"{kind.name} not shown"
    for record_id, fields in shown.items():
        if record_id in expected:
            assert fields == expected[record_id], f"{kind.name} shown with other values"
        else:
            _only_refused(tx, kind.name, record_id)
            assert zones.holds(str(fields.get("grid_id", ""))), f"foreign {kind.name} in sight"


def _only_refused(tx: sa.Connection, kind: str, record_id: str) -> None:
    """A record that the server refused to create stays in sight until a person decides."""
    row = confirmed.find(tx, kind, record_id)
    assert row is not None, f"{kind} shown that nobody knows"
    assert row.rev == 0, f"{kind} shown that the server does not show"


def _nothing_foreign(tx: sa.Connection, zones: Zones, truth: Truth) -> None:
    """I8: no table, no search text, no history of a record outside the scope."""
    foreign = {key for key, row in truth.rows.items() if not zones.holds(row.grid)}
    known = set(tx.exec_driver_sql("SELECT kind, id FROM rows WHERE rev > 0"))
    assert not foreign & known, "a row of another grid is still there"
    numbers = set(tx.exec_driver_sql("SELECT no FROM rows").scalars())
    for table, column in (("search", search.NUMBER), ("base", "no")):
        left = set(tx.exec_driver_sql(f"SELECT {column} FROM {table}").scalars()) - numbers
        assert not left, f"{table} keeps what no row has"
    told = set(tx.exec_driver_sql("SELECT DISTINCT kind, record FROM history"))
    held = set(tx.exec_driver_sql("SELECT kind, record FROM outbox"))
    assert not (told & foreign) - held, "the history of another grid is still there"
    if foreign:
        hidden = {canary(each[1]) for each in foreign - held if each[0] == "resident"}
        _no_canary(tx, hidden, {key for key in truth.rows if key not in foreign})


def _no_canary(tx: sa.Connection, hidden: set[str], in_sight: set[Key]) -> None:
    """A visit is the work of the grid it was made in, also when the person moves away later."""
    for kind in TOLD_OF:
        for row in tx.exec_driver_sql(f'SELECT * FROM "{kind}"').mappings():
            of_visit = "visit" in (kind, row.get("record_kind"))
            if of_visit and (kind, row["id"]) in in_sight:
                continue
            text = "\n".join(map(str, row.values()))
            assert not any(each in text for each in hidden), f"{kind} tells of another grid"


def _groups_are_whole(truth: Truth) -> None:
    groups: dict[str, set[bool]] = {}
    for told in truth.operations.values():
        if told.group:
            groups.setdefault(told.group, set()).add(told.outcome in REFUSED)
    assert all(len(each) == 1 for each in groups.values()), "a group was torn"


def _held_waits(truth: Truth) -> None:
    """I10: what came after the scope was lost waits in the hand-over box of the grid.

    A choice between two values needs no box: what was to be chosen from waits itself.
    """
    waiting = {row.fields["operation"] for row in truth.rows.values() if row.kind == "handover"}
    held = {
        told.id for told in truth.operations.values()
        if told.outcome == "held" and told.key[0] not in ("conflict", "handover")
    }  # fmt: skip
    assert held <= waiting, "held, and in nobody's hand-over box"


def _steps_are_won_once(truth: Truth) -> None:
    won = collections.Counter(
        told.key for told in truth.operations.values()
        if told.key[0] == "topic" and told.action == "step" and told.outcome == "applied"
    )  # fmt: skip
    assert all(times == 1 for times in won.values()), "a step was taken twice"


def _conflicts_show_what_stands(truth: Truth) -> None:
    for row in truth.rows.values():
        told = row.fields
        if row.kind == "conflict" and told["state"] == "open" and told["about"] == "value":
            subject = truth.rows[told["record_kind"], told["record_id"]]
            standing = subject.fields.get(told["field"])
            assert json.loads(told.get("standing_value", "null")) == standing, "an old value beside"


def _by_record(truth: Truth) -> dict[Key, list[Told]]:
    found: dict[Key, list[Told]] = {}
    for told in truth.operations.values():
        found.setdefault(told.key, []).append(told)
    return found


def _record_is_accounted_for(truth: Truth, key: Key, told: list[Told]) -> None:
    row = truth.rows.get(key)
    taken = [each for each in told if each.outcome not in REFUSED]
    if row is None:
        # a restored server may have lost a record whose maker is gone: to delete it is no change
        unchanged = [truth.restored and each.action == "delete" and each.outcome == "noop"
                     for each in taken]  # fmt: skip
        assert all(unchanged), "operations were applied to nothing"
        return
    about = [each for each in truth.rows.values() if each.kind == "conflict"
             and each.fields["record_id"] == key[1]]  # fmt: skip
    for each in told:
        if each.outcome in REFUSED:
            assert not _mentions(row, about, each.id), "a refused operation left a trace"
    beside = _supplemented(truth)
    for each in taken:
        if each.group in beside:
            continue
        if each.action == "delete":
            _delete_is_accounted_for(row, about, taken, each)
        elif each.action == "put":
            # what is of a case lies where the case does, which is seen to with the cases
            placed = {"grid_id"} if row.kind in OF_CASE else casework.decided(row.kind)
            for field in each.fields.keys() - {"tags"} - placed:
                _value_is_accounted_for(truth, row, about, taken, each, field)
    if key[0] == "resident" and not any(each.action == "delete" for each in taken):
        _set_is_right(row, taken)


def _supplemented(truth: Truth) -> set[str]:
    """The groups whose step came late: what they brought stays on the record as a supplement."""
    late = (row.writes["*"] for row in truth.rows.values() if row.kind == "supplement")
    return {truth.operations[each].group for each in late} - {""}


def _told_in_time_lines(truth: Truth) -> set[str]:
    """The groups whose step of a case took effect: what was filled in for it stays in its line."""
    steps = (row.writes["*"] for row in truth.rows.values() if row.kind == "case_step")
    return {truth.operations[each].group for each in steps} - {""}


def _mentions(row: Any, about: list[Any], operation: str) -> bool:
    named = {*row.writes.values(), row.last}
    for conflict in about:
        named |= {conflict.fields.get("standing_op"), conflict.fields.get("other_op")}
    return operation in named


def _delete_is_accounted_for(row: Any, about: list[Any], taken: list[Told], told: Told) -> None:
    if told.outcome == "conflict_kept":
        kept = [each for each in about if each.fields["about"] == "stale_delete"
                and each.fields["other_op"] == told.id]  # fmt: skip
        assert kept, "a late deletion was dropped"
    if told.outcome == "applied" and not row.deleted:
        restored = any(each.step == "restore" and each.place > told.place for each in taken)
        assert restored, "a deleted record came back by itself"


def _value_is_accounted_for(
    truth: Truth, row: Any, about: list[Any], taken: list[Told], told: Told, field: str
) -> None:
    """I5: current, superseded by one that had seen it, kept or settled beside it, or no change."""
    value = told.fields[field]
    if row.kind == "attachment" and field == "grid_id":
        subject = truth.rows.get((row.fields["record_kind"], row.fields["record_id"]))
        # a restored server may have lost a record whose maker is gone
        assert subject is not None or truth.restored, "an attachment of nothing"
        assert subject is None or subject.deleted or row.grid == subject.grid, (
            "an attachment in another grid than its record"
        )
        return
    subject = truth.rows.get(("resident", row.fields.get("resident_id", "")))
    if row.kind in OF_PERSON and field == "grid_id" and subject is not None:
        assert subject.deleted or row.grid == subject.grid, f"a {row.kind} far from its person"
        return
    if _writer(row, field) == told.id and row.fields.get(field) == value:
        return
    if told.outcome == "noop" and told.action == "put":
        assert any(each.fields.get(field) == value for each in taken if each.place < told.place), (
            f"{field}: a change was called none"
        )
        return
    if any(each.place > told.place and each.action == "step" and field in each.fields
           for each in taken):  # fmt: skip
        return  # the step has seen what it changes or empties, or it is refused
    same = {each.id for each in taken if each.fields.get(field) == value}
    for each in taken:
        if each.id != told.id and each.saw.get(field, "") in same and field in each.fields:
            return
    for conflict in about:
        names = (conflict.fields.get("standing_op"), conflict.fields.get("other_op"))
        if conflict.fields.get("field") == field and told.id in names:
            return
    assert told.group in _told_in_time_lines(truth) or any(
        each.fields.get(field) == value for each in taken if each.place < told.place
    ), f"{field}: {value!r} of {told.id} was lost silently"


def _writer(row: Any, field: str) -> str:
    if field in row.writes:
        return str(row.writes[field])
    return str(row.writes.get("*", ""))


def _set_is_right(row: Any, taken: list[Told]) -> None:
    """Sets: what was added and not removed since, in the server's order."""
    elements: set[str] = set()
    for number, each in enumerate(taken):
        if number == 0:
            elements |= set(each.fields.get("tags") or ())
        added, removed = each.sets.get("tags", ((), ()))
        elements = (elements - set(removed)) | set(added)
    assert set(row.fields.get("tags") or ()) == elements, "tags were lost or came back"
