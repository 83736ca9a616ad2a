"""登录: enrolment of devices, access tokens, and who a request comes from."""

import dataclasses
import hmac
import secrets
from typing import Any

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain import access, numbering
from sqzl_desktop.protocol.messages import Enrolment, EnrolRequest, Person, Token, TokenRequest
from sqzl_desktop.schema import codec
from sqzl_desktop.server import accounts, refresh
from sqzl_desktop.server.accounts import Account
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.tables import ACCOUNT, DEVICE, META, TOKEN

LONGEST_LABEL = 60
LEASE_DAYS = 30
_MOST_PENDING = 10**9
_STOLEN = (
    "本机的登录凭证在别处被使用过，或本机数据由旧备份恢复；为安全起见请输入密码重新登录，"
    "已录入的内容都在本机，不会丢失"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an account on an enrolled device."""

    device: str
    device_label: str
    account: Account
    device_code: str


class Stolen(Refusal):
    """A refresh token came that had been followed already: its family has to end."""

    def __init__(self, device: str, family: str) -> None:
        self.device = device
        self.family = family
        super().__init__(401, "STOLEN", _STOLEN)


def enrol(connection: sa.Connection, asked: EnrolRequest, clock: Clock) -> Enrolment:
    """Make a device for an account whose password was right; give one it has a new family."""
    found = accounts.find(connection, asked.account)
    if found is None or found.disabled:
        raise wrong_password()
    family = refresh.new_family()
    known = _locked(connection, asked.device) if asked.device else None
    if known is None:
        device, code = _make(connection, asked, family, clock)
    elif known.revoked:
        raise _revoked()
    elif known.account != asked.account:
        raise Refusal(403, "FORBIDDEN", "这台电脑登记的是另一个账号，请用原来的账号登录")
    else:
        device, code = known.id, known.code
        _set_family(connection, device, refresh.hashed(family))
    escrow = connection.scalar(sa.select(META.c.value).where(META.c.name == "escrow_public"))
    order_key = connection.scalar(sa.select(META.c.value).where(META.c.name == "order_public"))
    known_as = person(connection, found)
    return Enrolment(device, code, family, known_as, escrow or "", order_key or "")


def _make(
    connection: sa.Connection, asked: EnrolRequest, family: str, clock: Clock
) -> tuple[str, str]:
    """A new device; under its own id where it was enrolled after the backup we come from."""
    serial = int(connection.scalar(sa.select(sa.func.max(DEVICE.c.serial))) or 0) + 1
    device, code = asked.device or new_id(), numbering.device_code(serial)
    now = str(codec.encode(clock.now()))
    connection.execute(
        sa.insert(DEVICE).values(
            id=device,
            serial=serial,
            code=code,
            account=asked.account,
            label=asked.label.strip()[:LONGEST_LABEL] or code,
            secret_hash=refresh.hashed(family),
            created_at=now,
            seen_at=now,
            revoked="",
            refresh="",
            program="",
            pending=0,
        )
    )
    return device, code


def token(
    connection: sa.Connection, asked: TokenRequest, *, program: str, clock: Clock, seconds: int
) -> Token:
    """An access token and the next refresh token, for a device that holds a good one."""
    row = _locked(connection, asked.device)
    known = row.secret_hash if row else ""
    if row is None or not hmac.compare_digest(known, refresh.family_hash(asked.secret)):
        raise _unknown()
    if row.revoked:
        raise _revoked()
    account = accounts.find(connection, row.account)
    if account is None or account.disabled:
        raise Refusal(403, "DISABLED", "该账号已停用，请联系社区负责人")
    state, following = _followed(connection, row, asked)
    connection.execute(
        sa.update(DEVICE)
        .where(DEVICE.c.id == row.id)
        .values(
            refresh=msgspec.json.encode(state).decode(),
            seen_at=str(codec.encode(clock.now())),
            program=program,
            pending=max(0, min(asked.pending, _MOST_PENDING)),
        )
    )
    access_token = secrets.token_urlsafe(32)
    now = int(clock.now().timestamp())
    connection.execute(sa.delete(TOKEN).where(TOKEN.c.device == row.id, TOKEN.c.expires_at <= now))
    connection.execute(
        sa.insert(TOKEN).values(
            hash=refresh.hashed(access_token), device=row.id, account=account.name,
            expires_at=now + seconds,
        )
    )  # fmt: skip
    exchange = connection.scalar(sa.select(META.c.value).where(META.c.name == "exchange_public"))
    told = str(codec.encode(clock.now()))
    return Token(
        access_token, seconds, person(connection, account), exchange or "", following, told
    )


def end_family(connection: sa.Connection, stolen: Stolen) -> None:
    """Nobody gets in with tokens of this family any more, until the password is given."""
    row = _locked(connection, stolen.device)
    if row is not None and row.secret_hash == stolen.family:
        _set_family(connection, row.id, refresh.hashed(refresh.new_family()))  # known to nobody


def _followed(
    connection: sa.Connection, row: sa.Row[Any], asked: TokenRequest
) -> tuple[refresh.State, str]:
    key = connection.scalar(sa.select(META.c.value).where(META.c.name == "refresh_key")) or ""
    state = refresh.began(row.secret_hash)
    if row.refresh:
        state = msgspec.json.decode(row.refresh, type=refresh.State)
    try:
        return refresh.follow(state, row.id, asked.secret, key)
    except refresh.Unknown as error:
        raise _unknown() from error
    except refresh.Stolen as error:
        raise Stolen(row.id, row.secret_hash) from error


def _locked(connection: sa.Connection, device: str) -> sa.Row[Any] | None:
    query = sa.select(DEVICE).where(DEVICE.c.id == device).with_for_update()
    return connection.execute(query).first()


def _set_family(connection: sa.Connection, device: str, family: str) -> None:
    change = sa.update(DEVICE).where(DEVICE.c.id == device)
    connection.execute(change.values(secret_hash=family, refresh=""))
    connection.execute(sa.delete(TOKEN).where(TOKEN.c.device == device))


_HOLDER = (
    sa.select(ACCOUNT, DEVICE.c.id, DEVICE.c.label, DEVICE.c.revoked, DEVICE.c.code)
    .select_from(TOKEN)
    .join(DEVICE, DEVICE.c.id == TOKEN.c.device)
    .join(ACCOUNT, ACCOUNT.c.name == TOKEN.c.account)
    .where(TOKEN.c.hash == sa.bindparam("held"), TOKEN.c.expires_at > sa.bindparam("now"))
)


def caller(connection: sa.Connection, access_token: str, clock: Clock) -> Caller:
    """Who holds this access token; a Refusal where nobody may with it."""
    held = {"held": refresh.hashed(access_token), "now": int(clock.now().timestamp())}
    row = connection.execute(_HOLDER, held).first()
    if row is None:
        raise Refusal(401, "TOKEN", "登录已过期，请重新连接；已录入的内容都在本机")
    if row.revoked:
        raise _revoked()
    account = accounts.read(row)
    if account.disabled:
        raise Refusal(403, "DISABLED", "该账号已停用，请联系社区负责人")
    return Caller(row.id, row.label, account, row.code)


def person(connection: sa.Connection, account: Account) -> Person:
    """An account as its own device is told of it."""
    known = access.communities(account.actor, accounts.communities(connection))
    named = access.own_communities(account.actor)
    days = connection.scalar(sa.select(META.c.value).where(META.c.name == "lease_days"))
    return Person(
        account.name,
        account.display,
        account.role,
        list(account.scope),
        account.scope_version,
        sorted({*known, *named}),
        int(days) if days else LEASE_DAYS,
    )


def _unknown() -> Refusal:
    return Refusal(401, "DEVICE", "本机的登记已失效，请重新登录；已录入的内容都在本机")


def _revoked() -> Refusal:
    return Refusal(403, "REVOKED", "本机已被停用，请联系信息管理人员；未上报的内容都在本机")


def wrong_password() -> Refusal:
    """The same answer for an unknown account and a wrong password."""
    return Refusal(401, "PASSWORD", "账号或密码不对，请检查后重试")
