"""Two people take a step of one case at once: one wins, nothing of the other is lost (I11)."""

import concurrent.futures
import dataclasses
import datetime as dt
import threading
from io import BytesIO

import msgspec
import pytest
from PIL import Image

from sqzl_desktop.app import DeviceOpener
from sqzl_desktop.base.clock import FixedClock, SystemClock
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.access import GRID_WORKER
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.filters import Filter
from sqzl_desktop.protocol.merge import ALL
from sqzl_desktop.protocol.messages import Row
from sqzl_desktop.server import accounts, ledger, steps
from sqzl_desktop.server.app import create_app
from sqzl_desktop.server.ledger import Change
from sqzl_desktop.server.settings import Settings
from sqzl_desktop.services import attachments, elements, flow_steps, supplements
from tests.contracts import backend as contract
from tests.contracts.backend import PASSWORD
from tests.places import COMMUNITY, GRID, rows
from tests.served import served

WORKERS = {"wang": "王网格", "ma": "马网格"}
TEN_YEARS = dt.timedelta(days=3650)
SLOWEST = 30


@dataclasses.dataclass(frozen=True)
class Race:
    """A case in a state, and the step that each of the two takes of it."""

    state: str
    steps: dict[str, str]  # account to step


RACES = (
    Race("verified", {"wang": "close", "ma": "close"}),
    Race("verified", {"wang": "close", "ma": "rework"}),
    Race("filed", {"wang": "dispatch", "ma": "dispatch"}),
    Race("filed", {"wang": "dispatch", "ma": "handle_on_spot"}),
    Race("dispatched", {"wang": "return", "ma": "handle"}),
    Race("handling", {"wang": "return", "ma": "feed_back"}),
)
ROUNDS = 5  # of each race
WORDS = {  # the field of a step that holds what somebody wrote for it
    "close": "outcome", "rework": "rework_reason", "dispatch": "dispatch_note",
    "handle_on_spot": "measures", "return": "return_reason", "handle": "co_handlers",
    "feed_back": "feedback",
}  # fmt: skip
MORE = {
    "dispatch": {"handler_kind": "01", "handler": "城管中队"},
    "feed_back": {"measures": "已清运"},
}


@dataclasses.dataclass(frozen=True)
class Ending:
    """What is to be seen of one case after two took a step: on it, and by each."""

    state: str
    words: dict[str, str]  # account to what stands in the field of its step
    steps: list[str]  # the steps that were put down, by whom
    notes: list[tuple[str, str]]  # supplements: by, content
    photos: int
    told: dict[str, list[str]]  # account to what it was told
    late_by: dt.timedelta | None = None  # what the clock of the supplement's author was off by


def words_of(account):
    return f"{WORKERS[account]}写的"


def faults(race, ending):
    """What is untrue or lost of "one wins, the other's words, photo and time stay"."""
    late = [account for account, said in ending.told.items() if said]
    if len(late) != 1 or len(ending.notes) != 1 or len(ending.steps) != 1:
        counts = len(late), len(ending.notes), len(ending.steps)
        return ["{} told, {} supplements, {} steps".format(*counts)]
    (second,) = late
    (first,) = race.steps.keys() - {second}
    won, lost = (CASE_FLOW.transition(race.steps[each]) for each in (first, second))
    label = code_list("case_state").label(won.target)
    (by, content), (sentence,) = ending.notes[0], ending.told[second]
    checks = {
        "the state is not the winner's": ending.state == won.target,
        "the step is not the winner's": ending.steps == [WORKERS[first]],
        "the winner's words are gone": ending.words[first] == words_of(first),
        "the supplement is of somebody else": by == WORKERS[second],
        "the words of the second are gone": words_of(second) in content,
        "a photo is gone": ending.photos == 2,
        "the second is not told who was first": sentence.startswith(f"案件已由{WORKERS[first]}于"),
        "the second is not told what became of it": f"办理为“{label}”" in sentence,
        "the second is not told what was not done": f"您的“{lost.label}”" in sentence,
        "the time of the second is gone": ending.late_by is not None,
    }
    return [fault for fault, is_well in checks.items() if not is_well]


def case_row(record, race, grid=GRID, community=COMMUNITY):
    fields = {
        "community_id": community, "grid_id": grid, "title": "楼道堆物", "source": "01",
        "state": race.state,
    }  # fmt: skip
    return Row("case", record, grid, 0, fields, {ALL: ""}, "")


def photo_of(account, number):
    picture = Image.new("RGB", (40 + number, 30), "red" if account == "wang" else "blue")
    written = BytesIO()
    picture.save(written, "JPEG")
    return written.getvalue()


@pytest.fixture
def cases(postgres_url, tmp_path):
    """A server's database with two workers and an open case for every round: id to race."""
    app = create_app(Settings(postgres_url, tmp_path / "cache", SystemClock()))
    made = {new_id(): race for _ in range(ROUNDS) for race in RACES}

    def seed(connection):
        every = [*rows(), *(case_row(record, race) for record, race in made.items())]
        ledger.commit(connection, COMMUNITY, [Change(None, row) for row in every])
        for name, display in WORKERS.items():
            worker = accounts.Account(name, display, GRID_WORKER, (GRID,), 1, False)
            accounts.add(connection, worker, PASSWORD)

    app.state.database.writing(seed)
    app.state.database.close()
    return made


@pytest.mark.postgres
def test_one_wins_and_nothing_of_the_other_is_lost(cases, postgres_url, tmp_path):
    # one of the clocks is wrong by ten years: the server's decides
    clocks = {"wang": SystemClock(), "ma": FixedClock(SystemClock().now() - TEN_YEARS)}
    with served(postgres_url, tmp_path / "server") as running:
        laptops = {
            account: DeviceOpener(clocks[account]).enrol(
                tmp_path / account, server=running.address, account=account, password=PASSWORD,
                label=account,
            )
            for account in WORKERS
        }  # fmt: skip
        for laptop in laptops.values():
            laptop.sync()
        together = threading.Barrier(len(laptops))

        def take_all(account):
            laptop = laptops[account]
            for number, (record, race) in enumerate(cases.items()):
                step = race.steps[account]
                values = {WORDS[step]: words_of(account), **MORE.get(step, {})}
                attachments.add(laptop.ws, "case", record, photo_of(account, number))
                flow_steps.take_step(laptop.ws, "case", record, step, values)
                assert flow_steps.awaits_server(laptop.ws, "case", record)
                together.wait(SLOWEST)
                laptop.sync()
                together.wait(SLOWEST)
                laptop.sync()

        with concurrent.futures.ThreadPoolExecutor(len(laptops)) as pool:
            list(pool.map(take_all, laptops))

        found = {record: _ending(laptops, record, race) for record, race in cases.items()}
        for laptop in laptops.values():
            laptop.close()

    wrong = [faults(race, found[record]) for record, race in cases.items()]
    assert wrong == [[]] * len(cases)
    off = [each.late_by for each in found.values() if each.notes[0][0] == WORKERS["ma"]]
    assert all(abs(each - TEN_YEARS) < dt.timedelta(hours=1) for each in off)


def _ending(laptops, record, race):
    seen = [elements.get(each.ws, "case", record) for each in laptops.values()]
    assert seen[0] == seen[1]
    ws = next(iter(laptops.values())).ws
    notes = supplements.of_record(ws, "case", record)
    steps_taken = elements.find(ws, "case_step", filters=[Filter("case_id", "=", record)])
    told = {
        account: [each.sentence for each in supplements.told(laptop.ws) if each.record_id == record]
        for account, laptop in laptops.items()
    }
    return Ending(
        seen[0].state,
        {account: getattr(seen[0], WORDS[step]) for account, step in race.steps.items()},
        [each.by for each in steps_taken],
        [(each.by, each.content) for each in notes],
        len(attachments.of(ws, "case", record)),
        told,
        notes[0].received_at - notes[0].made_at if notes and notes[0].made_at else None,
    )


def _told_by(backend, race):
    """The same race through the contract's devices, one after the other; the ending."""
    devices = {name: backend.device(display) for name, display in WORKERS.items()}
    record = new_id()
    row = case_row(record, race, contract.NORTH, contract.COMMUNITY)
    seed = [Change(None, row)]
    backend.database.writing(lambda tx: ledger.commit(tx, contract.COMMUNITY, seed))
    told = {}
    for name, device in devices.items():
        step = race.steps[name]
        fields = {WORDS[step]: words_of(name), **MORE.get(step, {})}
        taken = device.step("case", record, step, state=race.state, saw={"state": ""},
                            fields=fields)  # fmt: skip
        (answer,) = device.push(taken)
        told[name] = [answer.reason] if answer.reason else []
    device.pull()
    after = device.rows["case", record].fields
    of = [row.fields for (kind, _), row in device.rows.items() if kind == "case_step"]
    notes = [row.fields for (kind, _), row in device.rows.items() if kind == "supplement"]
    return Ending(
        after["state"],
        {name: after.get(WORDS[step], "") for name, step in race.steps.items()},
        [each["by"].removesuffix("同志") for each in of],
        [(each["by"].removesuffix("同志"), each["content"]) for each in notes],
        2,
        {name: [each.replace("同志", "") for each in said] for name, said in told.items()},
        dt.timedelta(),
    )


@pytest.mark.parametrize("race", RACES, ids=lambda race: "-".join(race.steps.values()))
def test_race_run_one_after_the_other_is_well(backend, race):
    assert faults(race, _told_by(backend, race)) == []


@pytest.mark.parametrize("race", RACES, ids=lambda race: "-".join(race.steps.values()))
def test_server_that_lets_the_last_step_win_is_caught(backend, monkeypatch, race):
    def last_wins(desk, flow, row, operation):
        reopened = msgspec.structs.replace(
            row, fields={**row.fields, "state": operation.state},
            writes={**row.writes, "state": operation.saw["state"]},
        )  # fmt: skip
        return steps._advance(desk, flow, reopened, operation)

    monkeypatch.setattr(steps, "_late", last_wins)

    assert faults(race, _told_by(backend, race)) == ["0 told, 0 supplements, 2 steps"]
