"""命令: what the operator does at the command line, as functions over an open database."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.access import ROLES, Zones
from sqzl_desktop.server import accounts, purges, quarantine, snapshots
from sqzl_desktop.server.accounts import Account
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.tables import META

LONGEST_LEASE = 365


def prepare(database: Database, cache: Path) -> Iterator[str]:
    """Make the files of first syncs ahead of time, community by community; a line each."""
    with database.reading() as connection:
        known = accounts.communities(connection)
    for community in known:
        with database.reading() as connection:
            made = snapshots.pieces(connection, community, Zones(None), cache)
        yield f"{community}：{len(made)}个文件，{sum(each.rows for each in made)}条"


def add_user(database: Database, account: Account, password: str) -> str:
    """Make an account whose scope has been loaded; the sentence to print."""

    def work(connection: sa.Connection) -> None:
        accounts.check_scope(connection, account.scope)
        accounts.add(connection, account, password)

    database.writing(work)
    scope = "、".join(account.scope)
    return f"已建立账号“{account.name}”，岗位：{ROLES[account.role]}，范围：{scope}"


def set_scope(database: Database, name: str, scope: Sequence[str], clock: Clock) -> str:
    """Entrust other grids to an account; the sentence to print."""

    def work(connection: sa.Connection) -> int:
        accounts.check_scope(connection, scope)
        return accounts.entrust(connection, name, scope, clock)

    version = database.writing(work)
    return f"账号“{name}”的范围已改为：{'、'.join(scope)}（第{version}版），其设备下次同步时生效"


def user_lines(database: Database) -> Iterator[str]:
    """One line an account."""
    with database.reading() as connection:
        for each in accounts.every(connection):
            state = "停用" if each.disabled else "在用"
            role = ROLES.get(each.role, each.role)
            yield "\t".join((each.name, each.display, role, ",".join(each.scope), state))


def set_lease(database: Database, days: int) -> str:
    """How long devices may open their data without the server; the sentence to print."""
    if not 1 <= days <= LONGEST_LEASE:
        raise Refused(f"离线期限应为1至{LONGEST_LEASE}天")

    def work(connection: sa.Connection) -> None:
        connection.execute(sa.delete(META).where(META.c.name == "lease_days"))
        connection.execute(sa.insert(META).values(name="lease_days", value=str(days)))

    database.writing(work)
    return f"离线期限已改为{days}天，各设备下次登录服务器时生效"


def device_lines(database: Database, clock: Clock) -> Iterator[str]:
    """One line a device."""
    with database.reading() as connection:
        late = {each.device: each.days for each in purges.overdue(connection, clock)}
        for each in accounts.devices(connection):
            state = f"停用于{each.revoked}" if each.revoked else "在用"
            if each.id in late:
                state += f"，范围调整后{late[each.id]}天未确认清除"
            known = (each.id, each.code, each.account, each.label, each.seen_at, state)
            yield "\t".join((*known, each.program or "-", f"待上报{each.pending}项"))


def overdue_lines(database: Database, clock: Clock, days: int) -> Iterator[str]:
    """One line a device that has not said it removed what its user lost."""
    with database.reading() as connection:
        for each in purges.overdue(connection, clock, days):
            told = f"第{each.scope_version}版范围，已等{each.days}天"
            yield "\t".join((each.device, each.account, each.label, each.seen_at, told))


def revoke_device(database: Database, device: str, clock: Clock, *, wipe: bool = False) -> str:
    """Shut a device out, and have its data destroyed where `wipe`; the sentence to print."""

    def work(connection: sa.Connection) -> None:
        if wipe:
            quarantine.order_wipe(connection, device, clock)
        if not (wipe and accounts.is_revoked(connection, device)):
            accounts.revoke(connection, device, clock)

    database.writing(work)
    if wipe:
        return f"设备{device}已停用；它下次连接时交出未上报的内容，然后销毁本机数据"
    return f"设备{device}已停用"


def quarantine_lines(database: Database) -> Iterator[str]:
    """One line an operation that a revoked device had not sent, without its values."""
    with database.reading() as connection:
        yield from quarantine.lines(connection)
