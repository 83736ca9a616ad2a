import csv
import datetime as dt
from pathlib import Path

import pytest

from sqzl_desktop.base import identity

TODAY = dt.date(2026, 6, 30)
ID_NUMBER = 6


def read(path: Path, encoding: str = "utf-8-sig") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


@pytest.fixture(scope="session")
def lines(city) -> list[list[str]]:
    return read(city / "dirty_residents.csv")


@pytest.fixture(scope="session")
def truth(city) -> list[dict[str, str]]:
    heading, *rows = read(city / "dirty_truth.csv")
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_dirty_table_is_the_same_in_both_encodings(city, lines):
    assert read(city / "dirty_residents_gb18030.csv", "gb18030") == lines


def test_truth_has_a_line_for_every_line(lines, truth):
    assert [int(row["line"]) for row in truth] == list(range(1, len(lines) + 1))
    assert {len(line) for line in lines} == {13}


def test_dirty_table_has_every_sort_of_line(made):
    assert set(made.dirty) >= {
        "accept", "skip:title", "skip:header", "skip:repeated_header", "skip:blank",
        "skip:summary", "skip:vacant_marker", "skip:footer", "reject:id_checksum",
        "reject:id_length", "reject:id_precision_lost",
    }  # fmt: skip
    assert made.dirty["accept"] > 200


def test_accepted_line_holds_the_true_id_number(lines, truth):
    # 15 digits keep all but the century and the check character
    for line, row in zip(lines, truth, strict=True):
        if row["action"] == "accept":
            assert identity.normal_id_number(line[ID_NUMBER]) == row["id_number"]


def test_line_refused_for_its_id_number_holds_a_wrong_one(lines, truth):
    refused = [
        line[ID_NUMBER]
        for line, row in zip(lines, truth, strict=True)
        if row["action"] == "reject" and row["reason"].startswith("id_")
    ]
    assert len(refused) > 10
    assert [n for n in refused if not identity.id_number_problem(n, today=TODAY)] == []


def test_repeated_person_is_accepted_once(truth):
    accepted = [row["id_number"] for row in truth if row["action"] == "accept"]
    repeated = {row["id_number"] for row in truth if row["reason"].startswith("duplicate")}

    assert len(accepted) == len(set(accepted))
    assert repeated <= set(accepted)
