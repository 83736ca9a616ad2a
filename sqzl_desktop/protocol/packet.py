"""数据包: what travels on a USB stick. A pack from a device to the server, a receipt back.

A pack is sealed to the server's exchange key (X25519, AES-256-GCM) and carries a code that only
the device's secret makes; a receipt is sealed with a key that comes from the same secret. Nothing
is expanded before it is known to come from the right side.
"""

import hashlib
import hmac
import io
import os
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec
import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.protocol.messages import MOST_OPERATIONS, Answer, Operation, Page, Problem

T = TypeVar("T")
MOST_FILE = 64 << 20
MOST_EXPANDED = 256 << 20
_PACK, _RECEIPT = b"SQZL-PACK-1\n", b"SQZL-RCPT-1\n"
_KEY, _NONCE, _TAG = 32, 12, 16
_LARGEST_WINDOW = 8 << 20


class BadFile(KnownError):
    """The file on the stick is not what was expected; the sentence says what it is instead."""


class PackPart(msgspec.Struct, frozen=True):
    """What a device has for one community: its cursor, and its operations in order."""

    community: str
    epoch: str
    since: int
    scope_version: int
    operations: list[Operation]


class Pack(msgspec.Struct, frozen=True):
    """Everything that a device has not sent."""

    protocol: int
    incarnation: str
    parts: list[PackPart]


class ReceiptPart(msgspec.Struct, frozen=True):
    """The server's answers for one community, or why there are none, and what is new there.

    `pages` go on from `since` without a gap.
    """

    community: str
    epoch: str
    since: int
    answers: list[Answer]
    problem: Problem | None
    pages: list[Page]


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a pack."""

    parts: list[ReceiptPart]


class _Signed(msgspec.Struct, frozen=True, array_like=True):
    """A pack as it lies under the seal: from which device, its code, the compressed content."""

    device: str
    code: bytes
    content: bytes


class Opened(msgspec.Struct, frozen=True):
    """A pack whose seal is broken and whose origin is claimed, not yet proven."""

    device: str
    code: bytes
    content: bytes
    signed: bytes

    def read(self, proof: str) -> Pack:
        """The pack, where the device's secret made its code; `proof` is that secret's hash."""
        if not hmac.compare_digest(self.code, _code(proof, self.signed)):
            raise BadFile(
                "这个数据包不是由所写的那台设备生成的，已拒绝；那台设备重新登录过的，请重新写入U盘"
            )
        return _expand(self.content, Pack)


def proof_of(secret: str) -> str:
    """What both sides know of a device's secret: the server keeps no more than this hash.

    The secret is a refresh token; what all tokens of a device have in common stands before a dot.
    """
    return hashlib.sha256(secret.partition(".")[0].encode()).hexdigest()


def seal_pack(pack: Pack, *, device: str, proof: str, server_key: bytes) -> bytes:
    """A pack as a file that only the server can read."""
    once = X25519PrivateKey.generate()
    head = _PACK + once.public_key().public_bytes_raw()
    content = _compress(pack)
    signed = _Signed(device, _code(proof, head + content), content)
    shared = once.exchange(X25519PublicKey.from_public_bytes(server_key))
    return _sealed(head, _derive(shared, head + server_key), msgspec.msgpack.encode(signed))


def open_pack(raw: bytes, *, private_key: bytes) -> Opened:
    """Break the seal of a pack; whose it is remains to be proven (`Opened.read`)."""
    if len(raw) > MOST_FILE:
        raise _too_large()
    head = raw[: len(_PACK) + _KEY]
    if not raw.startswith(_PACK) or len(raw) < len(head) + _NONCE + _TAG:
        raise BadFile("这不是本程序写出的数据包，或文件没有复制完整")
    private = X25519PrivateKey.from_private_bytes(private_key)
    once = X25519PublicKey.from_public_bytes(head[len(_PACK) :])
    try:
        key = _derive(private.exchange(once), head + private.public_key().public_bytes_raw())
        inner = _unsealed(head, key, raw[len(head) :])
        signed = msgspec.msgpack.decode(inner, type=_Signed)
    except (InvalidTag, ValueError, msgspec.MsgspecError) as error:
        raise BadFile("数据包已损坏，或是写给另一台服务器的，请重新写入U盘") from error
    return Opened(signed.device, signed.code, signed.content, head + signed.content)


def seal_receipt(receipt: Receipt, *, proof: str) -> bytes:
    """A receipt as a file that only that device can read."""
    return _sealed(_RECEIPT, _derive(bytes.fromhex(proof), _RECEIPT), _compress(receipt))


def open_receipt(raw: bytes, *, proof: str) -> Receipt:
    """The receipt, where it was made for the device of this secret."""
    if len(raw) > MOST_FILE:
        raise _too_large()
    if not raw.startswith(_RECEIPT) or len(raw) < len(_RECEIPT) + _NONCE + _TAG:
        raise BadFile("这不是服务器写出的回执，或文件没有复制完整")
    try:
        key = _derive(bytes.fromhex(proof), _RECEIPT)
        content = _unsealed(_RECEIPT, key, raw[len(_RECEIPT) :])
    except InvalidTag as error:
        raise BadFile("这份回执不是给本机的，或已损坏，请核对U盘上的文件") from error
    return _expand(content, Receipt)


def batches(operations: Sequence[Operation]) -> Iterable[list[Operation]]:
    """The operations in the portions of a push; a group goes whole where it fits at all."""
    batch: list[Operation] = []
    for unit in _units(operations):
        if batch and len(batch) + len(unit) > MOST_OPERATIONS:
            yield batch
            batch = []
        batch += unit
        while len(batch) > MOST_OPERATIONS:
            yield batch[:MOST_OPERATIONS]
            batch = batch[MOST_OPERATIONS:]
    if batch:
        yield batch


def _units(operations: Sequence[Operation]) -> Iterable[list[Operation]]:
    unit: list[Operation] = []
    for each in operations:
        if unit and not (each.group and each.group == unit[-1].group):
            yield unit
            unit = []
        unit.append(each)
    if unit:
        yield unit


def _code(proof: str, content: bytes) -> bytes:
    return hmac.digest(_derive(bytes.fromhex(proof), _PACK), content, "sha256")


def _derive(material: bytes, purpose: bytes) -> bytes:
    info = b"sqzl exchange " + purpose
    return HKDF(algorithm=hashes.SHA256(), length=_KEY, salt=None, info=info).derive(material)


def _sealed(head: bytes, key: bytes, content: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    raw = head + nonce + AESGCM(key).encrypt(nonce, content, head)
    if len(raw) > MOST_FILE:
        raise _too_large()
    return raw


def _unsealed(head: bytes, key: bytes, rest: bytes) -> bytes:
    return AESGCM(key).decrypt(rest[:_NONCE], rest[_NONCE:], head)


def _compress(message: Any) -> bytes:
    content = msgspec.json.encode(message)
    if len(content) > MOST_EXPANDED:
        raise _too_large()
    return zstandard.compress(content)


def _expand(content: bytes, expected: type[T]) -> T:
    expander = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
    try:
        with expander.stream_reader(io.BytesIO(content)) as reader:
            expanded = reader.read(MOST_EXPANDED + 1)
        if len(expanded) > MOST_EXPANDED:
            raise _too_large()
        return msgspec.json.decode(expanded, type=expected)
    except (zstandard.ZstdError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadFile("文件内容无法识别，请更新程序后重新写入U盘") from error


def _too_large() -> BadFile:
    return BadFile("文件过大，超出U盘交换的上限，请改用网络同步")
