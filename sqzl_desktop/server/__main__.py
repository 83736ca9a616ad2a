"""命令行: python -m sqzl_desktop.server serve · load · user · device."""

import argparse
import gc
import getpass
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sqzl_desktop.base import paths
from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.base.errors import KnownError, UserError
from sqzl_desktop.domain.access import ROLES
from sqzl_desktop.server import ahead, backup, commands, exchange, repair
from sqzl_desktop.server.accounts import Account
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.limits import RATES
from sqzl_desktop.server.migrations import migrate
from sqzl_desktop.server.settings import Settings
from sqzl_desktop.server.sweep import sweep

PASSWORD = "SQZL_NEW_PASSWORD"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 refused with a sentence, 2 not understood."""
    chosen = _parser().parse_args(arguments)
    os.umask(0o077)  # database and snapshots are for nobody else on this machine
    try:
        _run(chosen)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
    return 0


def _run(chosen: argparse.Namespace) -> None:
    if chosen.command == "serve":
        from sqzl_desktop.server.serve import serve  # the other commands start without uvicorn

        cache = chosen.cache or _beside(chosen.database, "snapshots")
        blobs = chosen.blobs or _beside(chosen.database, "blobs")
        rates = {} if chosen.no_limits else RATES
        settings = Settings(chosen.database, Path(cache), blobs=Path(blobs), rates=rates)
        serve(settings, chosen.listen, processes_wanted=chosen.processes, metrics=chosen.metrics)
        return
    database = Database(chosen.database)
    try:
        migrate(database)
        for line in _COMMANDS[chosen.command](database, chosen):
            print(line, flush=True)
    finally:
        database.close()


def _prepare(database: Database, chosen: argparse.Namespace) -> Iterator[str]:
    cache = Path(chosen.cache or _beside(chosen.database, "snapshots"))
    if not chosen.follow:
        return commands.prepare(database, cache)
    ahead.last_as_long_as_parent()
    ahead.follow(database, cache, threading.Event().wait)
    return iter(())


def _sweep(database: Database, chosen: argparse.Namespace) -> Iterator[str]:
    blobs = Path(chosen.blobs or _beside(chosen.database, "blobs"))
    yield sweep(database, blobs, days=chosen.days)


def _back_up(database: Database, chosen: argparse.Namespace) -> Iterator[str]:
    yield backup.back_up(database, Path(chosen.file), SystemClock())


def _restore(database: Database, chosen: argparse.Namespace) -> Iterator[str]:
    yield backup.restore(database, Path(chosen.file), replace=chosen.replace)


def _unpack(database: Database, chosen: argparse.Namespace) -> Iterator[str]:
    settings = Settings(chosen.database, Path(_beside(chosen.database, "snapshots")))
    problems = []
    for name in chosen.files:
        try:
            yield exchange.unpack_file(
                database, Path(name), settings, with_updates=chosen.with_updates
            )
        except UserError as error:
            problems.append(f"{Path(name).name}：{error}")
    if problems:
        raise KnownError("\n".join(problems))


def _load(database: Database, chosen: argparse.Namespace) -> Iterator[str]:
    from sqzl_desktop.server import city, load  # readers of spreadsheets are slow to import

    folder = Path(chosen.folder)
    if not folder.is_dir():
        raise KnownError(f"没有文件夹“{folder}”，请检查路径")
    gc.disable()  # a load makes millions of small values and no cycles: a third faster without
    counts = load.load(database, city.read_city(folder), SystemClock(), report=print)
    yield counts.sentence


def _user(database: Database, chosen: argparse.Namespace) -> Iterator[str]:
    if chosen.action == "add":
        account = Account(chosen.name, chosen.display or chosen.name, chosen.role,
                          _codes(chosen.scope), 1, False)  # fmt: skip
        yield commands.add_user(database, account, _new_password())
    elif chosen.action == "scope":
        yield commands.set_scope(database, chosen.name, _codes(chosen.scope), SystemClock())
    else:
        yield from commands.user_lines(database)


def _device(database: Database, chosen: argparse.Namespace) -> Iterator[str]:
    if chosen.action == "revoke":
        yield commands.revoke_device(database, chosen.id, SystemClock(), wipe=chosen.wipe)
    elif chosen.action == "lease":
        yield commands.set_lease(database, chosen.days)
    elif chosen.action == "quarantine":
        yield from commands.quarantine_lines(database)
    elif chosen.action == "overdue":
        yield from commands.overdue_lines(database, SystemClock(), chosen.days)
    else:
        yield from commands.device_lines(database, SystemClock())


def _diverged(database: Database, _chosen: argparse.Namespace) -> Iterator[str]:
    return iter(repair.divergence_lines(database))


_COMMANDS: dict[str, Callable[[Database, argparse.Namespace], Iterator[str]]] = {
    "load": _load,
    "prepare": _prepare,
    "user": _user,
    "device": _device,
    "backup": _back_up,
    "restore": _restore,
    "sweep": _sweep,
    "unpack": _unpack,
    "diverged": _diverged,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sqzl-server", description="社区治理服务器")
    of_database = argparse.ArgumentParser(add_help=False)
    of_database.add_argument(
        "--database", required=True, metavar="URL",
        help="sqlite:///文件路径 或 postgresql+psycopg://用户@主机/数据库名",
    )  # fmt: skip
    shared = [of_database]
    commands_of = parser.add_subparsers(dest="command", required=True)
    serving = commands_of.add_parser("serve", parents=shared, help="启动服务")
    serving.add_argument("--listen", default="127.0.0.1:8640", metavar="HOST:PORT")
    serving.add_argument("--cache", metavar="DIR", help="存放快照文件的文件夹")
    serving.add_argument("--blobs", metavar="DIR", help="存放照片和文件的文件夹，与数据库一起备份")
    serving.add_argument("--processes", type=int, default=1, metavar="N", help="进程数")
    serving.add_argument("--metrics", default="", metavar="HOST:PORT", help="指标的监听地址")
    serving.add_argument("--no-limits", action="store_true", help="不限速，仅供压力测试")
    loading = commands_of.add_parser("load", parents=shared, help="装载一个城市的数据")
    loading.add_argument("folder", metavar="DIR")
    commands_of.add_parser("diverged", parents=shared, help="列出数据核对不一致的设备")
    saving = commands_of.add_parser("backup", parents=shared, help="备份并核对")
    saving.add_argument("file", metavar="FILE")
    restoring = commands_of.add_parser("restore", parents=shared, help="从备份恢复")
    restoring.add_argument("file", metavar="FILE")
    restoring.add_argument("--replace", action="store_true", help="替换数据库里已有的资料")
    user = commands_of.add_parser("user", help="账号").add_subparsers(dest="action", required=True)
    adding = user.add_parser("add", parents=shared, help=f"建立账号；密码取自{PASSWORD}或键盘输入")
    adding.add_argument("name")
    adding.add_argument("--role", required=True, choices=ROLES)
    adding.add_argument("--scope", required=True, metavar="CODE[,CODE]")
    adding.add_argument("--display", metavar="姓名")
    user.add_parser("list", parents=shared, help="列出账号")
    entrusting = user.add_parser("scope", parents=shared, help="调整账号的范围")
    entrusting.add_argument("name")
    entrusting.add_argument("--scope", required=True, metavar="CODE[,CODE]")
    _add_upkeep(commands_of, shared)
    _add_device(commands_of, shared)
    unpacking = commands_of.add_parser("unpack", parents=shared, help="读入U盘上的数据包")
    unpacking.add_argument("files", nargs="+", metavar="FILE")
    unpacking.add_argument("--with-updates", action="store_true", help="回执里带上该设备缺的更新")
    return parser


def _add_upkeep(commands_of: "argparse._SubParsersAction[argparse.ArgumentParser]",
                shared: list[argparse.ArgumentParser]) -> None:  # fmt: skip
    sweeping = commands_of.add_parser("sweep", parents=shared, help="清理不再使用的附件")
    sweeping.add_argument("--blobs", metavar="DIR", help="存放照片和文件的文件夹")
    sweeping.add_argument("--days", type=int, default=30, help="多少天以前的才清理")
    preparing = commands_of.add_parser("prepare", parents=shared, help="预先制作首次同步的文件")
    preparing.add_argument("--cache", metavar="DIR", help="存放快照文件的文件夹，与 serve 相同")
    preparing.add_argument("--follow", action="store_true", help="由 serve 启动：随改动不断制作")


def _add_device(commands_of: "argparse._SubParsersAction[argparse.ArgumentParser]",
                shared: Sequence[argparse.ArgumentParser]) -> None:  # fmt: skip
    device = commands_of.add_parser("device", help="设备").add_subparsers(
        dest="action", required=True
    )
    device.add_parser("list", parents=shared, help="列出设备")
    overdue = device.add_parser(
        "overdue", parents=shared, help="列出范围调整后未确认清除本机数据的设备"
    )
    overdue.add_argument("--days", type=int, default=0, metavar="N", help="已等N天或更久的")
    lease = device.add_parser("lease", parents=shared, help="本机数据不连服务器最多能打开几天")
    lease.add_argument("days", type=int, metavar="DAYS")
    revoking = device.add_parser("revoke", parents=shared, help="停用设备")
    revoking.add_argument("id")
    revoking.add_argument("--wipe", action="store_true", help="并令其交出未上报内容后销毁本机数据")
    device.add_parser("quarantine", parents=shared, help="列出停用设备交出的未上报内容")


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.replace("，", ",").split(",") if code.strip())


def _new_password() -> str:
    given = os.environ.get(PASSWORD)
    if given is not None:
        return given
    first = getpass.getpass("新密码：")
    if first != getpass.getpass("再输入一次："):
        raise KnownError("两次输入的密码不一样，请重新执行")
    return first


def _beside(database: str, name: str) -> str:
    """A folder beside an SQLite file, else in the data folder of whoever runs the server."""
    if database.startswith("sqlite:///"):
        return f"{database.removeprefix('sqlite:///')}.{name}"
    return str(paths.data_dir() / name)


if __name__ == "__main__":
    sys.exit(main())
