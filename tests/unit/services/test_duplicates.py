"""The mark on a laptop: who sees both records is led to the other, who sees one is told to ask."""

import pytest

from sqzl_desktop.base.errors import NotFound
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import duplicates, elements
from tests.places import COMMUNITY, GRID, OTHER_GRID

NUMBER = "64010419900101123X"


def resident(grid, name):
    return Resident(community_id=COMMUNITY, grid_id=grid, name=name, id_number=NUMBER)


@pytest.fixture
def pair(laptops):
    """Wang works in both grids, Ha in the other one; each has entered the same person."""
    wang, ha = laptops("wang"), laptops("ha")
    mine = elements.save(wang.ws, resident(GRID, "马小明"))
    theirs = elements.save(ha.ws, resident(OTHER_GRID, "马晓明"))
    wang.sync()
    ha.sync()
    wang.sync()
    return wang, ha, mine.id, theirs.id


def test_who_sees_both_is_led_to_the_other(pair):
    wang, _ha, mine, theirs = pair

    mark = duplicates.of_resident(wang.ws, mine)

    assert mark.sentence == "与马晓明的身份证号相同，请核对"
    assert mark.others == ((theirs, "马晓明"),)


def test_who_sees_one_is_told_to_ask_and_no_more(pair):
    _wang, ha, mine, theirs = pair

    mark = duplicates.of_resident(ha.ws, theirs)

    assert (mark.sentence, mark.others) == (duplicates.ELSEWHERE, ())
    assert duplicates.of_resident(ha.ws, mine) is None


def test_mark_goes_when_one_is_deleted(pair):
    wang, ha, mine, theirs = pair
    elements.delete(wang.ws, "resident", mine)
    wang.sync()
    ha.sync()

    assert duplicates.of_resident(ha.ws, theirs) is None


def test_mark_that_was_looked_at_is_not_shown_again(pair):
    wang, _ha, mine, _theirs = pair
    mark = duplicates.of_resident(wang.ws, mine)

    duplicates.dismiss(wang.ws, mark.id)
    assert duplicates.of_resident(wang.ws, mine) is None
    with pytest.raises(NotFound):
        duplicates.dismiss(wang.ws, mark.id)
    wang.sync()

    assert wang.sync_state().refused == 0
    assert elements.get(wang.ws, "duplicate", mark.id).dismissed_by == "王网格"
