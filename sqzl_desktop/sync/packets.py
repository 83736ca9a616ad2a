"""U盘: sync without a network. What is unsent goes into a pack; a receipt brings the answers."""

import base64
import dataclasses
import os
from pathlib import Path

import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import KnownError, Refused
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol import packet, version
from sqzl_desktop.protocol.messages import Page, Problem
from sqzl_desktop.protocol.packet import BadFile, Pack, PackPart, ReceiptPart
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.store import changes, meta, tables, traces
from sqzl_desktop.store.engine import Store
from sqzl_desktop.sync.apply import Differs, apply_page, read_cursor
from sqzl_desktop.sync.guard import Guarded

_MOST = 1_000_000
_AGAIN = "设备的编号已更新，请重新写入U盘"
_ONLINE = "需要联网同步一次，本机内容不会丢失"
_OLD = "回执是服务器恢复以前写的，已不作数；请重新写入U盘，或联网同步"
_WAYS_OUT = {"FORK": _AGAIN, "GAP": _AGAIN, "EPOCH": _ONLINE, "SCOPE": _ONLINE}


@dataclasses.dataclass(frozen=True, slots=True)
class ReceiptReport:
    """What a receipt brought; `notes` are sentences about what it could not bring."""

    answered: int = 0
    pulled: int = 0
    conflicts: int = 0
    refused: int = 0
    notes: tuple[str, ...] = ()


def keep_key(store: Store, key: str) -> None:
    """Keep the server's key, to which packs are sealed."""
    with store.read() as tx:
        if not key or meta.get(tx, "exchange_key") == key:
            return
    with store.write() as tx:
        meta.put(tx, "exchange_key", key)


def write_pack(store: Store, path: Path) -> int:
    """Write everything unsent as one file for the server; how many operations it holds."""
    with store.read() as tx:
        server_key = meta.get(tx, "exchange_key")
        if not server_key:
            raise Refused("本机还没有服务器的交换密钥，请先联网同步一次，再写入U盘")
        parts = [_part(tx, community) for community in _communities(tx)]
        pack = Pack(version.PROTOCOL, meta.get(tx, "incarnation"), parts)
        device, proof = meta.get(tx, "device"), packet.proof_of(meta.get(tx, "secret"))
    key = base64.b64decode(server_key)
    raw = packet.seal_pack(pack, device=device, proof=proof, server_key=key)
    _write(path, raw)
    return sum(len(part.operations) for part in parts)


def read_receipt(
    store: Store, path: Path, clock: Clock, *, accept_removals: bool = False
) -> ReceiptReport:
    """Take the server's answers and news in. Reading the same receipt again changes nothing."""
    with store.read() as tx:
        proof = packet.proof_of(meta.get(tx, "secret"))
    receipt = packet.open_receipt(_read(path), proof=proof)
    report = ReceiptReport()
    for part in receipt.parts:
        report = _answers(store, part, report)
        try:
            report = _news(store, part, clock, report, accept_removals=accept_removals)
        except (Guarded, Differs) as stopped:
            report = _noted(report, str(stopped))
    return report


def _communities(tx: sa.Connection) -> list[str]:
    outbox, cursor = tables.outbox.c, tables.cursor.c
    waiting = sa.select(outbox.community).where(outbox.state == "pending")
    return sorted(
        {*tx.execute(waiting).scalars(), *tx.execute(sa.select(cursor.community)).scalars()}
    )


def _part(tx: sa.Connection, community: str) -> PackPart:
    cursor = read_cursor(tx, community)
    epoch, since, scope = ("", 0, 0)
    if cursor is not None:
        epoch, since, scope = cursor.epoch, cursor.cursor, cursor.scope_version
    return PackPart(community, epoch, since, scope, changes.unsent(tx, community, _MOST))


def _answers(store: Store, part: ReceiptPart, report: ReceiptReport) -> ReceiptReport:
    outcomes = [each.outcome for each in part.answers]
    with store.write() as tx:
        cursor = read_cursor(tx, part.community)
        if cursor is not None and part.epoch and cursor.epoch != part.epoch:
            return _noted(report, _OLD)  # the server may have forgotten what it answered then
        answered = _awaited(tx, part)
        changes.answer(tx, part.answers)
        if "held" in outcomes:
            traces.mark(tx)
        if part.problem and part.problem.code in ("FORK", "GAP"):
            changes.renumber(tx, new_id())
    if not answered:
        outcomes = []
    report = dataclasses.replace(
        report,
        answered=report.answered + answered,
        conflicts=report.conflicts + outcomes.count("conflict_kept"),
        refused=report.refused + outcomes.count("held") + outcomes.count("rejected"),
    )
    return _noted(report, _words(part.problem)) if part.problem else report


def _awaited(tx: sa.Connection, part: ReceiptPart) -> int:
    """How many of the answers are news here."""
    outbox = tables.outbox.c
    query = sa.select(outbox.id).where(
        outbox.community == part.community, outbox.state == "pending"
    )
    return len({each.id for each in part.answers} & set(tx.execute(query).scalars()))


def _news(
    store: Store,
    part: ReceiptPart,
    clock: Clock,
    report: ReceiptReport,
    *,
    accept_removals: bool,
) -> ReceiptReport:
    """Pages are applied only where they go on from what is here: an older receipt is passed by."""
    since = part.since
    for page in part.pages:
        if _goes_on(store, part.community, page, since):
            at = str(encode(clock.now()))
            apply_page(store, part.community, page, at, accept_removals=accept_removals)
            report = dataclasses.replace(report, pulled=report.pulled + len(page.entries))
        since = page.cursor
    return report


def _goes_on(store: Store, community: str, page: Page, since: int) -> bool:
    with store.read() as tx:
        cursor = read_cursor(tx, community)
    return cursor is not None and (cursor.epoch, cursor.scope_version, cursor.cursor) == (
        page.epoch, page.scope_version, since,
    )  # fmt: skip


def _words(problem: Problem) -> str:
    way_out = _WAYS_OUT.get(problem.code)
    return f"{problem.sentence}；{way_out}" if way_out else problem.sentence


def _noted(report: ReceiptReport, sentence: str) -> ReceiptReport:
    return dataclasses.replace(report, notes=(*report.notes, sentence))


def _write(path: Path, raw: bytes) -> None:
    new = path.with_name(f"{path.name}.new")
    try:
        with new.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise KnownError("写不进U盘，请检查剩余空间和写保护，再重新写入") from error


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(packet.MOST_FILE + 1)
    except OSError as error:
        raise BadFile("读不了回执文件，请检查U盘和路径") from error
