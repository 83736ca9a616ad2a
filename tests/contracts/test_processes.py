"""Several server processes beside each other, over real sockets: nothing twice, nothing lost."""

import json
import os
import signal
import socket
import threading
from pathlib import Path

import httpx
import pytest

from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol import messages
from sqzl_desktop.protocol.messages import Operation
from sqzl_desktop.server import load
from sqzl_desktop.server.database import Database
from sqzl_desktop.server.migrations import migrate
from tests.contracts.backend import COMMUNITY, resident
from tests.contracts.test_program import PLACES, add_zhang, outcomes, rows_held, run, signed_in
from tests.served import served

pytestmark = pytest.mark.postgres
PUSHES = 20


@pytest.fixture
def url(postgres_url):
    database = Database(postgres_url)
    migrate(database)
    load.load(database, PLACES, SystemClock())
    database.close()
    assert add_zhang(postgres_url).returncode == 0
    return postgres_url


def free_ports():
    """The first of two free ports side by side."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def answered(port):
    """How many requests a process says it has answered."""
    lines = httpx.get(f"http://127.0.0.1:{port}/metrics").text.splitlines()
    return sum(int(line.rpartition(" ")[2]) for line in lines
               if line.startswith("sqzl_requests_total{"))  # fmt: skip


def children(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def pushes(client):
    """Pushes that a device makes one after the other."""
    epoch = client.get(f"/v1/c/{COMMUNITY}/snapshot").json()["epoch"]
    made = [
        Operation(n, new_id(), "resident", new_id(), "put", "", resident())
        for n in range(1, PUSHES + 1)
    ]
    return [messages.encode(messages.Push(epoch, "first", [each])) for each in made]


def test_pushes_that_alternate_between_servers_apply_once(url, tmp_path):
    with (
        served(url, tmp_path / "a") as first,
        served(url, tmp_path / "b") as second,
        signed_in(first.address) as (one, _),
        httpx.Client(base_url=second.address, headers=dict(one.headers)) as two,
    ):
        sides = (one, two)
        made = pushes(one)
        for number, push in enumerate(made):
            assert outcomes(sides[number % 2], push) == ["applied"]
        for number, push in enumerate(made):  # again, by the other one
            assert outcomes(sides[(number + 1) % 2], push) == ["applied"]

        assert [rows_held(each) for each in sides] == [len(PLACES) + PUSHES] * 2


def test_processes_share_the_work_outlive_one_and_stop_together(url, tmp_path):
    port = free_ports()
    more = ("--processes", "2", "--metrics", f"127.0.0.1:{port}")
    with served(url, tmp_path, *more) as server:
        with signed_in(server.address) as (client, _):
            made = pushes(client)
            for push in made:  # each on a connection of its own, so that both get some
                with httpx.Client(base_url=server.address, headers=dict(client.headers)) as other:
                    assert outcomes(other, push) == ["applied"]
            assert rows_held(client) == len(PLACES) + PUSHES
        figures = [answered(port), answered(port + 1)]
        assert min(figures) >= 0
        assert sum(figures) >= PUSHES

        fallen, standing = children(server.process.pid)
        os.kill(fallen, signal.SIGKILL)
        with httpx.Client(base_url=server.address, headers=dict(client.headers)) as other:
            assert outcomes(other, made[0]) == ["applied"]
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
        assert not Path(f"/proc/{standing}").exists()


def test_what_is_being_answered_is_answered_after_the_signal(url, tmp_path):
    with served(url, tmp_path) as server, signed_in(server.address) as (client, _):
        push = pushes(client)[0]
        database = Database(url)
        got = []

        def slow(connection):
            connection.exec_driver_sql("SELECT 1 FROM counter FOR UPDATE")
            asking = threading.Thread(target=lambda: got.append(outcomes(client, push)))
            asking.start()
            wait_until_blocked(url)
            server.process.send_signal(signal.SIGTERM)
            wait_until_refused(server.port)
            return asking

        database.writing(slow).join(20)
        database.close()
        assert server.process.wait(20) == 0
        assert got == [["applied"]]
    for line in (tmp_path / "server.log").read_text().splitlines():
        json.loads(line)


def test_open_streams_end_with_the_server(url, tmp_path):
    with served(url, tmp_path, "--processes", "2") as server:
        with signed_in(server.address) as (client, _):
            asked = f"/v1/events?communities={COMMUNITY}"
            with client.stream("GET", asked, timeout=30) as stream:
                pieces = stream.iter_raw()
                assert next(pieces)
                server.process.send_signal(signal.SIGTERM)
                list(pieces)  # to the end, which is no broken connection
        assert server.process.wait(20) == 0
    assert "Cancel" not in (tmp_path / "server.log").read_text()


def wait_until_blocked(url):
    """Until somebody waits for a lock of somebody else."""
    database = Database(url)
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    while True:
        with database.reading() as connection:
            if connection.exec_driver_sql(waiting).scalar():
                break
    database.close()


def wait_until_refused(port):
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
        except ConnectionRefusedError:
            return


@pytest.mark.parametrize(
    ("url_of", "processes", "sentence"),
    [("sqlite:////tmp/none.db", "2", "只能有一个进程"), ("postgresql://x", "99", "进程数应在")],
)
def test_number_of_processes_that_cannot_be_is_a_sentence(url_of, processes, sentence):
    done = run("serve", "--database", url_of, "--listen", "127.0.0.1:0", "--processes", processes)

    assert done.returncode == 1
    assert sentence in done.stderr
