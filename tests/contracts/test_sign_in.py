import msgspec
import pytest

from sqzl_desktop.domain import numbering
from sqzl_desktop.protocol.messages import EnrolRequest, Problem, TokenRequest, encode
from sqzl_desktop.server import accounts, commands
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
        "scope_version": 1, "communities": [COMMUNITY], "lease_days": 30,
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


def renewed(backend, device, secret, **headers):
    asked = TokenRequest(device.enrolment.device, secret, pending=7)
    return backend.ask("POST", "/v1/token", content=encode(asked), headers={**HEADERS, **headers})


def test_refresh_token_is_followed_and_the_one_before_is_good_until_then(backend):
    device = backend.device("张三")
    second = renewed(backend, device, device.enrolment.secret).json()["refresh"]
    assert (
        renewed(backend, device, device.enrolment.secret).status_code == 200
    )  # an answer got lost

    third = renewed(backend, device, second).json()["refresh"]

    assert renewed(backend, device, third).status_code == 200


def test_older_refresh_token_ends_the_family_until_the_password_is_given(backend):
    device, other = backend.device("张三"), backend.device("李四")
    first = device.enrolment.secret
    second = renewed(backend, device, first).json()["refresh"]
    answer = renewed(backend, device, second).json()
    device.headers["Authorization"] = f"Bearer {answer['access']}"
    assert device.ask("GET", "/v1/me").status_code == 200

    assert code_of(renewed(backend, device, first)) == (401, "STOLEN")

    assert code_of(device.ask("GET", "/v1/me")) == (401, "TOKEN")
    for token in (first, second, answer["refresh"]):
        assert code_of(renewed(backend, device, token)) == (401, "DEVICE")
    assert other.ask("GET", "/v1/me").status_code == 200
    again = EnrolRequest("张三", PASSWORD, "窗口电脑", device.enrolment.device)
    enrolment = backend.ask("POST", "/v1/enrol", content=encode(again), headers=HEADERS).json()
    assert (enrolment["device"], enrolment["code"]) == (
        device.enrolment.device,
        device.enrolment.code,
    )
    assert renewed(backend, device, enrolment["secret"]).status_code == 200
    assert code_of(renewed(backend, device, answer["refresh"])) == (401, "DEVICE")


def test_device_of_another_account_or_a_revoked_one_gets_no_new_family(backend):
    device = backend.device("张三")
    backend.account("李四")

    def again(account):
        asked = EnrolRequest(account, PASSWORD, "窗口电脑", device.enrolment.device)
        return backend.ask("POST", "/v1/enrol", content=encode(asked), headers=HEADERS)

    assert code_of(again("李四")) == (403, "FORBIDDEN")
    backend.database.writing(
        lambda connection: accounts.revoke(connection, device.enrolment.device, backend.clock)
    )
    assert code_of(again("张三")) == (403, "REVOKED")


def test_device_enrolled_after_the_backup_keeps_its_id(backend):
    backend.account("张三")
    asked = EnrolRequest("张三", PASSWORD, "窗口电脑", "0190-a-device")

    first, second = (
        backend.ask("POST", "/v1/enrol", content=encode(asked), headers=HEADERS).json()
        for _ in range(2)
    )

    assert first["device"] == second["device"] == "0190-a-device"
    assert first["code"] == second["code"]


def test_operator_sees_program_and_what_waits_on_a_device(backend):
    device = backend.device("张三")
    renewed(backend, device, device.enrolment.secret, **{"Sqzl-Program": "1.4.0"})
    [line] = commands.device_lines(backend.database, backend.clock)
    assert line.endswith("\t1.4.0\t待上报7项")

    renewed(backend, device, device.enrolment.secret, **{"Sqzl-Program": "<b>1"})
    [line] = commands.device_lines(backend.database, backend.clock)
    assert line.endswith("\t-\t待上报7项")


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
