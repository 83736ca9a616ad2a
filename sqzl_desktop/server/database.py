"""数据库: one SQLite file or one PostgreSQL database, and how it is read and written."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, exc

from sqzl_desktop.base.errors import KnownError

T = TypeVar("T")
LOCK_SECONDS = 2
_TRIES = 4
_AGAIN = ("40P01", "40001")  # PostgreSQL: deadlock, serialisation failure
_log = logging.getLogger(__name__)


class Busy(KnownError):
    """The database did not give a lock or a connection in time; asking again soon is right."""


class Database:
    """Where a server keeps everything."""

    def __init__(self, url: str, connections: int = 32) -> None:
        self._file_lock = threading.Lock()
        try:
            parsed = sa.make_url(url)
        except exc.ArgumentError as error:
            raise KnownError(_WRONG_URL) from error
        if parsed.drivername == "sqlite" and parsed.database:
            self._engine = _sqlite(parsed)
        elif parsed.drivername in ("postgresql", "postgresql+psycopg"):
            self._engine = _postgresql(parsed.set(drivername="postgresql+psycopg"), connections)
        else:
            raise KnownError(_WRONG_URL)
        self._is_file = parsed.drivername == "sqlite"
        self._reader = self._engine if self._is_file else _snapshots(self._engine)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection that sees one consistent state from its first query to its last."""
        with _busy_as_such(), self._reader.begin() as connection:
            yield connection

    def writing(self, work: Callable[[sa.Connection], T]) -> T:
        """Do `work` in one transaction; it may be run again from the start when another won."""
        for tries_left in reversed(range(_TRIES)):
            try:
                return self._write(work)
            except exc.DBAPIError as error:
                if not _worth_another_try(error):
                    raise
                if not tries_left:
                    raise Busy(_BUSY) from error
        raise AssertionError

    def _write(self, work: Callable[[sa.Connection], T]) -> T:
        with _busy_as_such(), self._turn(), self._engine.connect() as connection:
            begin = connection.execution_options(begin="BEGIN IMMEDIATE")
            with begin.begin():
                return work(begin)

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        # SQLite lets writers poll for its lock; ours wait in line instead
        if not self._is_file:
            yield
            return
        if not self._file_lock.acquire(timeout=LOCK_SECONDS):
            raise Busy(_BUSY)
        try:
            yield
        finally:
            self._file_lock.release()

    @property
    def in_use(self) -> int:
        """Connections that are doing something now."""
        pool = self._engine.pool
        return pool.checkedout() if isinstance(pool, sa.QueuePool) else 0

    def close(self) -> None:
        """Give every connection back."""
        self._engine.dispose()


_BUSY = "服务器正忙，请稍后再试"
_WRONG_URL = (
    "数据库地址无法识别，请写成 sqlite:///文件路径 或 postgresql+psycopg://用户@主机/数据库名"
)


def _sqlite(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=40,
        pool_timeout=LOCK_SECONDS,
        connect_args={"check_same_thread": False, "timeout": LOCK_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def _opened(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: sa.Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    return engine


_OPTIONS = (
    ("lock_timeout", f"{LOCK_SECONDS}s"),
    ("statement_timeout", "60s"),
    # a generic plan for long lists of ids reads whole tables: ten times slower
    ("plan_cache_mode", "force_custom_plan"),
)


def _postgresql(url: sa.URL, connections: int) -> sa.Engine:
    return sa.create_engine(
        url,
        hide_parameters=True,
        pool_size=max(connections // 2, 1),
        max_overflow=connections - max(connections // 2, 1),
        pool_timeout=LOCK_SECONDS,
        connect_args={"options": " ".join(f"-c {name}={value}" for name, value in _OPTIONS)},
    )


def _snapshots(engine: sa.Engine) -> sa.Engine:
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _worth_another_try(error: exc.DBAPIError) -> bool:
    return isinstance(error, exc.IntegrityError) or _state(error) in _AGAIN


def _state(error: exc.DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", "") or "")


@contextlib.contextmanager
def _busy_as_such() -> Iterator[None]:
    try:
        yield
    except exc.TimeoutError as error:
        raise Busy(_BUSY) from error
    except exc.OperationalError as error:
        if _state(error) in _AGAIN:
            raise
        name = str(getattr(error.orig, "sqlite_errorname", "") or _state(error))
        _log.warning("database refused: %s %s", type(error.orig).__name__, name)
        raise _sentence(name, type(error.orig).__module__) from error


def _sentence(name: str, module: str) -> KnownError:
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
        return KnownError("无法打开数据库文件，请检查路径和权限")
    if name in ("SQLITE_FULL", "53100"):
        return KnownError("服务器磁盘已满，请清理磁盘后重试")
    if not name and module.startswith("psycopg"):
        return KnownError("无法连接数据库，请检查数据库地址，并确认数据库服务已启动")
    return Busy(_BUSY)
