"""升级: an older file is brought up to date as a copy; the original is only ever renamed.

Whenever the program or the power dies, one whole file is there under the name it always had. The
original stays beside it until the next good sync.
"""

import os
import shutil
from pathlib import Path

import sqlalchemy as sa

from sqzl_desktop.base.clock import Clock
from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.store import search
from sqzl_desktop.store.engine import STORE_FILE, Store, open_store
from sqzl_desktop.store.migrations import migrate, missing

ORIGINAL = f"{STORE_FILE}.before-upgrade"
_WORKSHOP = "upgrading"
Counts = dict[str, int]


def open_upgraded(folder: Path, key: bytes, clock: Clock) -> Store:
    """The store of a folder in its present form. Raises what `open_store` does."""
    store = open_store(folder, key)
    try:
        with store.read() as tx:
            if not missing(tx):
                return store
            before = _counts(tx)
    except BaseException:
        store.close()
        raise
    store.close()
    try:
        _upgrade(folder, key, clock, before)
    except OSError as error:
        raise KnownError("数据升级没有完成，原数据没有变动。请检查磁盘空间后重新打开") from error
    return open_store(folder, key)


def forget_original(folder: Path) -> None:
    """The upgraded file has proved itself: the one before it is not needed any more."""
    (folder / ORIGINAL).unlink(missing_ok=True)


def _upgrade(folder: Path, key: bytes, clock: Clock, before: Counts) -> None:
    path, workshop = folder / STORE_FILE, folder / _WORKSHOP
    log = folder / f"{STORE_FILE}-wal"
    if log.exists() and log.stat().st_size:
        raise KnownError("数据文件正被另一个程序占用，不能升级。请关闭另一个窗口后再打开")
    shutil.rmtree(workshop, ignore_errors=True)  # what an upgrade that died has left
    workshop.mkdir(mode=0o700)
    try:
        shutil.copyfile(path, workshop / STORE_FILE)
        _migrate_copy(workshop, key, clock, before)
        _sync(workshop / STORE_FILE)
        forget_original(folder)
        _keep(path, folder / ORIGINAL)
        (workshop / STORE_FILE).replace(path)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _migrate_copy(workshop: Path, key: bytes, clock: Clock, before: Counts) -> None:
    copy = open_store(workshop, key)
    try:
        with copy.write() as tx:
            migrate(tx, clock)
            after = _counts(tx)
            search.bring_up_to_date(tx)
        with copy.read() as tx:
            broken = tx.exec_driver_sql("PRAGMA cipher_integrity_check").all()
            is_whole = tx.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    finally:
        copy.close()
    fewer = [table for table, count in before.items() if after.get(table, 0) < count]
    if broken or not is_whole or fewer:
        raise KnownError("数据升级后核对不一致，原数据没有变动。请不要重装，联系信息管理人员")


def _counts(tx: sa.Connection) -> Counts:
    names = tx.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        " AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%'"
    ).scalars()
    return {
        name: int(tx.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())
        for name in list(names)
    }


def _keep(path: Path, beside: Path) -> None:
    try:
        beside.hardlink_to(path)
    except OSError:  # a disk without hard links
        shutil.copyfile(path, beside)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
