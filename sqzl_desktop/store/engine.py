"""数据库: open or create the encrypted file; one writer at a time, durable before it returns."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import sqlcipher3.dbapi2 as sqlcipher

from sqzl_desktop.base.errors import KnownError, Locked

STORE_FILE = "store.db"
OLDEST_SQLITE = (3, 51, 3)  # earlier ones can lose a WAL that is reset while it is read
_CACHE, _LARGE_CACHE = 2_000, 64_000  # KiB of pages a connection holds
_PLAIN_HEADER = b"SQLite format 3\x00"


class Store:
    """The open database. Readers work side by side, writers one after the other."""

    def __init__(self, engine: sa.Engine, folder: Path) -> None:
        self.engine = engine
        self.folder = folder
        self._writing = threading.RLock()
        self._ended = False
        self.committed: Callable[[], None] = lambda: None  # told after every transaction

    @contextlib.contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection for reading, with one consistent view."""
        with _plainly(), self._connected() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("BEGIN")  # neither touches the file, so neither can fail
            try:
                yield connection
            finally:
                raw.execute("ROLLBACK")

    @contextlib.contextmanager
    def write(self, *, much: bool = False) -> Iterator[sa.Connection]:
        """A transaction: all of it is on disk when the block ends, or nothing of it.

        `much`: it changes so many pages that room for them is worth the memory; without, they are
        encrypted and written early, and again when they change again.
        """
        with self._transaction(_LARGE_CACHE if much else _CACHE) as connection:
            yield connection
        self.committed()

    @contextlib.contextmanager
    def _transaction(self, cache: int) -> Iterator[sa.Connection]:
        with _plainly(), self._writing, self._connected(cache) as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                if _is_in_transaction(connection):  # SQLite ends it itself when the disk is full
                    connection.exec_driver_sql("ROLLBACK")
                raise

    def shrink_log(self) -> bool:
        """Fold the WAL into the file and empty it; False where a reader is in the way."""
        with _plainly(), self._writing, self._connected() as connection:
            busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        return not busy

    def end(self) -> None:
        """Nobody reads or writes from here on: the data is about to be destroyed."""
        self._ended = True

    @contextlib.contextmanager
    def _connected(self, cache: int = _CACHE) -> Iterator[sa.Connection]:
        if self._ended:  # to connect would make a new, empty file
            raise Locked("本机数据已按单位的指令销毁，请联系信息管理人员重新登记")
        with self.engine.connect() as connection:
            if cache == _CACHE:
                yield connection
                return
            try:
                connection.exec_driver_sql(f"PRAGMA cache_size = -{cache}")
                yield connection
            finally:
                connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE}")

    def close(self) -> None:
        """Close every connection; the WAL is folded into the file."""
        self.engine.dispose()


def open_store(folder: Path, key: bytes) -> Store:
    """The store in a folder, created where there is none yet.

    Raises Locked for a wrong key or a file that is not ours, KnownError for a program or disk
    that cannot be trusted with the data.
    """
    path = folder / STORE_FILE
    _refuse_plain(path)
    engine = sa.create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: _connect(path, key),
        poolclass=sa.QueuePool,
        pool_size=2,  # each keeps its own cache: the same few are used again and again
        pool_use_lifo=True,
        max_overflow=10,
        isolation_level=None,
        pool_reset_on_return=None,
    )
    store = Store(engine, folder)
    with store.read() as connection:
        _refuse_unsafe(connection)
    return store


def _is_in_transaction(connection: sa.Connection) -> bool:
    raw: Any = connection.connection.driver_connection
    return bool(raw.in_transaction)


def _connect(path: Path, key: bytes) -> Any:
    connection = sqlcipher.connect(str(path), check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlcipher.DatabaseError as error:
        connection.close()
        if "not a database" in str(error):
            raise Locked("数据文件无法用这把密钥打开：文件已损坏，或不是本程序的数据") from error
        raise
    for pragma in ("synchronous = FULL", "temp_store = MEMORY", "busy_timeout = 10000",
                   f"cache_size = -{_CACHE}", "secure_delete = ON"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _refuse_plain(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(len(_PLAIN_HEADER))
    except FileNotFoundError:
        return
    except OSError as error:
        raise KnownError("数据文件无法读取，请检查磁盘和文件权限") from error
    if header == _PLAIN_HEADER:
        raise Locked("数据文件没有加密，为保护居民信息不予打开。请联系信息管理人员")


def _refuse_unsafe(connection: sa.Connection) -> None:
    if not connection.exec_driver_sql("PRAGMA cipher_version").scalar():
        raise KnownError("程序缺少加密组件，为保护居民信息不能打开数据。请重新安装程序")
    version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar())
    if tuple(map(int, version.split("."))) < OLDEST_SQLITE:
        raise KnownError("程序的数据库组件版本过旧，可能丢失数据。请更新程序")


_SENTENCES = (
    ("disk is full", "磁盘已满，刚才的内容没有保存。请清理磁盘后再保存，输入的内容还在屏幕上"),
    ("readonly", "数据文件是只读的，刚才的内容没有保存。请检查文件夹权限后再保存一次"),
    ("locked", "数据文件正被另一个程序占用，刚才的内容没有保存。请关闭另一个窗口后再试"),
    ("malformed", "数据文件已损坏。请不要继续录入，联系信息管理人员从备份恢复"),
    ("not a database", "数据文件已损坏，或不是本程序的数据。请联系信息管理人员"),
    ("unable to open", "数据文件无法打开。请检查磁盘和文件夹权限"),
    ("disk i/o", "磁盘读写出错，刚才的内容没有保存。请检查磁盘后再试"),
)  # fmt: skip


@contextlib.contextmanager
def _plainly() -> Iterator[None]:
    """Say in a sentence what the disk or the file does; leave our own mistakes as they are."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        text = str(error.orig).lower()
        for sign, sentence in _SENTENCES:
            if sign in text:
                raise KnownError(sentence) from error
        raise
