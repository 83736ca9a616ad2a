"""登录: enrolment of devices, access tokens, and who a request comes from."""

import dataclasses
import hashlib
import hmac
import secrets

import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain import access, numbering
from sqzl_desktop.protocol.messages import Enrolment, Person, Token
from sqzl_desktop.schema import codec
from sqzl_desktop.server import accounts
from sqzl_desktop.server.accounts import Account
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.tables import ACCOUNT, DEVICE, META, TOKEN

LONGEST_LABEL = 60
LEASE_DAYS = 30


@dataclasses.dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: an account on an enrolled device."""

    device: str
    device_label: str
    account: Account
    device_code: str


def enrol(connection: sa.Connection, account: str, label: str, clock: Clock) -> Enrolment:
    """Make a device for an account whose password was right."""
    found = accounts.find(connection, account)
    if found is None or found.disabled:
        raise wrong_password()
    serial = int(connection.scalar(sa.select(sa.func.max(DEVICE.c.serial))) or 0) + 1
    device, secret = new_id(), secrets.token_urlsafe(32)
    code = numbering.device_code(serial)
    now = str(codec.encode(clock.now()))
    connection.execute(
        sa.insert(DEVICE).values(
            id=device,
            serial=serial,
            code=code,
            account=account,
            label=label.strip()[:LONGEST_LABEL] or code,
            secret_hash=_sha256(secret),
            created_at=now,
            seen_at=now,
            revoked="",
        )
    )
    escrow = connection.scalar(sa.select(META.c.value).where(META.c.name == "escrow_public"))
    order_key = connection.scalar(sa.select(META.c.value).where(META.c.name == "order_public"))
    known = person(connection, found)
    return Enrolment(device, code, secret, known, escrow or "", order_key or "")


def token(
    connection: sa.Connection, device: str, secret: str, *, clock: Clock, seconds: int
) -> Token:
    """A fresh access token for a device that knows its secret."""
    row = connection.execute(sa.select(DEVICE).where(DEVICE.c.id == device)).first()
    known = row.secret_hash if row else _sha256("")
    if not hmac.compare_digest(known, _sha256(secret)) or row is None:
        raise Refusal(401, "DEVICE", "本机的登记已失效，请重新登录；已录入的内容都在本机")
    if row.revoked:
        raise _revoked()
    account = accounts.find(connection, row.account)
    if account is None or account.disabled:
        raise Refusal(403, "DISABLED", "该账号已停用，请联系社区负责人")
    access_token = secrets.token_urlsafe(32)
    now = int(clock.now().timestamp())
    connection.execute(sa.delete(TOKEN).where(TOKEN.c.device == device, TOKEN.c.expires_at <= now))
    connection.execute(
        sa.insert(TOKEN).values(
            hash=_sha256(access_token), device=device, account=account.name,
            expires_at=now + seconds,
        )
    )  # fmt: skip
    seen = sa.update(DEVICE).where(DEVICE.c.id == device)
    connection.execute(seen.values(seen_at=str(codec.encode(clock.now()))))
    key = connection.scalar(sa.select(META.c.value).where(META.c.name == "exchange_public"))
    return Token(access_token, seconds, person(connection, account), key or "")


def caller(connection: sa.Connection, access_token: str, clock: Clock) -> Caller:
    """Who holds this access token; a Refusal where nobody may with it."""
    query = (
        sa.select(ACCOUNT.c.name, DEVICE.c.id, DEVICE.c.label, DEVICE.c.revoked, DEVICE.c.code)
        .select_from(TOKEN)
        .join(DEVICE, DEVICE.c.id == TOKEN.c.device)
        .join(ACCOUNT, ACCOUNT.c.name == TOKEN.c.account)
        .where(
            TOKEN.c.hash == _sha256(access_token),
            TOKEN.c.expires_at > int(clock.now().timestamp()),
        )
    )
    row = connection.execute(query).first()
    if row is None:
        raise Refusal(401, "TOKEN", "登录已过期，请重新连接；已录入的内容都在本机")
    if row.revoked:
        raise _revoked()
    account = accounts.find(connection, row.name)
    if account is None or account.disabled:
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


def _revoked() -> Refusal:
    return Refusal(403, "REVOKED", "本机已被停用，请联系信息管理人员；未上报的内容都在本机")


def wrong_password() -> Refusal:
    """The same answer for an unknown account and a wrong password."""
    return Refusal(401, "PASSWORD", "账号或密码不对，请检查后重试")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
