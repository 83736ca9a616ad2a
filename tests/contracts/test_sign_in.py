import msgspec
import pytest

from sqzl_desktop.domain import numbering
from sqzl_desktop.protocol.messages import EnrolRequest, Problem, TokenRequest, encode
from sqzl_desktop.server import accounts
from tests.contracts.backend import COMMUNITY, NORTH, PASSWORD

HEADERS = {"Sqzl-Protocol": "1"}


def enrol(backend, account, password):
    asked = EnrolRequest(account, password, "窗口电脑")
    return backend.ask("POST", "/v1/enrol", content=encode(asked), headers=HEADERS)


def code_of(answer):
    return answer.status_code, msgspec.json.decode(answer.content, type=Problem).code


def test_enrolment_gives_a_device_its_code_secret_and_person(backend):
    backend.account("张三", NORTH)
    first = enrol(backend, "张三", PASSWORD).json()
    second = enrol(backend, "张三", PASSWORD).json()

    assert (first["code"], second["code"]) == (numbering.device_code(1), numbering.device_code(2))
    assert first["device"] != second["device"]
    assert first["secret"] != second["secret"]
    assert first["escrow_key"] == second["escrow_key"] != ""
    assert first["person"] == {
        "account": "张三", "name": "张三同志", "role": "grid_worker", "scope": [NORTH],
        "scope_version": 1, "communities": [COMMUNITY],
    }  # fmt: skip


def test_unknown_account_and_wrong_password_get_the_same_answer(backend):
    backend.account("张三")

    wrong, unknown = enrol(backend, "张三", "wrong password"), enrol(backend, "谁", PASSWORD)

    assert code_of(wrong) == (401, "PASSWORD")
    assert wrong.content == unknown.content


def test_empty_password_of_nobody_is_no_key(backend):
    assert code_of(enrol(backend, "谁", "")) == (401, "PASSWORD")


def test_guessing_is_slowed_down_and_forgiven(backend):
    backend.account("张三")
    guesses = [enrol(backend, "张三", f"guess number {n}") for n in range(6)]

    assert [answer.status_code for answer in guesses] == [401] * 5 + [429]
    assert code_of(enrol(backend, "张三", PASSWORD)) == (429, "WAIT")
    backend.clock.advance(seconds=int(guesses[-1].headers["Retry-After"]))
    assert enrol(backend, "张三", PASSWORD).status_code == 200
    assert enrol(backend, "张三", PASSWORD).status_code == 200


def test_token_opens_until_it_expires(backend):
    device = backend.device("张三")
    assert device.ask("GET", "/v1/me").json()["account"] == "张三"

    backend.clock.advance(minutes=16)

    assert code_of(device.ask("GET", "/v1/me")) == (401, "TOKEN")
    device.connect()
    assert device.ask("GET", "/v1/me").status_code == 200


@pytest.mark.parametrize("part", ["device", "secret"])
def test_wrong_device_or_secret_gets_no_token(backend, part):
    made = backend.device("张三").enrolment
    right = TokenRequest(made.device, made.secret)
    wrong = msgspec.structs.replace(right, **{part: "x"})

    answer = backend.ask("POST", "/v1/token", content=encode(wrong), headers=HEADERS)

    assert code_of(answer) == (401, "DEVICE")


def test_revoked_device_is_shut_out_at_once(backend):
    device = backend.device("张三")
    other = backend.device("李四")
    backend.database.writing(
        lambda connection: accounts.revoke(connection, device.enrolment.device, backend.clock)
    )

    assert code_of(device.ask("GET", "/v1/me"))[0] in (401, 403)
    asked = TokenRequest(device.enrolment.device, device.enrolment.secret)
    assert code_of(device.ask("POST", "/v1/token", content=encode(asked))) == (403, "REVOKED")
    assert other.ask("GET", "/v1/me").status_code == 200


def test_scope_of_the_token_is_the_present_one(backend):
    device = backend.device("张三", NORTH)
    backend.database.writing(
        lambda connection: accounts.entrust(connection, "张三", ("640105",), backend.clock)
    )

    person = device.ask("GET", "/v1/me").json()

    assert (person["scope"], person["scope_version"], person["communities"]) == (["640105"], 2, [])


def test_no_secret_lies_in_clear_in_the_database(backend):
    device = backend.device("张三")
    token = device.headers["Authorization"].removeprefix("Bearer ")
    with backend.database.reading() as connection:
        stored = ""
        for table in ("account", "device", "token"):
            stored += str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())

    for secret in (PASSWORD, device.enrolment.secret, token):
        assert secret not in stored


def test_health_needs_nothing(backend):
    assert backend.ask("GET", "/health").json() == {"status": "ok"}
