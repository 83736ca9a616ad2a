import datetime as dt
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from sqzl_desktop.base import identity
from tests.city import make_city
from tests.city.__main__ import main
from tests.city.numbers import IdNumbers
from tests.city.tables import COLUMNS, Tables

TODAY = dt.date(2026, 6, 30)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_city_is_the_same_for_the_same_arguments(tmp_path):
    make_city(tmp_path / "one", communities=2, size=300, with_dirty=True)
    make_city(tmp_path / "two", communities=2, size=300, with_dirty=True)

    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_city_is_another_for_another_seed(tmp_path):
    make_city(tmp_path / "one", size=300, seed=1)
    make_city(tmp_path / "two", size=300, seed=2)

    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert {name for name in one if one[name] == two[name]} == {"service_items.csv"}


def test_command_line_writes_the_same_city(tmp_path, capsys):
    make_city(tmp_path / "one", size=300, seed=5, today=TODAY, with_dirty=True)
    main([str(tmp_path / "two"), "--size", "300", "--seed", "5", "--dirty"])

    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert "residents" in capsys.readouterr().out


def test_small_community_has_sizes_in_range(made):
    rows = made.rows
    assert set(rows) == set(COLUMNS)
    assert rows["communities"] == 1
    # the last building is filled before anybody counts
    assert 600 <= rows["residents"] <= 1300
    assert 2.2 < rows["residents"] / rows["households"] < 3.0
    assert 0.80 < rows["households"] / rows["dwellings"] < 0.95
    assert 1 <= rows["grids"] <= 3
    assert rows["workers"] == rows["grids"] + 5
    assert 4 <= rows["topics"] <= 9


def test_id_numbers_are_valid_and_given_once(table):
    people = [row for row in table("residents") if row["id_type"] == "111"]
    numbers = [row["id_number"] for row in [*people, *table("workers")]]

    assert len(people) > 1000
    assert [n for n in numbers if identity.id_number_problem(n, today=TODAY)] == []
    assert [n for n, count in Counter(numbers).items() if count > 1] == []


def test_id_number_tells_the_birth_date_and_sex_of_its_resident(table):
    for row in table("residents"):
        if row["id_type"] == "111":
            born_on = dt.date.fromisoformat(row["birth_date"])
            assert identity.born_on(row["id_number"]) == born_on
            assert identity.sex_of(row["id_number"]) == row["sex"]


def test_id_numbers_of_a_full_day_go_to_the_day_before():
    numbers, day = IdNumbers(), dt.date(1980, 3, 1)
    given = [numbers.give("640104", day, "2") for _ in range(500)]

    assert len({number for number, _ in given}) == 500
    assert given[498][1] == day
    assert given[499][1] == dt.date(1980, 2, 29)


def test_credit_codes_and_phones_are_valid(table):
    codes = [row["uscc"] for row in table("organizations") if row["uscc"]]
    phones = [row["phone"] for row in [*table("organizations"), *table("residents")]]

    assert len(codes) > 20
    assert [code for code in codes if identity.uscc_problem(code)] == []
    assert [p for p in phones if p and identity.phone_problem(p)] == []


def test_households_belong_to_dwellings(table):
    dwellings = {row["dwelling_id"]: row for row in table("dwellings")}
    households = {row["household_id"]: row for row in table("households")}

    for row in households.values():
        assert dwellings[row["dwelling_id"]]["grid_code"] == row["grid_code"]
        assert dwellings[row["dwelling_id"]]["use"] != "03"
    for row in table("residents"):
        assert households[row["household_id"]]["dwelling_id"] == row["dwelling_id"]


def test_household_begins_with_its_head(table):
    households = {row["household_id"]: row for row in table("households")}

    for key, group in groupby(table("residents"), key=lambda row: row["household_id"]):
        members = list(group)
        assert members[0]["resident_id"] == households[key]["head_id"]
        assert [member["relation"] == "02" for member in members].index(True) == 0
        assert len(members) == int(households[key]["size"])


def test_grids_count_their_households_and_residents(table):
    households = Counter(row["grid_code"] for row in table("households"))
    residents = Counter(row["grid_code"] for row in table("residents"))

    for row in table("grids"):
        assert int(row["households"]) == households[row["grid_code"]]
        assert int(row["residents"]) == residents[row["grid_code"]]
        assert households[row["grid_code"]] <= 700


def test_nothing_happens_after_today(table):
    today = TODAY.isoformat()
    columns = {
        "cases": ("reported_at", "closed_at"),
        "topics": ("posted_at", "meeting_at"),
        "visits": ("visited_at",),
        "service_records": ("accepted_at", "finished_at"),
        "residents": ("birth_date",),
        "objects": ("last_check",),
    }
    for name, dates in columns.items():
        late = [row[date] for row in table(name) for date in dates if row[date][:10] > today]
        assert late == []


def test_row_with_other_cells_than_its_table_is_refused(tmp_path):
    with Tables(tmp_path) as tables, pytest.raises(ValueError, match="grids"):
        tables.write("grids", {"grid_code": "640104001002001"})
