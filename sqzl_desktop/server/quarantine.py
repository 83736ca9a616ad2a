"""隔离区: the last upload of a revoked device, and the signed order to destroy its data."""

import base64
import hashlib
import hmac
from collections.abc import Iterator

import msgspec
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import NotFound
from sqzl_desktop.protocol.messages import (
    MOST_OPERATIONS,
    LastUpload,
    Operation,
    Quarantined,
    WipeOrder,
)
from sqzl_desktop.protocol.wipe import order_text
from sqzl_desktop.schema import codec
from sqzl_desktop.server import bulk, envelope
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.rows import chunks
from sqzl_desktop.server.tables import DEVICE, META, QUARANTINE, WIPE


def check_device(connection: sa.Connection, device: str, secret: str) -> None:
    """Is this a revoked device that knows its secret? A Refusal otherwise."""
    row = connection.execute(sa.select(DEVICE).where(DEVICE.c.id == device)).first()
    # where tokens rotate, the part before the dot is what stays
    known = hashlib.sha256(secret.partition(".")[0].encode()).hexdigest()
    if not hmac.compare_digest(row.secret_hash if row else "", known) or row is None:
        raise Refusal(401, "DEVICE", "本机的登记已失效；已录入的内容都在本机")
    if not row.revoked:
        raise Refusal(409, "IN_USE", "本机没有停用，请照常同步")


def take_in(
    connection: sa.Connection, device: str, upload: LastUpload, clock: Clock
) -> Quarantined:
    """Keep what a revoked device had not sent. The order comes with the last of it, if there is
    one."""
    if len(upload.left) > MOST_OPERATIONS:
        raise Refusal(413, "TOO_LARGE", f"一次最多上报{MOST_OPERATIONS}项，请分批上报")
    for each in upload.left:
        if not envelope.is_name(each.community) or not envelope.well_formed(each.operation):
            raise Refusal(400, "MALFORMED", "上报内容的格式不对，请更新程序后重试")
    offered = {each.operation.id: each for each in upload.left}
    known: set[str] = set()
    of = QUARANTINE.c
    for part in chunks(sorted(offered)):
        some = bulk.among(connection, of.id, part)
        known.update(connection.scalars(sa.select(of.id).where(of.device == device, some)))
    lines = [
        {
            "device": device,
            "id": each.operation.id,
            "community": each.community,
            "incarnation": each.incarnation,
            "n": each.operation.n,
            "body": msgspec.json.encode(each.operation).decode(),
            "received_at": str(codec.encode(clock.now())),
        }
        for each in offered.values()
        if each.operation.id not in known
    ]
    if lines:
        connection.execute(sa.insert(QUARANTINE), lines)
    return Quarantined(len(offered), _order(connection, device, clock) if upload.last else None)


def order_wipe(connection: sa.Connection, device: str, clock: Clock) -> None:
    """From now on a device is told to destroy its data, once it has handed in what was unsent."""
    if connection.scalar(sa.select(DEVICE.c.id).where(DEVICE.c.id == device)) is None:
        raise NotFound(f"没有编号为“{device}”的设备")
    if connection.scalar(sa.select(WIPE.c.device).where(WIPE.c.device == device)) is None:
        at = str(codec.encode(clock.now()))
        connection.execute(sa.insert(WIPE).values(device=device, ordered_at=at, given_at=""))


def lines(connection: sa.Connection) -> Iterator[str]:
    """What is in quarantine, one line an operation, without its values."""
    of = QUARANTINE.c
    query = sa.select(QUARANTINE, DEVICE.c.account, DEVICE.c.label).join(
        DEVICE, DEVICE.c.id == of.device
    )
    for row in connection.execute(query.order_by(of.device, of.community, of.n)):
        operation = msgspec.json.decode(row.body, type=Operation)
        told = (row.received_at, row.account, row.label, row.community)
        what = (operation.action, operation.kind, operation.record, operation.id)
        yield "\t".join((*told, *what))


def _order(connection: sa.Connection, device: str, clock: Clock) -> WipeOrder | None:
    query = sa.select(WIPE.c.ordered_at).where(WIPE.c.device == device)
    ordered_at = connection.scalar(query)
    if ordered_at is None:
        return None
    private = base64.b64decode(_kept(connection, "order_private"))
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(order_text(device, ordered_at))
    given = sa.update(WIPE).where(WIPE.c.device == device, WIPE.c.given_at == "")
    connection.execute(given.values(given_at=str(codec.encode(clock.now()))))
    return WipeOrder(device, ordered_at, base64.b64encode(signature).decode("ascii"))


def _kept(connection: sa.Connection, name: str) -> str:
    return str(connection.scalar(sa.select(META.c.value).where(META.c.name == name)) or "")
