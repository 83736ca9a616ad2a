"""锁定: guessing passwords becomes slow, account by account, and never for ever."""

import hashlib

import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.server.tables import GUESS

FREE_TRIES = 5
LONGEST_SECONDS = 15 * 60
_FORGOTTEN_SECONDS = 24 * 3600
_MOST_NAMES = 100_000  # somebody may invent names; the oldest are forgotten


def begin(connection: sa.Connection, account: str, clock: Clock) -> int:
    """Seconds to wait before this try may be made; 0 lets it through and counts it.

    A try counts before its outcome is known, so that a thousand at once are not all free. It counts
    in the database, for every process of the server.
    """
    now = int(clock.now().timestamp())
    mine = GUESS.c.account == _name(account)
    row = connection.execute(sa.select(GUESS).where(mine).with_for_update()).first()
    if row is not None and now < row.open_at:
        return int(row.open_at) - now
    count = (row._mapping["count"] if row is not None else 0) + 1
    wait = min(2 ** (count - FREE_TRIES + 1), LONGEST_SECONDS) if count >= FREE_TRIES else 0
    values = {"count": min(count, 1000), "open_at": now + wait}
    if row is not None:
        connection.execute(sa.update(GUESS).where(mine).values(values))
    else:
        _forget_old(connection, now)
        connection.execute(sa.insert(GUESS).values(account=_name(account), **values))
    return 0


def succeed(connection: sa.Connection, account: str) -> None:
    """The password was right: forget what went before."""
    connection.execute(sa.delete(GUESS).where(GUESS.c.account == _name(account)))


def _forget_old(connection: sa.Connection, now: int) -> None:
    connection.execute(sa.delete(GUESS).where(GUESS.c.open_at < now - _FORGOTTEN_SECONDS))
    if (connection.scalar(sa.select(sa.func.count()).select_from(GUESS)) or 0) >= _MOST_NAMES:
        oldest = sa.select(GUESS.c.account).order_by(GUESS.c.open_at).limit(1).scalar_subquery()
        connection.execute(sa.delete(GUESS).where(GUESS.c.account == oldest))


def _name(account: str) -> str:
    # hashed: somebody's password, typed into the wrong line, must not be kept
    return hashlib.sha256(account.encode()).hexdigest()
