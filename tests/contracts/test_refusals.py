"""Requests that nobody honest sends: each gets a sentence, none a traceback or much memory."""

import msgspec
import pytest
import zstandard

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import MOST_COMPRESSED, MOST_EXPANDED, Problem
from sqzl_desktop.protocol.version import HEADER, PROTOCOL
from tests.contracts.backend import COMMUNITY, PASSWORD, resident

PUSH = f"/v1/c/{COMMUNITY}/push"
PULL = f"/v1/c/{COMMUNITY}/pull"


def problem(answer):
    refusal = msgspec.json.decode(answer.content, type=Problem)
    assert any("\u4e00" <= character <= "\u9fff" for character in refusal.sentence)
    assert "Traceback" not in answer.text
    return answer.status_code, refusal.code


def nested(depth):
    return b'{"a":' * depth + b"1" + b"}" * depth


def envelope(fields):
    return (
        b'{"epoch":"","incarnation":"i","operations":[{"n":1,"id":"o","kind":"resident",'
        b'"record":"r","action":"put","made_at":"","fields":' + fields + b"}]}"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"epoch":1}',
        envelope(b"7"),
        envelope(nested(33)),
        envelope(nested(5_000)),
        envelope(nested(300_000)),
        b"[" * 1_000_000,
        envelope(b"{}").replace(b'"n":1', b'"n":0'),
        envelope(b"{}").replace(b'"n":1', b'"n":99999999999999999999999'),
        envelope(b"{}").replace(b'"o"', b'"\\u0000"'),
        envelope(b"{}").replace(b'"r"', b'"' + b"r" * 65 + b'"'),
        envelope(b"{}").replace(b'"r"', b'"../etc/passwd"'),
        envelope(b"{}").replace(b'"put"', b'"drop"'),
    ],
)
def test_malformed_push_is_a_400(worker, content):
    assert problem(worker.ask("POST", PUSH, content=content)) == (400, "MALFORMED")


def test_push_of_too_many_operations_is_a_413(worker):
    operations = [worker.put("resident", new_id(), resident()) for _ in range(501)]

    assert problem(worker.send(*operations)) == (413, "TOO_LARGE")


def test_operations_that_share_an_id_are_malformed(worker):
    one = worker.put("resident", new_id(), resident())
    two = worker.put("resident", new_id(), resident(), id=one.id)

    assert problem(worker.send(one, two)) == (400, "MALFORMED")


def test_body_that_is_too_long_is_a_413(worker):
    plain = worker.ask("POST", PUSH, content=b" " * (MOST_EXPANDED + 1))
    packed = worker.ask(
        "POST", PUSH, content=b" " * (MOST_COMPRESSED + 1), headers={"Content-Encoding": "zstd"}
    )

    assert problem(plain) == problem(packed) == (413, "TOO_LARGE")


def test_bomb_is_a_413_before_it_unfolds(worker):
    bomb = zstandard.compress(b" " * (200 << 20))
    assert len(bomb) < MOST_COMPRESSED

    answer = worker.ask("POST", PUSH, content=bomb, headers={"Content-Encoding": "zstd"})

    assert problem(answer) == (413, "TOO_LARGE")


@pytest.mark.parametrize(
    ("content", "encoding", "expected"),
    [
        (b"not zstd", "zstd", (400, "MALFORMED")),
        (zstandard.compress(b"{}" * 100)[:-3], "zstd", (400, "MALFORMED")),
        (b"{}", "gzip", (415, "ENCODING")),
        (b"{}", "zstd, zstd", (415, "ENCODING")),
    ],
)
def test_wrong_compression_is_refused(worker, content, encoding, expected):
    answer = worker.ask("POST", PUSH, content=content, headers={"Content-Encoding": encoding})

    assert problem(answer) == expected


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "99", "\uff19", "1" * 400])
def test_other_protocol_version_is_refused_with_the_side_to_update(worker, number):
    answer = worker.ask("GET", "/v1/me", headers={HEADER: number.encode()})

    assert problem(answer) == (426, "PROTOCOL")
    assert answer.headers[HEADER] == str(PROTOCOL)
    assert "更新" in answer.text


@pytest.mark.parametrize(
    "query", [{"since": "-1"}, {"since": "x"}, {"limit": "1e3"}, {"scope": "9" * 40}]
)
def test_pull_with_a_wrong_number_is_a_400(worker, query):
    assert problem(worker.ask("GET", PULL, params=query)) == (400, "MALFORMED")


def test_every_address_but_three_asks_for_a_token(backend):
    """Fails for a new address that nobody thought about."""
    public = set()
    said = {"attachment": "x", "offset": "0", "size": "1", "grid": "", "parts": "0"}
    for route in backend.app.routes:
        path = route.path.format(community=COMMUNITY, kind="resident", id="x", sha="0" * 64)
        for method in route.methods - {"HEAD"}:
            headers = {HEADER: str(PROTOCOL)}
            answer = backend.ask(method, path, headers=headers, content=b"{}", params=said)
            if answer.status_code != 401:
                public.add((method, route.path))

    assert public == {("GET", "/health"), ("POST", "/v1/enrol"), ("POST", "/v1/token")}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/me"),
        ("GET", PULL),
        ("POST", PUSH),
        ("GET", f"/v1/c/{COMMUNITY}/snapshot"),
        ("GET", f"/v1/c/{COMMUNITY}/history/resident/x"),
        ("GET", "/v1/snapshots/" + "0" * 32),
    ],
)
@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer x", "Basic eDp5"])
def test_nothing_is_answered_without_a_token(backend, method, path, authorization):
    headers = {HEADER: str(PROTOCOL)}
    if authorization is not None:
        headers["Authorization"] = authorization

    answer = backend.ask(method, path, headers=headers)

    assert problem(answer) == (401, "TOKEN")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v1/enrol", 405),
        ("DELETE", "/v1/me", 405),
        ("GET", "/v2/me", 404),
        ("GET", "/docs", 404),
    ],
)
def test_unlisted_address_is_refused(worker, method, path, status):
    assert problem(worker.ask(method, path)) == (status, "UNKNOWN")


@pytest.mark.parametrize(
    "community",
    ["", "1", "64010400100x", "\uff16" * 12, "6401040010010", "%00", "'--"],
)
def test_strange_community_is_refused(worker, community):
    answer = worker.ask("GET", f"/v1/c/{community}/pull", params={"scope": 1})

    assert problem(answer) in ((403, "FORBIDDEN"), (404, "UNKNOWN"))


@pytest.mark.parametrize("record", ["'; DROP TABLE record; --", "%00", "x" * 5000, "../../meta"])
def test_strange_record_is_not_found(worker, record):
    answer = worker.ask("GET", f"/v1/c/{COMMUNITY}/history/resident/{record}")

    assert problem(answer)[0] == 404


def test_password_is_never_repeated_in_an_answer(backend):
    backend.account("张三")
    content = msgspec.json.encode({"account": "张三", "password": PASSWORD + "!", "label": ""})
    answer = backend.ask("POST", "/v1/enrol", content=content, headers={HEADER: "1"})

    assert problem(answer) == (401, "PASSWORD")
    assert PASSWORD not in answer.text


def test_busy_database_is_a_503_with_a_time(backend, worker):
    put = worker.put("resident", new_id(), resident())
    worker.known_epoch()

    def while_locked(connection):
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE record IN ACCESS EXCLUSIVE MODE")
        return worker.send(put)

    answer = backend.database.writing(while_locked)

    assert problem(answer) == (503, "BUSY")
    assert int(answer.headers["Retry-After"]) > 0
    assert worker.outcomes(put) == ["applied"]


@pytest.mark.parametrize("text", ["\0", "a\nb", "长" * 201])
def test_strange_account_is_malformed(backend, text):
    content = msgspec.json.encode({"account": text, "password": "x", "label": ""})
    answer = backend.ask("POST", "/v1/enrol", content=content, headers={HEADER: "1"})

    assert problem(answer) == (400, "MALFORMED")


@pytest.mark.parametrize(
    "wrong", [{"sex": "\0"}, {"name": "王\0"}, {"remark": "\0"}, {"grid_id": "\0"}]
)
def test_text_no_database_takes_is_rejected_alone(worker, wrong):
    bad = worker.put("resident", new_id(), resident(**wrong))
    good = worker.put("resident", new_id(), resident(blood="\0"))

    assert worker.outcomes(bad, good)[1] == "applied"
    assert worker.outcomes(bad)[0] in ("rejected", "held")
    worker.pull()
    assert worker.recomputed() == worker.digests
