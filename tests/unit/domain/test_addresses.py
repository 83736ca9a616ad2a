"""Addresses: made of their parts, and compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.domain.addresses import dwelling_address, floor_of, is_same_home

HOME = "北京路12号阳光家园3号楼2单元501室"


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        (("北京路12号阳光家园", "3号楼", "2", "501"), HOME),
        (("北京路12号阳光家园3号楼", "3号楼", "2", "501"), HOME),
        (("阳光家园", "3号楼", "", "501"), "阳光家园3号楼501室"),
        (("阳光家园", "平房", "东门", "南屋"), "阳光家园平房东门南屋"),
        (("阳光家园", "3号楼", "2", ""), "阳光家园3号楼2单元"),
        (("", "3号楼", "2", "A1"), "3号楼2单元A1室"),
    ],
)
def test_address_is_made_of_its_parts(parts: tuple[str, str, str, str], whole: str) -> None:
    assert dwelling_address(*parts) == whole


@pytest.mark.parametrize(
    ("room", "floor"),
    [("501", 5), ("1203", 12), ("101", 1), ("001", None), ("12", None), ("A1", None), ("", None)],
)
def test_floor_is_read_from_the_room(room: str, floor: int | None) -> None:
    assert floor_of(room) == floor


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (HOME, HOME, True),
        (HOME, f"宁夏回族自治区银川市兴庆区{HOME}", True),
        (HOME, "北京路12号阳光家园3栋2单元501", True),
        (HOME, "阳光家园3号楼2单元501室", True),
        (HOME, "北京路12号阳光家园3-2-501", True),
        (HOME, "北京路12号 阳光家园 ３号楼 ２单元 ５０１室", True),
        (HOME, "北京路12号阳光家园3号楼2单元502室", False),
        (HOME, "北京路12号阳光家园13号楼2单元501室", False),
        (HOME, "丽景苑3号楼2单元501室", False),
        (HOME, "贺兰县习岗镇新平村", False),
        ("新平村", "新平村", False),
        ("", "", False),
    ],
)
def test_same_door_is_known_however_it_is_written(one: str, other: str, same: bool) -> None:
    assert is_same_home(one, other) is same
    assert is_same_home(other, one) is same


@given(
    st.sampled_from(["阳光家园", "北京路12号丽景苑", "第一小区"]), st.integers(1, 40),
    st.integers(1, 9), st.integers(101, 3399),
)  # fmt: skip
def test_address_is_the_same_as_itself_behind_its_city(
    estate: str, building: int, entrance: int, room: int
) -> None:
    whole = dwelling_address(estate, f"{building}号楼", str(entrance), str(room))
    next_door = dwelling_address(estate, f"{building}号楼", str(entrance), str(room + 1))

    assert is_same_home(whole, f"银川市兴庆区{whole}")
    assert not is_same_home(whole, next_door)
