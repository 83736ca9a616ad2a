"""Limits as cities write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.limits import Phase, Unit, read, read_stages, write

amounts = st.integers(1, 200).map(Decimal)
names = st.sampled_from(["", "停工", "处罚", "拆除"])
phases = st.lists(st.builds(Phase, names, amounts, st.sampled_from(Unit)), max_size=4).map(tuple)


def test_several_phases_are_read_in_order() -> None:
    found = read("停工 4工作时；处罚 7工作日；拆除 20个工作日")

    assert [str(each) for each in found] == ["停工 4工作时", "处罚 7工作日", "拆除 20工作日"]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("4工作时", "4工作时"),
        ("2.50 工作时", "2.5工作时"),
        ("３个工作日", "3工作日"),
        ("处置:5天", "处置 5自然日"),
        ("2小时", "2小时"),
        ("24 紧急工作时", "24小时"),
        ("停工4工作时、处罚7工作日", "停工 4工作时；处罚 7工作日"),
        ("10工作日", "10工作日"),
    ],
)
def test_ways_of_writing(words: str, meant: str) -> None:
    assert write(read(words)) == meant


@pytest.mark.parametrize("words", ["尽快", "4", "0工作日", "0.5工作日", "999工作日", "-3天", "4周"])
def test_what_cannot_be_counted_is_refused_with_a_way_out(words: str) -> None:
    with pytest.raises(Refused, match="时限"):
        read(words)


@given(phases)
def test_what_is_written_is_read_again(some: tuple[Phase, ...]) -> None:
    assert read(write(some)) == some


def test_stages_are_limits_of_states() -> None:
    found = read_stages("派遣 1工作时；核查 4工作时")

    assert {state: str(each) for state, each in found.items()} == {
        "filed": "派遣 1工作时",
        "returned": "派遣 1工作时",
        "fed_back": "核查 4工作时",
    }
    with pytest.raises(Refused, match="没有“审批”这个环节"):
        read_stages("审批 1工作日")
