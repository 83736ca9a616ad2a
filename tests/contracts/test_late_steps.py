"""Two people close the same matter at once: one close, one supplement, two truthful messages."""

import concurrent.futures
import dataclasses
import threading

import msgspec
import pytest

from sqzl_desktop.app import DeviceOpener
from sqzl_desktop.base.clock import SystemClock
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.access import COMMUNITY_LEAD
from sqzl_desktop.protocol.merge import ALL
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.server import accounts, ledger, steps
from sqzl_desktop.server.app import create_app
from sqzl_desktop.server.ledger import Change
from sqzl_desktop.server.settings import Settings
from sqzl_desktop.services import elements, flow_steps, supplements
from tests.contracts import backend as contract
from tests.contracts.backend import PASSWORD
from tests.places import COMMUNITY, rows
from tests.served import served

ROUNDS = 50
LEADS = {"li": "李书记", "zhao": "赵主任"}


@dataclasses.dataclass(frozen=True)
class Ending:
    """What is to be seen of one matter after two closed it: by the record, and by each."""

    state: str
    dissent: str
    notes: list[tuple[str, str]]  # by, content
    told: dict[str, list[str]]  # account to what it was told


def faults(ending):
    """What is untrue or lost of "one close, one supplement, two truthful messages"."""
    found = []
    if ending.state != "closed":
        found.append("not closed")
    told = [account for account, words in ending.told.items() if words]
    if len(told) != 1 or len(ending.notes) != 1:
        return [*found, f"{len(told)} told, {len(ending.notes)} supplements"]
    (late,) = told
    (first,) = ending.told.keys() - {late}
    if ending.dissent != words_of(first):
        found.append("the values are not the winner's")
    if ending.notes != [(LEADS[late], f"保留意见：{words_of(late)}")]:
        found.append("the supplement is not what the second wrote")
    (sentence,) = ending.told[late]
    if not sentence.startswith(f"民主协商已由{LEADS[first]}于") or "办理为“已办结”" not in sentence:
        found.append("the second is not told who was first")
    return found


def words_of(account):
    return f"{LEADS[account]}的意见"


def published(record, community=COMMUNITY):
    fields = {
        "community_id": community, "title": "加装电梯", "state": "published", "form": "01",
        "topic_id": "t1",
    }  # fmt: skip
    return Row("consultation", record, "", 0, fields, {ALL: ""}, "")


@pytest.fixture
def matters(postgres_url, tmp_path):
    """A server's database with two leads and as many open matters as there are rounds."""
    app = create_app(Settings(postgres_url, tmp_path / "cache", SystemClock()))
    made = [new_id() for _ in range(ROUNDS)]

    def seed(connection):
        fields = {"community_id": COMMUNITY, "title": "加装电梯", "state": "adopted"}
        topic = Row("topic", "t1", "", 0, fields, {ALL: ""}, "")
        every = [*rows(), topic, *map(published, made)]
        ledger.commit(connection, COMMUNITY, [Change(None, row) for row in every])
        for name, display in LEADS.items():
            lead = accounts.Account(name, display, COMMUNITY_LEAD, (COMMUNITY,), 1, False)
            accounts.add(connection, lead, PASSWORD)

    app.state.database.writing(seed)
    app.state.database.close()
    return made


@pytest.mark.postgres
def test_two_closes_at_once_give_one_close_one_supplement_two_truthful_messages(
    matters, postgres_url, tmp_path
):
    with served(postgres_url, tmp_path / "server") as running:
        laptops = {
            account: DeviceOpener().enrol(
                tmp_path / account, server=running.address, account=account, password=PASSWORD,
                label=account,
            )
            for account in LEADS
        }  # fmt: skip
        together = threading.Barrier(len(laptops))
        for laptop in laptops.values():
            laptop.sync()

        def close_all(account):
            laptop = laptops[account]
            for record in matters:
                values = {"dissent": words_of(account)}
                flow_steps.take_step(laptop.ws, "consultation", record, "close", values)
                assert flow_steps.awaits_server(laptop.ws, "consultation", record)
                together.wait(30)
                laptop.sync()
                together.wait(30)
                laptop.sync()

        with concurrent.futures.ThreadPoolExecutor(len(laptops)) as pool:
            list(pool.map(close_all, laptops))

        endings = [_ending(laptops, record) for record in matters]
        for laptop in laptops.values():
            laptop.close()

    assert [faults(ending) for ending in endings] == [[]] * ROUNDS


def _ending(laptops, record):
    seen = [elements.get(each.ws, "consultation", record) for each in laptops.values()]
    assert seen[0] == seen[1]
    notes = [supplements.of_record(each.ws, "consultation", record) for each in laptops.values()]
    assert notes[0] == notes[1]
    told = {
        account: [each.sentence for each in supplements.told(laptop.ws) if each.record_id == record]
        for account, laptop in laptops.items()
    }
    return Ending(seen[0].state, seen[0].dissent, [(n.by, n.content) for n in notes[0]], told)


def test_server_that_lets_the_last_step_win_is_caught(backend, monkeypatch):
    leads = {name: backend.device(name, role="community_lead") for name in LEADS}
    record = new_id()

    def seed(connection):
        change = Change(None, published(record, contract.COMMUNITY))
        ledger.commit(connection, contract.COMMUNITY, [change])

    backend.database.writing(seed)

    def last_wins(desk, flow, row, operation):
        reopened = msgspec.structs.replace(row, fields={**row.fields, "state": operation.state})
        return steps._advance(desk, flow, reopened, operation)

    monkeypatch.setattr(steps, "_late", last_wins)
    told = {}
    for name, device in leads.items():
        values = {"dissent": words_of(name)}
        step = device.step("consultation", record, "close", state="published", fields=values)
        (answer,) = device.push(step)
        assert answer.outcome == "applied"
        told[name] = [answer.reason] if answer.reason else []

    device.pull()
    after = device.rows["consultation", record].fields
    notes = [key for key in device.rows if key[0] == "supplement"]
    assert faults(Ending(after["state"], after["dissent"], notes, told)) == [
        "0 told, 0 supplements"
    ]
