"""备份: everything a server keeps as one file that either kind of database can be restored from.

The file is zstd-compressed JSON lines: a head, then table by table a line that names it and one
line a row, then an end with the number of rows and the hash of all lines before it. A backup counts
only when it was read back: complete, and with the sums of the records that the server compares by.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
import zstandard

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import KnownError, Refused
from sqzl_desktop.protocol.digest import Sum, row_hash
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.schema.codec import encode
from sqzl_desktop.server import durable, epoch, scope
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.migrations import MIGRATIONS
from sqzl_desktop.server.tables import ACCOUNT, BUCKET, COUNTER, RECORD, TOKEN, metadata

FORMAT = 1
_PART = 1000
_BROKEN = "备份文件不完整或已损坏，不能使用。请换一份备份"
Line = list[Any]
Sums = dict[tuple[str, str], Sum]


class Head(msgspec.Struct, frozen=True):
    """What a backup is of; `schema` is the number of the last migration."""

    format: int
    schema: int
    epoch: str
    made_at: str


class End(msgspec.Struct, frozen=True):
    """Closes a backup: how many rows, and the SHA-256 of every line before."""

    rows: int
    sha256: str


class Verified(msgspec.Struct, frozen=True):
    """What a backup that was read back holds: rows, and the last number of every community."""

    head: Head
    rows: int
    records: int
    counters: dict[str, int]


def back_up(database: Database, target: Path, clock: Clock) -> str:
    """Write a backup, read it back, tell the devices what it covers; the sentence to print."""
    if target.exists():
        raise Refused(f"文件“{target}”已存在，请换一个文件名；备份不会覆盖旧的备份")
    partial = target.with_name(f".{target.name}.making")
    try:
        with database.reading() as connection:
            _write(connection, partial, clock)
        verified = verify(partial)
        partial.rename(target)
    except OSError as error:
        raise KnownError("备份文件写不进去，请检查磁盘空间和文件夹权限") from error
    finally:
        partial.unlink(missing_ok=True)
    database.writing(lambda it: durable.announce(it, verified.head.epoch, verified.counters))
    return (f"备份完成并已核对：{verified.rows}行，其中资料{verified.records}条，"
            f"社区{len(verified.counters)}个，写入{target}")  # fmt: skip


def verify(source: Path) -> Verified:
    """Read a backup to its end; KnownError unless it is whole and its sums are right."""
    kept: Sums = {}
    found: Sums = {}
    counters: dict[str, int] = {}
    rows = records = 0
    lines = _tables(source)
    head = next(lines)
    assert isinstance(head, Head)
    for table, values in lines:
        rows += 1
        if table == COUNTER.name:
            counters[values["community"]] = values["seq"]
        elif table == BUCKET.name and values["count"]:
            wire = values["count"], values["total"]
            kept[values["community"], values["grid"]] = Sum.read(wire)
        elif table == RECORD.name and not values["deleted"]:
            records += 1
            found.setdefault((values["community"], values["grid"]), Sum()).add(_hash(values))
    if {key: each.wire() for key, each in kept.items()} != {
        key: each.wire() for key, each in found.items()
    }:
        raise KnownError("备份中的资料与核对数不一致，不能使用；请重新备份，并检查服务器磁盘")
    return Verified(head, rows, records, counters)


def restore(database: Database, source: Path, *, replace: bool) -> str:
    """Load a backup into a migrated database and take a new epoch; the sentence to print."""
    verified = verify(source)
    if verified.head.schema != len(MIGRATIONS):
        raise KnownError(
            f"备份由数据库版本{verified.head.schema}的服务器程序建立，本程序为{len(MIGRATIONS)}；"
            "请用建立备份的那个版本恢复，再升级程序"
        )
    database.writing(lambda connection: _load(connection, source, replace=replace))
    return (
        f"已恢复：{verified.rows}行，备份时间{verified.head.made_at}。"
        "各设备下次同步时会重新下载，并补报备份之后的内容"
    )


def _write(connection: sa.Connection, target: Path, clock: Clock) -> None:
    digest = hashlib.sha256()
    rows = 0
    head = Head(FORMAT, len(MIGRATIONS), scope.epoch(connection), str(encode(clock.now())))
    with target.open("xb") as plain:
        compressor = zstandard.ZstdCompressor(level=6, write_checksum=True)
        with compressor.stream_writer(plain, closefd=False) as writer:
            for line in _content(connection, head):
                digest.update(line)
                writer.write(line + b"\n")
                rows += line.startswith(b"[")
            writer.write(msgspec.json.encode(End(rows, digest.hexdigest())) + b"\n")
        plain.flush()
        os.fsync(plain.fileno())


def _content(connection: sa.Connection, head: Head) -> Iterator[bytes]:
    yield msgspec.json.encode(head)
    for table in _kept_tables():
        columns = [str(column.name) for column in table.columns]
        yield msgspec.json.encode({"table": str(table.name), "columns": columns})
        query = sa.select(table).execution_options(yield_per=_PART)
        for row in connection.execute(query):
            yield msgspec.json.encode(list(row))


def _kept_tables() -> list[sa.Table]:
    """Every table but that of access tokens: those are asked for again."""
    return [table for table in metadata.sorted_tables if table is not TOKEN]


def _tables(source: Path) -> Iterator[Any]:
    """The head, then (table, values) for every row; KnownError where the file is not whole."""
    digest = hashlib.sha256()
    rows = 0
    table, columns = "", list[str]()
    try:
        lines = _lines(source)
        first = next(lines, b"{}")
        yield msgspec.json.decode(first, type=Head)
        digest.update(first)
        for line in lines:
            value = msgspec.json.decode(line)
            if isinstance(value, list):
                rows += 1
                yield table, dict(zip(columns, value, strict=True))
            elif "table" in value:
                table, columns = value["table"], value["columns"]
            else:
                if msgspec.convert(value, End) != End(rows, digest.hexdigest()):
                    raise KnownError(_BROKEN)
                return
            digest.update(line)
    except (msgspec.MsgspecError, zstandard.ZstdError, ValueError, KeyError) as error:
        raise KnownError(_BROKEN) from error
    except OSError as error:
        raise KnownError(f"备份文件“{source}”无法读取，请检查路径和权限") from error
    raise KnownError(_BROKEN)


def _lines(source: Path) -> Iterator[bytes]:
    rest = b""
    with source.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as reader:
        while piece := reader.read(1 << 20):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole


def _hash(values: Mapping[str, Any]) -> bytes:
    fields = msgspec.json.decode(values["fields"])
    row = Row(values["kind"], values["id"], values["grid"], values["rev"], fields, {}, "")
    return row_hash(row)


def _load(connection: sa.Connection, source: Path, *, replace: bool) -> None:
    if not replace and _is_used(connection):
        raise Refused("这个数据库里已有资料；确认要用备份替换它，请加上 --replace")
    for table in reversed(metadata.sorted_tables):
        connection.execute(sa.delete(table))
    waiting: list[dict[str, Any]] = []
    name = ""
    lines = _tables(source)
    next(lines)
    for table, values in lines:
        if table != name or len(waiting) >= _PART:
            _insert(connection, name, waiting)
            name, waiting = table, []
        waiting.append(values)
    _insert(connection, name, waiting)
    durable.forget(connection)
    epoch.take_new(connection)


def _is_used(connection: sa.Connection) -> bool:
    return any(
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
        for table in (RECORD, ACCOUNT)
    )


def _insert(connection: sa.Connection, table: str, lines: list[dict[str, Any]]) -> None:
    if lines:
        connection.execute(sa.insert(metadata.tables[table]), lines)
