"""离线期限: how long the data may be opened without the server having been asked.

What counts is time that passed on this device since the last round, added up at every look: a clock
set back adds nothing and takes nothing away; one set forward ends the lease early, and the next
sign-in at the server begins a new one.
"""

import datetime as dt

import sqlalchemy as sa

from sqzl_desktop.store import meta

DAYS = 30
_AT, _USED, _DAYS = "lease_at", "lease_used", "lease_days"
_DAY = 24 * 60 * 60


def renew(tx: sa.Connection, now: dt.datetime, days: int) -> None:
    """The server has let this device in: a new lease begins, as long as the server says."""
    meta.put(tx, _AT, now.isoformat())
    meta.put(tx, _USED, "0")
    meta.put(tx, _DAYS, str(days))


def spend(tx: sa.Connection, now: dt.datetime) -> float:
    """Count the time since the last look; how many days are left, 0 or less when it is over."""
    at = meta.get(tx, _AT)
    passed = (now - dt.datetime.fromisoformat(at)).total_seconds() if at else 0.0
    used = float(meta.get(tx, _USED, "0")) + max(passed, 0.0)
    meta.put(tx, _AT, now.isoformat())
    meta.put(tx, _USED, str(used))
    return int(meta.get(tx, _DAYS, str(DAYS))) - used / _DAY
