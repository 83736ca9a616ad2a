"""纪元: the random name of a server's history. Another after a restore: then nothing is certain.

A device whose cursor lies ahead of the server has seen changes that the server does not remember:
the database is an older copy of itself. The server then takes a new epoch, so that every device,
not only this one, offers again what may be missing.
"""

import datetime as dt
import logging
import secrets
from collections.abc import Sequence

import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.domain.kinds import KINDS
from sqzl_desktop.protocol.messages import Ids
from sqzl_desktop.server import bulk, rows, scope
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import META, OPERATION, RECORD

REST = dt.timedelta(hours=1)  # a single device gone mad must not keep the whole city downloading
_log = logging.getLogger(__name__)


class Ahead(Refusal):
    """A device has seen more than the server remembers; `epoch` is what the server was then."""

    def __init__(self, epoch: str) -> None:
        self.epoch = epoch
        told = scope.new_epoch()
        super().__init__(told.status, told.code, str(told))


def take_new(connection: sa.Connection) -> str:
    """Give the server's history another name."""
    name = secrets.token_hex(16)
    connection.execute(sa.update(META).where(META.c.name == "epoch").values(value=name))
    return name


def raise_once(connection: sa.Connection, seen: str, clock: Clock) -> None:
    """Take a new epoch, unless that was done since `seen` was the epoch, or very recently."""
    now = clock.now()
    at = connection.scalar(sa.select(META.c.value).where(META.c.name == "epoch_raised_at"))
    rested = not at or now - dt.datetime.fromisoformat(at) > REST
    if scope.epoch(connection) != seen or not rested:
        return
    take_new(connection)
    connection.execute(sa.delete(META).where(META.c.name == "epoch_raised_at"))
    connection.execute(sa.insert(META).values(name="epoch_raised_at", value=now.isoformat()))
    _log.warning("new epoch: a device is ahead of this database, which is an older copy of itself")


def known(connection: sa.Connection, caller: Caller, community: str, ids: Sequence[str]) -> Ids:
    """Which of these are known: operations of the caller or on what they see, records they see.

    A record that was deleted is known too: what is said of it has its ground.
    """
    zones = scope.zones(caller, community)
    of, on = OPERATION.c, RECORD.c
    told = sa.or_(of.account == caller.account.name, rows.within(zones, on.grid))
    same = sa.and_(on.community == community, on.kind == of.kind, on.id == of.record)
    found: list[str] = []
    outcomes: dict[str, str] = {}
    for part in rows.chunks(ids):
        some = bulk.among(connection, of.id, part)
        query = sa.select(of.id, of.account, of.outcome).select_from(OPERATION)
        query = query.outerjoin(RECORD, same).where(of.community == community, some, told)
        for operation, account, outcome in connection.execute(query):
            found.append(operation)
            if account == caller.account.name:
                outcomes[operation] = outcome
        there = bulk.among(connection, on.id, part)
        here = sa.select(on.id).where(on.community == community, there)
        kinds = on.kind.in_([kind.name for kind in KINDS])
        found.extend(connection.scalars(here.where(kinds, rows.within(zones, on.grid))))
    return Ids(found, outcomes)
