"""时限: by what the limits of a community's cases run, and what follows when that changes.

A changed calendar moves the limits of all open cases in the transaction of its own push, so that
nobody ever sees the one without the other; what the limit was before stays beside it. A new
version of a class moves nothing: a case keeps the version it was filed under.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.domain import case_clock
from sqzl_desktop.domain.case_classes import ClassBook
from sqzl_desktop.domain.case_flow import ENDED
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.calendar_day import CALENDAR_DAY
from sqzl_desktop.domain.kinds.case import CASE, Case
from sqzl_desktop.domain.kinds.case_class import CASE_CLASS
from sqzl_desktop.domain.kinds.office_hours import OFFICE_HOURS
from sqzl_desktop.domain.working_time import Calendar, calendar_of
from sqzl_desktop.protocol.merge import written
from sqzl_desktop.protocol.messages import Operation, Row
from sqzl_desktop.schema import codec
from sqzl_desktop.server import checks, rows
from sqzl_desktop.server.ledger import Change
from sqzl_desktop.server.rows import Key
from sqzl_desktop.server.tables import RECORD

Clocks = Callable[[Any], Mapping[str, Any]]

_CALENDAR = (CALENDAR_DAY.name, OFFICE_HOURS.name)
_RULES = (*_CALENDAR, CASE_CLASS.name)
_TURN = 5_140_311  # any number that no other lock of the program has
_CLASSED_BY = ("class_code", "urgency")

_community = sa.bindparam("community", type_=sa.Text)
_IN_FORCE = sa.select(RECORD).where(
    RECORD.c.community == _community, RECORD.c.kind.in_(_RULES), RECORD.c.deleted == 0
)
# inside a JSON text the quotes of a value are escaped: what is matched is the state itself
_OPEN = (
    sa.select(RECORD)
    .where(
        RECORD.c.community == _community,
        RECORD.c.kind == CASE.name,
        RECORD.c.deleted == 0,
        *(RECORD.c.fields.not_like(f'%"state":"{state}"%') for state in ENDED),
    )
    .order_by(RECORD.c.id + "")  # sorted, not read in order: see `rows`
    .with_for_update()
)


def take_turn(connection: sa.Connection, community: str, operations: Sequence[Operation]) -> None:
    """Let no limit be counted by a calendar that is being changed: who files a case and who
    changes the calendar take turns. First of all locks, so that nobody waits crosswise.

    SQLite has one writer at a time anyway.
    """
    kinds = {each.kind for each in operations}
    if connection.dialect.name != "postgresql" or kinds.isdisjoint((*_CALENDAR, CASE.name)):
        return
    alone = not kinds.isdisjoint(_CALENDAR)
    lock = sa.func.pg_advisory_xact_lock if alone else sa.func.pg_advisory_xact_lock_shared
    connection.execute(sa.select(lock(_TURN, sa.func.hashtext(community))))


def clocks(connection: sa.Connection, community: str) -> Clocks:
    """What a step writes of limits into a case, by the classes and calendar in force."""
    book, calendar = _rules(connection, community)
    return case_clock.clocks(book, calendar)


def follow(
    connection: sa.Connection, community: str, changes: Sequence[Change]
) -> Sequence[Change]:
    """The changes, with the limits of the cases that they move."""
    kinds = {each.after.kind for each in changes}
    by_calendar = not kinds.isdisjoint(_CALENDAR)
    if not by_calendar and CASE.name not in kinds:
        return changes
    by_rules = not kinds.isdisjoint(_RULES)
    moved = {_key(e.after): e for e in changes if by_rules or _is_classed_anew(e)}
    moved = {key: each for key, each in moved.items() if key[0] == CASE.name}
    cause = next((e.after.last for e in changes if e.after.kind in _CALENDAR), "")
    others = _open_cases(connection, community, changes) if by_calendar else []
    if not moved and not others:
        return changes
    book, calendar = _rules(connection, community, [each.after for each in changes])
    of = case_clock.clocks(book, calendar)
    found = [
        dataclasses.replace(each, after=_moved(each, of, book, each.after.last))
        if _key(each.after) in moved
        else each
        for each in changes
    ]
    timed = (Change(e.before, _adjusted(e.after, of, cause)) for e in others)
    return [*found, *(each for each in timed if each.before and each.after != each.before.row)]


def _open_cases(
    connection: sa.Connection, community: str, changes: Sequence[Change]
) -> list[Change]:
    """The open cases that do not change anyway, locked."""
    here = {_key(each.after) for each in changes}
    found = [rows.stored(each) for each in connection.execute(_OPEN, {"community": community})]
    return [Change(each, each.row) for each in found if _key(each.row) not in here]


def _is_classed_anew(change: Change) -> bool:
    before = change.before.row.fields if change.before else {}
    fields = change.after.fields
    return bool(fields.get("filed_at")) and any(
        before.get(name) != fields.get(name) for name in _CLASSED_BY
    )


def _moved(change: Change, of: Clocks, book: ClassBook, cause: str) -> Row:
    """A case that changed itself: of another class, it follows that class as it is now."""
    row = change.after
    before = change.before.row.fields if change.before else {}
    case = _described(row)
    values: dict[str, Any] = {}
    if case.filed_at is not None and before.get("class_code") != row.fields.get("class_code"):
        values = {"class_version": book.version(case.class_code)}
    case = dataclasses.replace(case, **values)
    return _with(row, {**values, **of(case)}, cause)


def _adjusted(row: Row, of: Clocks, cause: str) -> Row:
    """A case whose limit the calendar moves; the limit it had first stays beside the new one."""
    case = _described(row)
    values = dict(of(case))
    if values["due_at"] != case.due_at:
        first = case.due_before or case.due_at
        values["due_before"] = first if first != values["due_at"] else None
    return _with(row, values, cause)


def _with(row: Row, values: Mapping[str, Any], cause: str) -> Row:
    case = _described(row)
    changes = codec.changed_fields(CASE, case, dataclasses.replace(case, **values))
    if not changes:
        return row
    return msgspec.structs.replace(
        row,
        fields=written(row.fields, changes),
        writes={**row.writes, **dict.fromkeys(changes, cause)},
        last=cause,
    )


def _rules(
    connection: sa.Connection, community: str, changed: Iterable[Row] = ()
) -> tuple[ClassBook, Calendar]:
    standing = (rows.stored(each).row for each in connection.execute(
        _IN_FORCE, {"community": community}
    ))  # fmt: skip
    known = {_key(row): row for row in standing} | {_key(row): row for row in changed}
    records: dict[str, list[Any]] = {kind: [] for kind in _RULES}
    for (kind, _), row in known.items():
        if kind in records and not row.deleted:
            records[kind].append(checks.described(BY_NAME[kind], row.id, row.fields))
    calendar = calendar_of(records[CALENDAR_DAY.name], records[OFFICE_HOURS.name])
    return ClassBook(records[CASE_CLASS.name]), calendar


def _described(row: Row) -> Case:
    case = checks.described(CASE, row.id, row.fields)
    assert isinstance(case, Case)
    return case


def _key(row: Row) -> Key:
    return row.kind, row.id
