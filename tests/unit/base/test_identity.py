import csv
import datetime as dt
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.base import identity

VECTORS = Path(__file__).parents[2] / "data/vectors"
TODAY = dt.date(2026, 6, 30)
RIGHT = "640104198503024511"


def vectors(name):
    with (VECTORS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [
            pytest.param(row["input"], row["kind"], row["expected_valid"] == "yes", id=f"{number}")
            for number, row in enumerate(csv.DictReader(file), 2)
        ]


def document_vectors():
    unverified = ("CAN1100850302010", "USA6400850302011")
    return [case for case in vectors("other_documents") if case.values[0] not in unverified]


DOCUMENT_TYPES = {
    "hkm_permit": "516",
    "tw_permit": "511",
    "passport_cn": "414",
    "hk_travel_permit": "513",
    "tw_travel_permit": "517",
    "foreign_pr_2017": "553",
    "foreign_pr_2023": "553",
}


@pytest.mark.parametrize(("number", "_kind", "valid"), vectors("resident_id"))
def test_id_number_problem_agrees_with_the_vectors(number, _kind, valid):
    assert (identity.id_number_problem(number, today=TODAY) == "") is valid


@pytest.mark.parametrize(("number", "_kind", "valid"), vectors("uscc"))
def test_uscc_problem_agrees_with_the_vectors(number, _kind, valid):
    assert (identity.uscc_problem(number) == "") is valid


@pytest.mark.parametrize(("number", "_kind", "valid"), vectors("phone"))
def test_phone_problem_agrees_with_the_vectors(number, _kind, valid):
    assert (identity.phone_problem(number) == "") is valid


@pytest.mark.parametrize(("number", "kind", "valid"), document_vectors())
def test_document_problem_agrees_with_the_vectors(number, kind, valid):
    document_type = DOCUMENT_TYPES.get(kind) or ("335B" if number.startswith("83") else "335A")
    assert (identity.document_problem(document_type, number) == "") is valid


def test_normal_id_number_makes_fifteen_digits_eighteen():
    assert identity.normal_id_number("640104800815123") == "640104198008151230"
    assert identity.normal_id_number(" 64010519880808006\uff58") == "64010519880808006X"


def test_normal_id_number_leaves_an_impossible_date_alone():
    assert identity.normal_id_number("640104801315123") == "640104801315123"


def test_id_number_doubt_names_withdrawn_areas_and_residence_permits():
    assert "已撤销" in identity.id_number_doubt("642101196503121235")
    assert "居住证" in identity.id_number_doubt("810000198503021231")
    assert identity.id_number_doubt(RIGHT) == ""


def test_born_on_and_sex_of_read_the_number():
    assert identity.born_on(RIGHT) == dt.date(1985, 3, 2)
    assert identity.sex_of(RIGHT) == "1"
    assert identity.born_on("640104800815123") == dt.date(1980, 8, 15)
    assert identity.born_on("无") is None
    assert identity.sex_of("无") == ""


def test_id_number_problem_says_what_to_do():
    assert "重新填写" in identity.id_number_problem("6.40104E+17", today=TODAY)
    assert "17位" in identity.id_number_problem(RIGHT[:17], today=TODAY)
    assert "校验位" in identity.id_number_problem(RIGHT[:17] + "5", today=TODAY)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("+86 154-1234-5678", "15412345678"),
        ("（0951）6012345", "0951-6012345"),
        ("09516012345", "0951-6012345"),
        ("0951—6012345转801", "0951-6012345-801"),
        ("010 12345678", "010-12345678"),
        ("400-123-4567", "4001234567"),
        ("+852 2123 4567", "+85221234567"),
        ("待补", "待补"),
    ],
)
def test_normal_phone_writes_one_form(typed, stored):
    assert identity.normal_phone(typed) == stored


def test_phone_problem_says_which_mistake_it_is():
    assert "区号" in identity.phone_problem("6012345")
    assert "两个号码" in identity.phone_problem("15412345678/19412345678")
    assert "10位" in identity.phone_problem("1541234567")


@pytest.mark.parametrize(
    ("document_type", "number", "valid"),
    [
        ("414", "P1234567A", True),
        ("117", "Q640123456", True),
        ("117", "640123456", False),
        ("114", "军字第1234567号", True),
        ("990", "x", False),
        ("111", RIGHT, True),
        ("335B", "810000198503021231", False),
        ("553", "CAN110085030201", True),
        ("990", "1.2E+12", False),
    ],
)
def test_document_problem_goes_by_the_type(document_type, number, valid):
    assert (identity.document_problem(document_type, number) == "") is valid


ODD_TEXT = st.one_of(
    st.text(max_size=30),
    st.text("0123456789Xx-+ 　０１E.()（）'\t\uff12\uff38\u200b", max_size=24),
    st.text(string.digits, min_size=15, max_size=15),
    st.text(string.digits, min_size=18, max_size=18),
)


@given(ODD_TEXT)
def test_normal_forms_are_stable_and_nothing_raises(typed):
    for normal in (identity.normal_id_number, identity.normal_phone, identity.normal_uscc):
        assert normal(normal(typed)) == normal(typed)
    number = identity.normal_id_number(typed)
    assert identity.born_on(number) == identity.born_on(typed)
    assert identity.sex_of(typed) in ("1", "2", "")
    for sentence in (
        identity.id_number_problem(typed, today=TODAY),
        identity.id_number_doubt(typed),
        identity.uscc_problem(typed),
        identity.phone_problem(typed),
        identity.document_problem("414", typed),
        identity.document_problem("553", typed),
    ):
        assert isinstance(sentence, str)


@given(ODD_TEXT)
def test_the_normal_form_has_the_problems_of_the_original(typed):
    number = identity.normal_id_number(typed)
    assert identity.id_number_problem(typed, today=TODAY) == identity.id_number_problem(
        number, today=TODAY
    )
    assert (identity.phone_problem(typed) == "") == (
        identity.phone_problem(identity.normal_phone(typed)) == ""
    )
