"""居住: where somebody lives on a day, and 人户分离, derived from what is recorded."""

import datetime as dt
from collections.abc import Sequence

from sqzl_desktop.domain.addresses import is_same_home
from sqzl_desktop.domain.kinds.residence import Residence
from sqzl_desktop.domain.kinds.resident import Resident

TOGETHER = "人户一致"
ELSEWHERE_REGISTERED = "人在户不在"
AWAY = "户在人不在"

_GONE = ("02", "03", "04")
_REGISTERED, _MIGRANT = "10", "20"
_NOT_PRESENT = ("02", "03")


def lives_on(stay: Residence, day: dt.date) -> bool:
    """Does the stay include the day? Both of its ends do; an end that is not known is open."""
    has_begun = stay.from_on is None or stay.from_on <= day
    return has_begun and (stay.until_on is None or stay.until_on >= day)


def apartness(resident: Resident, homes: Sequence[str]) -> str:
    """Whether a resident lives where the register of households (户籍) has them.

    `homes` are the addresses of the dwellings they live in now. One of 人户一致, 人在户不在 (lives
    here, is registered elsewhere), 户在人不在 (is registered here, lives elsewhere); "" where what
    is known decides nothing, or the person died or moved out.
    """
    if resident.state in _GONE or resident.died_on or resident.moved_out_on:
        return ""
    registered, population = resident.registered_home, resident.population_type
    if not homes:
        is_away = bool(resident.current_address) or resident.presence in _NOT_PRESENT
        return AWAY if is_away and population in ("", _REGISTERED) else ""
    if registered and population in ("", _REGISTERED, _MIGRANT):
        is_one = any(is_same_home(registered, home) for home in homes)
        return TOGETHER if is_one else ELSEWHERE_REGISTERED
    return ELSEWHERE_REGISTERED if population == _MIGRANT else ""
