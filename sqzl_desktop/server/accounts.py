"""账号: accounts and devices, as the operator and the sign-in see them."""

import dataclasses
import json
from collections.abc import Sequence

import argon2
import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import NotFound, Refused
from sqzl_desktop.domain import access
from sqzl_desktop.domain.access import ROLES, Actor
from sqzl_desktop.schema import codec
from sqzl_desktop.server.tables import ACCOUNT, COUNTER, DEVICE, RECORD, SCOPE_CHANGE, TOKEN

SHORTEST_PASSWORD = 8
_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Account:
    """An account without its password."""

    name: str
    display: str
    role: str
    scope: tuple[str, ...]
    scope_version: int
    disabled: bool

    @property
    def actor(self) -> Actor:
        """The person as the rights of the domain know them."""
        return Actor(self.name, self.display, self.role, self.scope)


@dataclasses.dataclass(frozen=True, slots=True)
class Entrusted:
    """A scope that an account had from `since` on (seconds, this server's clock)."""

    version: int
    scope: tuple[str, ...]
    since: int


def password_hash(password: str) -> str:
    """Argon2id of a password; costs 19 MiB and some 30 ms."""
    return _hasher.hash(password)


# the hash of a random word that nobody kept: checked in place of an unknown account's
NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$tVUPoNDe8L5nuKzK1q4qVg$KgxppB"
    "1jDDg6nAIhnFJ2UT/lqvA0gUtfN6PduluIx8c"
)


def password_fits(stored: str, password: str) -> bool:
    """Is this the password? The same work whether or not the account exists (`NOBODY`)."""
    try:
        return _hasher.verify(stored, password)
    except argon2.exceptions.VerifyMismatchError:
        return False


def check_password(name: str, password: str) -> None:
    """Refused with a sentence where a new password is too weak."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"密码太短：至少{SHORTEST_PASSWORD}位")
    if name.casefold() in password.casefold():
        raise Refused("密码里不能包含账号名，请换一个密码")


def add(connection: sa.Connection, account: Account, password: str) -> None:
    """Make an account; Refused where the name is taken, the role unknown or the password weak."""
    if not account.name.strip() or account.name != account.name.strip():
        raise Refused("账号名不能为空，首尾不能有空格")
    if account.role not in ROLES:
        raise Refused(f"没有“{account.role}”这个岗位，可用的岗位：{'、'.join(ROLES)}")
    if find(connection, account.name):
        raise Refused(f"账号“{account.name}”已存在，请换一个账号名")
    check_password(account.name, password)
    connection.execute(
        sa.insert(ACCOUNT).values(
            name=account.name,
            display=account.display or account.name,
            role=account.role,
            scope=json.dumps(account.scope),
            scope_version=account.scope_version,
            password=password_hash(password),
            disabled=int(account.disabled),
        )
    )
    _remember_scope(connection, account.name, account.scope, account.scope_version, 0)


_NAMED = sa.select(ACCOUNT).where(ACCOUNT.c.name == sa.bindparam("called"))


def find(connection: sa.Connection, name: str) -> Account | None:
    """The account of that name."""
    row = connection.execute(_NAMED, {"called": name}).first()
    return read(row) if row else None


def every(connection: sa.Connection) -> list[Account]:
    """All accounts by name."""
    rows = connection.execute(sa.select(ACCOUNT).order_by(ACCOUNT.c.name))
    return [read(row) for row in rows]


def stored_password(connection: sa.Connection, name: str) -> str:
    """The password hash of an account, or of nobody."""
    query = sa.select(ACCOUNT.c.password).where(ACCOUNT.c.name == name, ACCOUNT.c.disabled == 0)
    return connection.scalar(query) or NOBODY


def entrust(connection: sa.Connection, name: str, scope: Sequence[str], clock: Clock) -> int:
    """Give an account another scope; its new scope version, by which devices notice."""
    account = find(connection, name)
    if account is None:
        raise NotFound(f"没有账号“{name}”")
    version = account.scope_version + 1
    connection.execute(
        sa.update(ACCOUNT)
        .where(ACCOUNT.c.name == name)
        .values(scope=json.dumps(list(scope)), scope_version=version)
    )
    _remember_scope(connection, name, scope, version, int(clock.now().timestamp()))
    return version


def check_scope(connection: sa.Connection, scope: Sequence[str]) -> None:
    """Refused with a sentence where a code names nothing that has been loaded."""
    if not scope:
        raise Refused("请写明账号的范围：社区或网格的代码，用逗号隔开")
    known = communities(connection)
    for code in scope:
        if len(code) > access.COMMUNITY_DIGITS:
            found = _has_grid(connection, code)
        else:
            whole = Actor("", "", "", (code,))
            found = code.isdigit() and bool(access.communities(whole, known))
        if not found:
            raise Refused(
                f"范围代码“{code}”不在已装载的社区和网格中，"
                "请核对代码，或先用 load 命令装载该社区的数据"
            )


def communities(connection: sa.Connection) -> list[str]:
    """The communities of which the server holds anything."""
    return list(connection.scalars(sa.select(COUNTER.c.community).order_by(COUNTER.c.community)))


def devices(connection: sa.Connection) -> list[sa.Row[tuple[object, ...]]]:
    """All devices in the order of their enrolment."""
    return list(connection.execute(sa.select(DEVICE).order_by(DEVICE.c.serial)))


def revoke(connection: sa.Connection, device: str, clock: Clock) -> None:
    """Shut a device out from now on; its open tokens end too."""
    at = str(codec.encode(clock.now()))
    found = connection.execute(
        sa.update(DEVICE).where(DEVICE.c.id == device, DEVICE.c.revoked == "").values(revoked=at)
    )
    if not found.rowcount:
        raise NotFound(f"没有编号为“{device}”的在用设备")
    connection.execute(sa.delete(TOKEN).where(TOKEN.c.device == device))


def scopes(connection: sa.Connection, name: str) -> list[Entrusted]:
    """What was entrusted to an account, version by version."""
    of = SCOPE_CHANGE.c
    query = sa.select(of.version, of.scope, of.changed_at)
    found = connection.execute(query.where(of.account == name).order_by(of.version))
    return [Entrusted(version, tuple(json.loads(scope)), at) for version, scope, at in found]


def _remember_scope(
    connection: sa.Connection, name: str, scope: Sequence[str], version: int, at: int
) -> None:
    line = {"account": name, "version": version, "scope": json.dumps(list(scope))}
    connection.execute(sa.insert(SCOPE_CHANGE).values(**line, changed_at=at))


def is_revoked(connection: sa.Connection, device: str) -> bool:
    """Is that device shut out?"""
    return bool(connection.scalar(sa.select(DEVICE.c.revoked).where(DEVICE.c.id == device)))


def _has_grid(connection: sa.Connection, code: str) -> bool:
    query = sa.select(RECORD.c.id).where(
        RECORD.c.community == code[: access.COMMUNITY_DIGITS],
        RECORD.c.kind == "grid",
        RECORD.c.id == code,
        RECORD.c.deleted == 0,
    )
    return connection.scalar(query) is not None


def read(row: sa.Row[tuple[object, ...]]) -> Account:
    """The account whose columns a row has among others."""
    it = row._mapping
    return Account(
        str(it["name"]),
        str(it["display"]),
        str(it["role"]),
        tuple(json.loads(it["scope"])),
        int(it["scope_version"]),
        bool(it["disabled"]),
    )
