"""交换: packs that came on a USB stick, through the same door as a push over the network."""

import base64
import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import KnownError, NotFound
from sqzl_desktop.protocol import messages, packet, version
from sqzl_desktop.protocol.messages import Answer, Page, Problem, Push
from sqzl_desktop.protocol.packet import BadFile, Pack, PackPart, Receipt, ReceiptPart
from sqzl_desktop.server import accounts, apply, envelope, pull
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.pull import Wanted
from sqzl_desktop.server.refusals import Refusal
from sqzl_desktop.server.settings import Settings
from sqzl_desktop.server.sign_in import Caller
from sqzl_desktop.server.tables import DEVICE, META

SUFFIX = ".receipt"
_MOST_NEWS = 128 << 20  # bytes of pages in one receipt


@dataclasses.dataclass(frozen=True, slots=True)
class Unpacked:
    """What became of a pack: the receipt file's content, and a sentence for the operator."""

    receipt: bytes
    sentence: str


def unpack_file(database: Database, path: Path, settings: Settings, *, with_updates: bool) -> str:
    """Apply a pack and write its receipt beside it; the sentence to print."""
    try:
        with path.open("rb") as file:
            raw = file.read(packet.MOST_FILE + 1)
    except OSError as error:
        raise KnownError(f"读不了文件 {path.name}，请检查U盘和路径") from error
    done = unpack(database, raw, settings, with_updates=with_updates)
    receipt = path.with_name(path.name + SUFFIX)
    try:
        receipt.write_bytes(done.receipt)
    except OSError as error:
        raise KnownError("内容已入库，但回执写不进U盘，请腾出空间后重新执行") from error
    return f"{path.name}：{done.sentence}，回执已写到 {receipt.name}"


def unpack(database: Database, raw: bytes, settings: Settings, *, with_updates: bool) -> Unpacked:
    """Apply what a pack holds, each operation exactly once, and seal the answers for its device."""
    with database.reading() as connection:
        private = connection.scalar(
            sa.select(META.c.value).where(META.c.name == "exchange_private")
        )
        opened = packet.open_pack(raw, private_key=base64.b64decode(private or ""))
        caller, proof = _author(connection, opened.device)
    pack = opened.read(proof)
    sentence = version.refusal(pack.protocol, asked_by_server=True)
    if sentence:
        raise BadFile(sentence)
    parts = [_part(database, caller, pack, part, settings) for part in pack.parts]
    if with_updates:
        left = _MOST_NEWS
        for place, part in enumerate(pack.parts):
            news, left = _news(database, caller, part, left)
            parts[place] = msgspec.structs.replace(parts[place], pages=news)
    receipt = Receipt(parts)
    return Unpacked(packet.seal_receipt(receipt, proof=proof), _told(caller, parts))


def _author(connection: sa.Connection, device: str) -> tuple[Caller, str]:
    """The device that a pack names, if it may still push, and what is known of its secret."""
    known = sa.select(DEVICE).where(DEVICE.c.id == device)
    row = connection.execute(known).first() if envelope.is_name(device) else None
    if row is None:
        raise NotFound("数据包来自一台没有登记过的设备，已拒绝")
    account = accounts.find(connection, row.account)
    if row.revoked or account is None or account.disabled:
        raise BadFile("数据包来自已停用的设备或账号，已拒绝；请联系信息管理人员")
    return Caller(row.id, row.label, account, row.code), row.secret_hash


def _part(
    database: Database, caller: Caller, pack: Pack, part: PackPart, settings: Settings
) -> ReceiptPart:
    answers: list[Answer] = []
    problem: Problem | None = None
    try:
        for operations in packet.batches(part.operations):
            message = Push(part.epoch, pack.incarnation, operations)
            envelope.check(message)
            answers += _push(database, caller, part.community, message, settings)
    except Refusal as refusal:
        problem = Problem(refusal.code, str(refusal), refusal.expected)
    return ReceiptPart(part.community, part.epoch, part.since, answers, problem, [])


def _push(
    database: Database, caller: Caller, community: str, message: Push, settings: Settings
) -> Sequence[Answer]:
    def work(connection: sa.Connection) -> Sequence[Answer]:
        hours = settings.grace_hours
        answers = apply.push(
            connection, caller, community, message, settings.clock, grace_hours=hours
        )
        return answers.answers

    return database.writing(work)


def _news(database: Database, caller: Caller, part: PackPart, left: int) -> tuple[list[Page], int]:
    pages: list[Page] = []
    try:
        for page in _pages(database, caller, part):
            left -= len(messages.encode(page))
            if left < 0:
                break
            pages.append(page)
    except Refusal:  # another epoch or scope: only a sync over the network can bring what is new
        return [], left
    return pages, left


def _pages(database: Database, caller: Caller, part: PackPart) -> Iterator[Page]:
    since, more = part.since, True
    while more:
        wanted = Wanted(since, pull.MOST, part.scope_version, part.epoch)
        with database.reading() as connection:
            page = pull.page(connection, caller, part.community, wanted)
        yield page
        since, more = page.cursor, page.more


def _told(caller: Caller, parts: Sequence[ReceiptPart]) -> str:
    answers = [answer for part in parts for answer in part.answers]
    refused = sum(each.outcome in ("held", "rejected") for each in answers)
    problems = "".join(f"，社区{part.community}：{part.problem.sentence}" for part in parts
                       if part.problem)  # fmt: skip
    return (
        f"{caller.account.display}（{caller.device_label}）上报{len(answers)}项，"
        f"其中{refused}项未被接受{problems}"
    )
