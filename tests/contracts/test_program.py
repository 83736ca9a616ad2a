"""The server as a program: started from the command line, over a real socket, stopped politely."""

import contextlib
import dataclasses
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
from sqzl_desktop.server.__main__ import main
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.migrations import migrate
from tests.city.make import make_city
from tests.contracts.backend import COMMUNITY, NORTH, PASSWORD, resident

HEADERS = {"Sqzl-Protocol": "1"}
PLACES = [
    (COMMUNITY, "community", COMMUNITY, {"community_id": COMMUNITY, "code": COMMUNITY}),
    (COMMUNITY, "grid", NORTH, {"community_id": COMMUNITY, "code": NORTH, "name": "第一网格"}),
]


@dataclasses.dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def here(capsys, monkeypatch):
    """Runs a command in this process: the same, without the second a new one takes."""

    def run_here(*arguments, password=PASSWORD):
        monkeypatch.setenv("SQZL_NEW_PASSWORD", password)
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as error:  # argparse leaves this way
            code = error.code
        return Done(code, *capsys.readouterr())

    return run_here


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


def add_zhang(url, *, by=run, name="张三", role="grid_worker", scope=NORTH, **more):
    return by("user", "add", name, "--role", role, "--scope", scope, "--database", url, **more)


@contextlib.contextmanager
def signed_in(address, enrolment=None):
    """A client with a token, and the enrolment it has it by."""
    with httpx.Client(base_url=address, headers=HEADERS) as client:
        if enrolment is None:
            asked = messages.EnrolRequest("张三", PASSWORD, "窗口电脑")
            answer = client.post("/v1/enrol", content=messages.encode(asked))
            enrolment = msgspec.json.decode(answer.content, type=messages.Enrolment)
        asked = messages.TokenRequest(enrolment.device, enrolment.secret)
        token = client.post("/v1/token", content=messages.encode(asked)).json()["access"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client, enrolment


def one_push(client):
    epoch = client.get(f"/v1/c/{COMMUNITY}/snapshot").json()["epoch"]
    operation = Operation(1, new_id(), "resident", new_id(), "put", "", resident())
    return messages.encode(messages.Push(epoch, "first", [operation]))


def rows_held(client):
    pieces = client.get(f"/v1/c/{COMMUNITY}/snapshot").json()["pieces"]
    return sum(rows for _id, _grid, rows, *_ in pieces)


def outcomes(client, push):
    answer = client.post(f"/v1/c/{COMMUNITY}/push", content=push)
    return [each["outcome"] for each in answer.json()["answers"]]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_program_serves_over_a_socket_and_stops_politely(loaded_url, tmp_path, stop):
    assert add_zhang(loaded_url).returncode == 0
    with serving(loaded_url, tmp_path / "cache") as (server, address):
        with signed_in(address) as (client, _):
            assert outcomes(client, one_push(client)) == ["applied"]
        server.send_signal(stop)
        assert server.wait(20) == 0


def test_acknowledged_push_outlives_a_killed_server(loaded_url, tmp_path):
    add_zhang(loaded_url)
    cache = tmp_path / "cache"
    with serving(loaded_url, cache) as (server, address), signed_in(address) as (client, known):
        push = one_push(client)
        assert outcomes(client, push) == ["applied"]
        server.kill()
        server.wait(20)

    with serving(loaded_url, cache) as (_, address), signed_in(address, known) as (client, _):
        assert rows_held(client) == len(PLACES) + 1
        assert outcomes(client, push) == ["applied"]
        assert rows_held(client) == len(PLACES) + 1


def test_city_is_loaded_from_its_folder(database_url, tmp_path):
    folder = tmp_path / "city"
    make_city(folder, size=60)

    first, second = (run("load", str(folder), "--database", database_url) for _ in range(2))

    assert (first.returncode, first.stderr) == (0, "")
    assert "更新0条，未变0条" in first.stdout
    assert "装载完成：新增0条，更新0条" in second.stdout


def test_user_is_added_listed_and_moved(loaded_url, here):
    added = add_zhang(loaded_url, by=here)
    assert (added.returncode, added.stderr) == (0, "")
    moved = here("user", "scope", "张三", "--scope", "640104", "--database", loaded_url)
    listed = here("user", "list", "--database", loaded_url)

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
def test_wrong_user_is_refused_with_a_sentence(loaded_url, here, change, code, sentence):
    done = add_zhang(loaded_url, by=here, **change)

    assert done.returncode == code
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_user_is_added_once(loaded_url, here):
    add_zhang(loaded_url, by=here)

    assert add_zhang(loaded_url, by=here).stderr == "账号“张三”已存在，请换一个账号名\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("serve", "--database", "mysql://x", "--listen", "127.0.0.1:0"), "数据库地址无法识别"),
        (("user", "list", "--database", "nonsense"), "数据库地址无法识别"),
        (("user", "list", "--database", "sqlite:////no/such/folder/x.db"), "无法打开"),
        (("load", "/no/such/folder", "--database", "{url}"), "没有文件夹"),
        (("serve", "--database", "{url}", "--listen", "here"), "监听地址"),
        (("device", "revoke", "x", "--database", "{url}"), "没有编号为“x”的在用设备"),
        (("user", "scope", "谁", "--scope", NORTH, "--database", "{url}"), "没有账号“谁”"),
    ],
)
def test_wrong_command_is_refused_with_a_sentence(loaded_url, here, arguments, sentence):
    by = run if arguments[0] == "serve" else here
    done = by(*(each.format(url=loaded_url) for each in arguments))

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_newer_database_is_refused(loaded_url, here):
    database = Database(loaded_url)
    database.writing(
        lambda connection: connection.exec_driver_sql(
            "UPDATE meta SET value = '99' WHERE name = 'schema'"
        )
    )
    database.close()

    done = here("user", "list", "--database", loaded_url)

    assert done.returncode == 1
    assert "请先更新服务器程序" in done.stderr


def test_first_syncs_are_prepared_ahead_of_time(loaded_url, tmp_path):
    add_zhang(loaded_url)
    done = run("prepare", "--database", loaded_url, "--cache", str(tmp_path / "cache"))
    files = {path.name for path in (tmp_path / "cache").iterdir()}

    assert (done.returncode, done.stderr) == (0, "")
    assert f"{COMMUNITY}：" in done.stdout
    with serving(loaded_url, tmp_path / "cache") as (_, address), signed_in(address) as (client, _):
        assert rows_held(client) == len(PLACES)
    assert {path.name for path in (tmp_path / "cache").iterdir()} == files
