"""执行: carry out one command; the exit codes."""

import argparse
import getpass
import os

from sqzl_desktop.base.errors import Invalid, Refused, UserError
from sqzl_desktop.cli.commands import COMMANDS
from sqzl_desktop.cli.main import SERVER_PASSWORD
from sqzl_desktop.cli.output import document, say
from sqzl_desktop.services.session import Opener, Session

PASSWORD = "SQZL_PASSWORD"


def run(args: argparse.Namespace, opener: Opener) -> int:
    """Carry out one command; returns the exit code."""
    try:
        if args.command == "enrol":
            return _enrol(args, opener)
        session = opener.unlock(args.data_dir, _password())
        try:
            if args.command == "sign-in":
                return _sign_in(session)
            return COMMANDS[args.command](session, args)
        finally:
            session.close()
    except Invalid as error:
        for field, sentence in error.problems.items():
            say(f"{field}：{sentence}")
        return 1
    except UserError as error:
        say(str(error))
        return 1


def _enrol(args: argparse.Namespace, opener: Opener) -> int:
    session = opener.enrol(
        args.data_dir,
        server=args.server,
        account=args.user,
        password=_password(),
        label=args.label,
        ca=args.ca,
    )
    actor = session.ws.actor
    session.close()
    if args.json:
        document(
            {"account": actor.account, "name": actor.name, "role": actor.role,
             "scope": actor.scope, "device": session.ws.device}
        )  # fmt: skip
    say(f"已登记：{actor.name}。请运行 sync 下载数据")
    return 0


def _sign_in(session: Session) -> int:
    session.sign_in(_password(SERVER_PASSWORD, "账号在服务器上的密码："))
    say("已重新登录，请运行 sync 继续同步")
    return 0


def _password(variable: str = PASSWORD, prompt: str = "密码：") -> str:
    given = os.environ.get(variable)
    if given is None:
        try:
            given = getpass.getpass(prompt)
        except (EOFError, KeyboardInterrupt) as error:
            raise Refused("没有输入密码") from error
    if not given:
        raise Refused("密码不能为空")
    return given
