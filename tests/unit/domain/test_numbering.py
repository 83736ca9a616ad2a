"""Numbers for paper: devices never share a code, numbers never meet."""

from hypothesis import given
from hypothesis import strategies as st

from sqzl_desktop.domain.numbering import DEVICE_ALPHABET, device_code, number

SERIALS = st.integers(1, 100_000)


@given(SERIALS, SERIALS)
def test_devices_have_codes_of_their_own(one: int, other: int) -> None:
    assert (device_code(one) == device_code(other)) == (one == other)


@given(SERIALS)
def test_codes_are_short_and_readable(serial: int) -> None:
    code = device_code(serial)

    assert 2 <= len(code) <= 4
    assert set(code) <= set(DEVICE_ALPHABET)


@given(st.tuples(SERIALS, st.integers(1, 2000)), st.tuples(SERIALS, st.integers(1, 2000)))
def test_two_devices_never_give_out_one_number(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    numbers = {
        number("consultation", "640104001002", year=2026, device=device_code(serial), count=count)
        for serial, count in (one, other)
    }

    assert len(numbers) == (1 if one == other else 2)
