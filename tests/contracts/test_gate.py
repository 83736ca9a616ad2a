"""What every request passes: limits, room, figures and a log without anything of a resident."""

import asyncio
import json
import logging

import msgspec
import pytest

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import Problem
from sqzl_desktop.server import gate
from sqzl_desktop.server.limits import Limits, Rate
from tests.contracts.backend import COMMUNITY, resident

CANARIES = ("金丝雀", "640102199003070014", "13912345678")


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, logger="sqzl_desktop.server")
    return caplog


def requests(log):
    return [each.facts for each in log.records if hasattr(each, "facts")]


def problem(answer):
    return msgspec.json.decode(answer.content, type=Problem)


def test_a_request_is_one_line_with_its_template(worker, log):
    record = new_id()
    worker.outcomes(worker.put("resident", record, resident()))
    log.clear()

    assert worker.ask("GET", f"/v1/c/{COMMUNITY}/history/resident/{record}").status_code == 200

    [line] = requests(log)
    assert line["route"] == "/v1/c/{community}/history/{kind}/{id}"
    assert (line["method"], line["status"], line["community"]) == ("GET", 200, COMMUNITY)
    assert line["device"] == worker.enrolment.code
    assert line["bytes"] > 0
    assert line["code"] == ""


def test_log_and_figures_keep_nothing_of_a_resident_or_a_secret(backend, worker, log):
    name, number, phone = CANARIES
    record = new_id()
    put = worker.put("resident", record, resident(name=name, id_number=number, phone=phone))
    worker.outcomes(put)
    worker.outcomes(worker.put("resident", new_id(), {"name": name, "id_number": phone}))
    worker.pull()
    for path in (f"/v1/c/{name}/pull?since={number}", f"/v1/{phone}?{name}", f"/{number}"):
        worker.ask("GET", path)
    worker.ask("GET", f"/v1/c/{COMMUNITY}/history/resident/{number}")
    worker.ask("POST", "/v1/enrol", content=json.dumps({"account": name, "password": number}))
    worker.ask("BREW" + phone, "/health", headers={"User-Agent": name.encode()})

    written = json.dumps([each.__dict__ for each in log.records], default=str, ensure_ascii=False)
    told = backend.app.state.metrics.text()
    token = worker.headers["Authorization"].removeprefix("Bearer ")
    secrets = (token, worker.enrolment.secret, worker.enrolment.device, record, "张三")
    for canary in (*CANARIES, *secrets):
        assert canary not in written
        assert canary not in told


def test_figures_count_operations_rows_and_refusals(backend, worker):
    record = new_id()
    worker.load_snapshot()
    put = worker.put("resident", record, resident())
    worker.outcomes(put)
    worker.outcomes(put)
    worker.pull()
    backend.ask("GET", "/v1/me", headers={"Sqzl-Protocol": "1"})
    told = backend.app.state.metrics.text().splitlines()

    assert 'sqzl_operations_total{outcome="applied"} 2' in told
    assert "sqzl_rows_pulled_total 1" in told
    assert 'sqzl_refusals_total{code="TOKEN"} 1' in told
    push = 'method="POST",route="/v1/c/{community}/push",status="200"'
    assert f"sqzl_requests_total{{{push}}} 2" in told
    assert "sqzl_connections_in_use 0" in told
    assert "sqzl_requests_in_work 0" in told


def test_device_that_asks_too_often_waits_and_others_do_not(backend):
    hasty, other = backend.device("张三"), backend.device("李四")
    routes = backend.app.routes[0].endpoint.__closure__[0].cell_contents.__self__
    routes.limits = Limits({"read": Rate(2, 0.1)}, lambda: 0.0)

    answers = [hasty.ask("GET", "/v1/me") for _ in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert problem(answers[-1]).code == "WAIT"
    assert answers[-1].headers["Retry-After"] == "10"
    assert other.ask("GET", "/v1/me").status_code == 200


def test_morning_of_eighty_pushes_in_a_row_passes(worker):
    operation = worker.put("resident", new_id(), resident())

    assert {worker.send(operation).status_code for _ in range(80)} == {200}


def test_full_house_is_said_at_once_and_health_answers(backend, worker, monkeypatch):
    monkeypatch.setattr(gate, "MOST_IN_WORK", 0)

    answer = worker.ask("GET", "/v1/me")

    assert (answer.status_code, problem(answer).code) == (503, "BUSY")
    assert int(answer.headers["Retry-After"]) > 0
    assert backend.ask("GET", "/health").json() == {"status": "ok"}


def test_broken_connection_frees_its_room(backend):
    async def broken():
        async def receive():
            return {"type": "http.disconnect"}

        async def send(_message):
            raise OSError

        scope = {"type": "http", "method": "GET", "path": "/v1/me", "headers": [],
                 "query_string": b"", "root_path": "", "scheme": "http", "server": ("x", 80),
                 "client": ("y", 1), "http_version": "1.1", "raw_path": b"/v1/me"}  # fmt: skip
        with pytest.raises(OSError):  # noqa: PT011 - ours, without a text
            await backend.app(scope, receive, send)

    asyncio.run_coroutine_threadsafe(broken(), backend.loop).result(10)

    assert "sqzl_requests_in_work 0" in backend.app.state.metrics.text().splitlines()
