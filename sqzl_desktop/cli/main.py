"""入口: the words of the command line. What they do is imported only where there is a command."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from sqzl_desktop import __version__
from sqzl_desktop.base import paths
from sqzl_desktop.cli.move_names import MOVES

SERVER_PASSWORD = "SQZL_SERVER_PASSWORD"


def parser() -> argparse.ArgumentParser:
    """The whole command line. Without a command the window is opened."""
    top = argparse.ArgumentParser(prog="main.py", description="社区治理")
    top.add_argument("--version", action="version", version=__version__)
    top.add_argument("--data-dir", type=Path, default=paths.data_dir(), help="数据文件夹")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    enrol = commands.add_parser("enrol", help="在这台电脑上首次登录")
    enrol.add_argument("--server", required=True)
    enrol.add_argument("--user", required=True)
    enrol.add_argument("--label", default="", help="这台电脑叫什么")
    enrol.add_argument("--ca", default="", metavar="FILE", help="单位自己的证书机构的 CA 证书")
    enrol.add_argument("--json", action="store_true")
    syncing = _add(commands, "sync", "同步一次")
    syncing.add_argument("--accept-removals", action="store_true", help="允许移除大量资料")
    _add(commands, "pack", "把未上报的内容写成文件，用U盘带给服务器", "OUT")
    receipt = _add(commands, "unpack", "读取服务器的回执文件", "RECEIPT")
    receipt.add_argument("--accept-removals", action="store_true", help="允许移除大量资料")
    commands.add_parser("sign-in", help=f"重新登录服务器；密码取自{SERVER_PASSWORD}或键盘输入")
    _add(commands, "status", "同步状态和记录数")
    listed = _add(commands, "conflicts", "待处理的冲突")
    listed.add_argument("--settled", action="store_true", help="已处理的冲突，谁选了什么")
    _add(commands, "pending", "被退回的修改和原因")
    _add(commands, "handovers", "移交箱里待处理的内容")
    _add(commands, "check", "检查数据完整性")
    _add_reading(commands)
    _add_writing(commands)
    _add_files(commands)
    return top


def _add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str,
         *positional: str) -> argparse.ArgumentParser:  # fmt: skip
    command = commands.add_parser(name, help=text)
    for each in positional:
        command.add_argument(each.lower(), metavar=each)
    command.add_argument("--json", action="store_true", help="标准输出为一个 JSON 文档")
    return command


def _add_reading(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    listed = _add(commands, "list", "列出记录", "KIND")
    listed.add_argument("--where", action="append", default=[], metavar="FIELD=VALUE")
    listed.add_argument("--limit", type=int)
    shown = _add(commands, "show", "显示一条记录", "KIND", "ID")
    for command in (listed, shown):
        command.add_argument("--reveal", action="store_true", help="显示敏感信息，会记入审计")
    checked = _add(commands, "quality", "资料里有什么不对、什么到期")
    checked.add_argument("--check", default="", metavar="NAME", help="列出一项检查找到的记录")
    counted = _add(commands, "stats", "社区或网格的统计")
    counted.add_argument("--place", default="", metavar="CODE", help="社区或网格代码")
    counted.add_argument("--day", default="", metavar="DATE", help="截至哪一天，如 2026-06-30")
    counted.add_argument("--month", default="", metavar="MONTH", help="案件月报，如 2026-06")
    counted.add_argument("--out", default="", metavar="FILE", help="写成 .pdf、.xlsx 或 .csv")
    told = _add(commands, "history", "一条记录的变更历史", "KIND", "ID")
    told.add_argument("--timeline", action="store_true", help="案件的办理时间线")
    found = _add(commands, "find", "全文查找", "TEXT")
    found.add_argument("--kind")
    found.add_argument("--limit", type=int)


def _add_writing(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    pairs = {"nargs": "*", "default": [], "metavar": "FIELD=VALUE"}
    _add(commands, "new", "登记一条记录", "KIND").add_argument("values", **pairs)  # type: ignore[arg-type]
    _add(commands, "edit", "修改一条记录", "KIND", "ID").add_argument("values", **pairs)  # type: ignore[arg-type]
    _add(commands, "delete", "删除一条记录", "KIND", "ID")
    _add(commands, "do", "办理一个步骤", "KIND", "ID", "STEP").add_argument("values", **pairs)  # type: ignore[arg-type]
    _add_moves(commands)
    _add_deciding(commands)


def _add_moves(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    moving = _add(commands, "move", "一次变动：出生、死亡、迁入、迁出、分户等")
    moving.add_argument("move", metavar="MOVE", choices=MOVES, help="、".join(MOVES))
    moving.add_argument("id", metavar="ID", nargs="+", help="居民；head、join 为户，sold 等为房屋")
    moving.add_argument("--on", default="", metavar="DATE", help="哪一天，不写是今天")
    for name, text in (("to", "迁往何处"), ("head", "新的户主"), ("dwelling", "房屋"),
                       ("stay", "居住方式"), ("household", "加入的户；new 是单独立户"),
                       ("name", "孩子姓名，或产权人"), ("sex", "孩子性别")):  # fmt: skip
        moving.add_argument(f"--{name}", default="", help=text)
    moving.add_argument("--vacant", action="store_true", help="搬空后把房屋标为空置")
    _add(commands, "undo", "撤销一次变动或合并", "GROUP")
    merging = _add(commands, "merge", "合并同一人的几条居民记录，保留第一条", "KEPT")
    merging.add_argument("others", metavar="OTHER", nargs="+")


def _add_deciding(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    settle = _add(commands, "settle", "处理冲突")
    _add(commands, "accept", "接受一项移交", "ID")
    declining = _add(commands, "decline", "谢绝一项移交", "ID")
    declining.add_argument("--reason", required=True)
    settle.add_argument("--keep", required=True, choices=("standing", "other"))
    several = (settle, _add(commands, "reopen", "撤销对冲突的选择"),
               _add(commands, "giveup", "放弃被退回的修改"))  # fmt: skip
    for command in several:
        command.add_argument("id", metavar="ID", nargs="+")
    again = _add(commands, "reoffer", "重新上报被退回的修改，可同时更正", "ID")
    again.add_argument("values", nargs="*", default=[], metavar="FIELD=VALUE")


def _add_files(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    imported = _add(commands, "import", "导入表格", "KIND", "FILE")
    imported.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    imported.add_argument("--report", metavar="FILE.csv", help="逐行结果写到这个文件")
    imported.add_argument("--grid", help="住址对不上的行归入这个网格（编码），住址记入备注")
    exported = _add(commands, "export", "导出表格", "KIND", "FILE")
    exported.add_argument("--reveal", action="store_true", help="导出敏感信息，会记入审计")
    exported.add_argument("--reason", help="导出敏感信息的事由")
    printed = _add(commands, "print", "生成文书 PDF", "FORM", "ID")
    printed.add_argument("--out", required=True, metavar="FILE.pdf")


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments; exits with 2 and a usage line where they are wrong."""
    return parser().parse_args(argv)
