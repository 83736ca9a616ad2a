"""The server as a program: started from the command line, over a real socket, stopped politely."""

import contextlib
import os
import signal
import subprocess
import sys

import httpx
import msgspec
import pytest

from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol import messages
from sqzl_desktop.protocol.messages import Operation
from sqzl_desktop.server import load
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.migrations import migrate
from tests.contracts.backend import COMMUNITY, NORTH, PASSWORD, resident

HEADERS = {"Sqzl-Protocol": "1"}
PLACES = [
    (COMMUNITY, "community", COMMUNITY, {"community_id": COMMUNITY, "code": COMMUNITY}),
    (COMMUNITY, "grid", NORTH, {"community_id": COMMUNITY, "code": NORTH, "name": "第一网格"}),
]


def run(*arguments, password=PASSWORD):
    return subprocess.run(
        [sys.executable, "-m", "sqzl_desktop.server", *arguments],
        capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "SQZL_NEW_PASSWORD": password},
    )  # fmt: skip


@contextlib.contextmanager
def serving(url, cache):
    command = [sys.executable, "-m", "sqzl_desktop.server", "serve", "--database", url]
    with subprocess.Popen(
        [*command, "--listen", "127.0.0.1:0", "--cache", str(cache)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as server:  # fmt: skip
        try:
            line = server.stdout.readline()
            assert line.startswith("正在监听 http://127.0.0.1:")
            yield server, line.split()[1]
        finally:
            server.kill()


@pytest.fixture
def loaded_url(database_url):
    database = Database(database_url)
    migrate(database)
    load.load(database, PLACES, SystemClock())
    database.close()
    return database_url


def add_zhang(url, *, name="张三", role="grid_worker", scope=NORTH, **more):
    return run("user", "add", name, "--role", role, "--scope", scope, "--database", url, **more)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_program_serves_over_a_socket_and_stops_politely(loaded_url, tmp_path, stop):
    assert add_zhang(loaded_url).returncode == 0
    with serving(loaded_url, tmp_path / "cache") as (server, address):
        with httpx.Client(base_url=address, headers=HEADERS) as client:
            asked = messages.EnrolRequest("张三", PASSWORD, "窗口电脑")
            answer = client.post("/v1/enrol", content=messages.encode(asked))
            enrolment = msgspec.json.decode(answer.content, type=messages.Enrolment)
            asked = messages.TokenRequest(enrolment.device, enrolment.secret)
            token = client.post("/v1/token", content=messages.encode(asked)).json()["access"]
            client.headers["Authorization"] = f"Bearer {token}"
            offer = client.get(f"/v1/c/{COMMUNITY}/snapshot").json()
            operation = Operation(1, new_id(), "resident", new_id(), "put", "", resident())
            push = messages.Push(offer["epoch"], "first", [operation])
            answer = client.post(f"/v1/c/{COMMUNITY}/push", content=messages.encode(push))
            assert [each["outcome"] for each in answer.json()["answers"]] == ["applied"]
        server.send_signal(stop)
        assert server.wait(20) == 0


def test_user_is_added_listed_and_moved(loaded_url):
    added = add_zhang(loaded_url)
    assert (added.returncode, added.stderr) == (0, "")
    moved = run("user", "scope", "张三", "--scope", "640104", "--database", loaded_url)
    listed = run("user", "list", "--database", loaded_url)

    assert "第2版" in moved.stdout
    assert listed.stdout == "张三\t张三\t网格员\t640104\t在用\n"


@pytest.mark.parametrize(
    ("change", "code", "sentence"),
    [
        ({"scope": f"{COMMUNITY}777"}, 1, "不在已装载的社区和网格中"),
        ({"scope": "11"}, 1, "不在已装载的社区和网格中"),
        ({"scope": ""}, 1, "请写明账号的范围"),
        ({"password": "short"}, 1, "密码太短"),
        ({"name": "zhangsan", "password": "zhangsan1"}, 1, "不能包含账号名"),
        ({"role": "king"}, 2, "invalid choice"),
    ],
)
def test_wrong_user_is_refused_with_a_sentence(loaded_url, change, code, sentence):
    done = add_zhang(loaded_url, **change)

    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_user_is_added_once(loaded_url):
    add_zhang(loaded_url)

    assert add_zhang(loaded_url).stderr == "账号“张三”已存在，请换一个账号名\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("serve", "--database", "mysql://x", "--listen", "127.0.0.1:0"), "数据库地址无法识别"),
        (("serve", "--database", "nonsense"), "数据库地址无法识别"),
        (("serve", "--database", "sqlite:////no/such/folder/x.db"), "无法打开"),
        (("load", "/no/such/folder", "--database", "{url}"), "没有文件夹"),
        (("serve", "--database", "{url}", "--listen", "here"), "监听地址"),
        (("device", "revoke", "x", "--database", "{url}"), "没有编号为“x”的在用设备"),
        (("user", "scope", "谁", "--scope", NORTH, "--database", "{url}"), "没有账号“谁”"),
    ],
)
def test_wrong_command_is_refused_with_a_sentence(loaded_url, arguments, sentence):
    done = run(*(each.format(url=loaded_url) for each in arguments))

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_newer_database_is_refused(loaded_url):
    database = Database(loaded_url)
    database.writing(
        lambda connection: connection.exec_driver_sql(
            "UPDATE meta SET value = '99' WHERE name = 'schema'"
        )
    )
    database.close()

    done = run("user", "list", "--database", loaded_url)

    assert done.returncode == 1
    assert "请先更新服务器程序" in done.stderr
