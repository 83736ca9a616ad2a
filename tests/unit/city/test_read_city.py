import csv
import datetime as dt
import subprocess
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from sqzl_desktop.base.errors import KnownError
from sqzl_desktop.base.ids import loaded_id
from sqzl_desktop.domain.attention import GROUP_OF, GROUPS
from sqzl_desktop.domain.case_flow import CASE_FLOW
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema import check, codec
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.server.city import read_city
from sqzl_desktop.server.city_words import community_name, component, matter, moment
from tests.city import make_city

TODAY = dt.date(2026, 6, 30)
CITIZEN_CARD = "111"
ORIGINAL = Path(__file__).parents[4] / "shared" / "data" / "make_city.py"
KINDS = {
    "community", "grid", "staff", "estate", "building", "dwelling", "household", "resident",
    "residence", "organisation", "facility", "case", "event", "topic", "consultation", "visit",
}  # fmt: skip

Loaded = tuple[str, str, str, dict[str, Any]]


@pytest.fixture(scope="session")
def loaded(city) -> list[Loaded]:
    return list(read_city(city))


@pytest.fixture(scope="session")
def original(tmp_path_factory) -> Path:
    """A folder of the generator that this one is a copy of."""
    if not ORIGINAL.is_file():
        pytest.skip("the original generator is not beside the repository")
    folder = tmp_path_factory.mktemp("original")
    subprocess.run(
        [sys.executable, str(ORIGINAL), str(folder), "--size", "1500"],
        check=True,
        capture_output=True,
    )
    return folder


def record(loaded: Loaded) -> Element:
    _, kind, record_id, fields = loaded
    return codec.from_fields(BY_NAME[kind], record_id, fields)


def problems(loaded: Loaded) -> dict[str, str]:
    return check.problems(BY_NAME[loaded[1]], record(loaded), lists=code_list, today=TODAY)


def has_other_document(loaded: Loaded) -> bool:
    return loaded[1] == "resident" and loaded[3].get("id_type", CITIZEN_CARD) != CITIZEN_CARD


def by_kind(loaded: list[Loaded], kind: str) -> dict[str, dict[str, Any]]:
    return {record_id: fields for _, name, record_id, fields in loaded if name == kind}


def test_every_record_is_valid(loaded):
    found = [(each[1], problems(each)) for each in loaded if not has_other_document(each)]
    assert [each for each in found if each[1]] == []


def test_every_record_of_the_original_generator_is_valid(original):
    rows = list(read_city(original))

    found = [(each[1], problems(each)) for each in rows if not has_other_document(each)]
    assert {each[1] for each in rows} >= KINDS - {"event", "consultation"}
    assert len(rows) > 4500
    assert [each for each in found if each[1]] == []


def test_resident_with_another_document_is_valid(loaded):
    others = [each for each in loaded if has_other_document(each)]

    assert [problems(each) for each in others] == [{} for _ in others] != []


def test_every_resident_agrees_with_the_id_number(loaded):
    resident = BY_NAME["resident"]
    found = [
        check.doubts(resident, record(each), today=TODAY)
        for each in loaded
        if each[1] == "resident"
    ]
    assert [each for each in found if each] == []


def test_only_known_fields_beside_their_defaults_are_told(loaded):
    for each in loaded:
        _, kind, _, fields = each
        assert codec.to_fields(BY_NAME[kind], record(each)) == fields


def test_every_table_is_read(loaded, table):
    found = Counter(kind for _, kind, _, _ in loaded)
    assert set(found) >= KINDS
    assert set(found) - KINDS <= {"migrant", "case_step", *GROUP_OF}
    for kind, name in (
        ("community", "communities"), ("grid", "grids"), ("staff", "workers"),
        ("building", "buildings"), ("dwelling", "dwellings"), ("household", "households"),
        ("estate", "complexes"), ("resident", "residents"), ("residence", "residents"),
        ("facility", "objects"), ("organisation", "organizations"), ("topic", "topics"),
        ("visit", "visits"),
    ):  # fmt: skip
        assert found[kind] == len(table(name))
    assert found["case"] + found["event"] == len(table("cases"))


def test_communities_come_one_after_the_other(loaded, table):
    communities = [community for community, _ in groupby(loaded, key=lambda each: each[0])]
    assert communities == [row["code"] for row in table("communities")]
    assert all(each[3]["community_id"] == each[0] for each in loaded)


def test_references_lead_to_records(loaded):
    known = {(kind, record_id) for _, kind, record_id, _ in loaded}
    assert len(known) == len(loaded)
    for _, kind, _, fields in loaded:
        for column in BY_NAME[kind].columns:
            if column.type == "ref" and column.name in fields:
                assert (column.facts.target, fields[column.name]) in known


def test_lines_of_json_say_the_same_as_csv(tmp_path):
    make_city(tmp_path / "csv", size=300)
    make_city(tmp_path / "jsonl", size=300, form="jsonl")

    assert list(read_city(tmp_path / "jsonl")) == list(read_city(tmp_path / "csv"))


def test_tagged_resident_is_in_the_register_of_the_group(loaded):
    residents = by_kind(loaded, "resident")
    for group in GROUPS:
        tagged = {each for each, fields in residents.items()
                  if {*fields.get("tags", ())} & {*group.tags}}  # fmt: skip
        listed = {fields["resident_id"] for fields in by_kind(loaded, group.kind).values()}
        assert listed == tagged or not group.tags
    floating = {each for each, fields in residents.items() if fields["population_type"] == "20"}
    assert {each["resident_id"] for each in by_kind(loaded, "migrant").values()} == floating


def test_household_tells_the_name_of_its_head(loaded):
    residents = by_kind(loaded, "resident")
    for fields in by_kind(loaded, "household").values():
        assert residents[fields["head_id"]]["name"] == fields["head_name"]


def test_dwelling_is_lived_in_by_its_owner_or_rented(loaded):
    dwellings, residents = by_kind(loaded, "dwelling"), by_kind(loaded, "resident")
    for fields in by_kind(loaded, "residence").values():
        dwelling = dwellings[fields["dwelling_id"]]
        assert (fields["kind_of_stay"] == "02") == (dwelling["use"] == "02")
        if fields.get("is_owner"):
            assert residents[fields["resident_id"]]["name"] == dwelling["owner_name"]


def test_grid_worker_lies_in_the_grid_and_the_office_in_none(loaded):
    grids = by_kind(loaded, "grid")
    workers = {fields["worker_id"]: grid for grid, fields in grids.items()}
    for staff, fields in by_kind(loaded, "staff").items():
        assert fields.get("grid_id", "") == workers.get(staff, "")


def test_case_keeps_its_moments_in_utc(loaded, table):
    cases = by_kind(loaded, "case")
    closed = next(row for row in table("cases") if row["status"] == "已结案")

    fields = cases[loaded_id(closed["case_id"])]

    for name in ("reported_at", "due_at", "closed_at"):
        local = dt.datetime.fromisoformat(closed[name])
        assert fields[name] == f"{local - dt.timedelta(hours=8):%Y-%m-%dT%H:%M:00Z}"
    assert fields["state"] == "closed"


def test_case_has_the_steps_that_led_it_where_it_is(loaded):
    cases, states = by_kind(loaded, "case"), set()
    steps = sorted(by_kind(loaded, "case_step").values(), key=lambda each: each["number"])
    for case_id, case in cases.items():
        state, at = CASE_FLOW.initial, case["reported_at"]
        taken = [each for each in steps if each["case_id"] == case_id]
        for number, step in enumerate(taken, 1):
            assert (step["number"], step["from_state"]) == (number, state)
            assert state in CASE_FLOW.transition(step["step"]).sources
            assert at <= step["received_at"] <= "2026-07-01"
            state, at = step["to_state"], step["received_at"]
        assert (case["state"], case.get("step_count", 0)) == (state, len(taken))
        states.add(state)
    assert states == {each.code for each in code_list("case_state").codes} - {"merged"}


def test_waiting_case_is_an_event(loaded, table):
    waiting = {loaded_id(row["case_id"]) for row in table("cases") if row["status"] == "待受理"}

    events = by_kind(loaded, "event")

    assert set(events) == waiting
    assert {fields["state"] for fields in events.values()} == {"discovered"}


def test_consultations_follow_the_state_of_their_topic(loaded, table):
    states = {"已协商": "held", "已公示": "published", "已办结": "closed"}
    expected = {
        loaded_id(row["topic_id"]): (states[row["status"]], int(row["agree"]), int(row["oppose"]))
        for row in table("topics")
        if row["status"] in states
    }

    consultations = by_kind(loaded, "consultation").values()

    assert expected == {
        each["topic_id"]: (each["state"], each["agree_count"], each["against_count"])
        for each in consultations
    }
    for each in consultations:
        parties = [line.split(" ") for line in each["participants"].splitlines()]
        assert sum(int(count) for _, count in parties) == each["invited_count"]
        assert each["posted_from"] < each["posted_until"] < each["held_at"]


def test_numbers_for_paper_are_given_once(loaded):
    for kind in ("case", "consultation"):
        numbers = [fields["number"] for fields in by_kind(loaded, kind).values()]
        assert len(numbers) == len(set(numbers))


def test_folder_without_a_city_is_refused(tmp_path):
    with pytest.raises(KnownError, match="communities"):
        list(read_city(tmp_path))


def test_city_without_one_of_its_tables_is_refused(tmp_path):
    make_city(tmp_path, size=20)
    (tmp_path / "residents.csv").unlink()

    with pytest.raises(KnownError, match=r"residents\.csv"):
        list(read_city(tmp_path))


def test_city_whose_communities_are_mixed_up_is_refused(tmp_path):
    make_city(tmp_path, communities=2, size=20)
    path = tmp_path / "grids.csv"
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *reversed(rows)])

    with pytest.raises(KnownError, match=r"grids\.csv"):
        list(read_city(tmp_path))


@pytest.mark.parametrize(
    ("committee", "name"),
    [
        ("崇安社区居委会", "崇安社区"),
        ("满春园社区", "满春园社区"),
        ("顾家桥村村民委员会", "顾家桥村"),
        ("双渠口村委会", "双渠口村"),
        ("宁东镇居委会", "宁东镇社区"),
    ],
)
def test_community_is_named_without_its_committee(committee, name):
    assert community_name(committee) == name


@pytest.mark.parametrize(
    ("old", "name"),
    [
        ("0102", "污水井盖"), ("0101", "供水井盖"), ("0118", "路灯"), ("0126", "户外健身设施"),
        ("0136", "监控电子眼设施"), ("电梯", "公用电梯"), ("消火栓", "消防设施"), ("0114", ""),
    ],
)  # fmt: skip
def test_old_component_is_found_in_the_new_standard(old, name):
    assert code_list("component").label(component(old)) == name


@pytest.mark.parametrize(
    ("title", "code"), [("暴露垃圾", "06010"), ("路灯不亮", "01037"), ("家庭赡养纠纷", "")]
)
def test_matter_is_found_by_its_title(title, code):
    assert matter(title) == code


def test_beijing_time_becomes_utc_across_midnight():
    assert moment("2026-01-01 07:30") == "2025-12-31T23:30:00Z"
