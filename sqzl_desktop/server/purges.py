"""清除回执: which devices have removed what their users lost, and which have not said so yet."""

import dataclasses
import datetime as dt
import json

import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.protocol.messages import PurgeReceipt, Receipt, Removed
from sqzl_desktop.schema import codec
from sqzl_desktop.server import envelope
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import ACCOUNT, DEVICE, PURGE, SCOPE_CHANGE

MOST_REMOVED = 500
_DAY = 24 * 60 * 60


@dataclasses.dataclass(frozen=True, slots=True)
class Overdue:
    """A device that has not said that it follows the present scope of its account."""

    device: str
    label: str
    account: str
    scope_version: int
    days: int
    seen_at: str


def receive(
    connection: sa.Connection, caller: Caller, receipt: PurgeReceipt, clock: Clock
) -> Receipt:
    """Write a receipt down; the same one again changes nothing."""
    version = receipt.scope_version
    if not 0 < version <= caller.account.scope_version or len(receipt.removed) > MOST_REMOVED:
        raise Refusal(400, "MALFORMED", "清除回执的格式不对，请更新程序后重试")
    known = connection.scalar(
        sa.select(PURGE.c.version).where(
            PURGE.c.device == caller.device, PURGE.c.version == version
        )
    )
    if known is None:
        connection.execute(
            sa.insert(PURGE).values(
                device=caller.device,
                version=version,
                account=caller.account.name,
                removed=json.dumps([_line(each) for each in receipt.removed]),
                received_at=str(codec.encode(clock.now())),
            )
        )
    return Receipt(version)


def overdue(connection: sa.Connection, clock: Clock, days: int = 0) -> list[Overdue]:
    """The devices in use whose receipt has been awaited for so many days or longer.

    A device that was enrolled after the change has never held what was lost.
    """
    told = sa.select(PURGE.c.device, sa.func.max(PURGE.c.version).label("version"))
    last = told.group_by(PURGE.c.device).subquery()
    change = SCOPE_CHANGE.c
    query = (
        sa.select(DEVICE, ACCOUNT.c.scope_version, change.changed_at)
        .join(ACCOUNT, ACCOUNT.c.name == DEVICE.c.account)
        .join(SCOPE_CHANGE, sa.and_(
            change.account == ACCOUNT.c.name, change.version == ACCOUNT.c.scope_version
        ))
        .outerjoin(last, last.c.device == DEVICE.c.id)
        .where(DEVICE.c.revoked == "", change.changed_at > 0)
        .where(sa.func.coalesce(last.c.version, 0) < ACCOUNT.c.scope_version)
        .order_by(DEVICE.c.serial)
    )  # fmt: skip
    now = clock.now().timestamp()
    found = []
    for row in connection.execute(query):
        enrolled = dt.datetime.fromisoformat(row.created_at).timestamp()
        waited = int((now - row.changed_at) // _DAY)
        if enrolled <= row.changed_at and waited >= days:
            found.append(
                Overdue(row.id, row.label, row.account, row.scope_version, waited, row.seen_at)
            )
    return found


def _line(removed: Removed) -> dict[str, object]:
    named = (removed.community, *removed.grids)
    if not all(envelope.is_name(each) for each in named if each):
        raise Refusal(400, "MALFORMED", "清除回执的格式不对，请更新程序后重试")
    return {"community": removed.community, "grids": removed.grids, "rows": removed.rows}
