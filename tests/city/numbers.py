"""Numbers with check characters: ID numbers, credit codes; and telephone numbers."""

import datetime as dt
import random
from collections import Counter

from tests.city.chance import happens

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_BODY_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORDERS = 499  # of the order codes 001 to 998, half are each sex's


class IdNumbers:
    """Gives out every ID number once."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def give(self, region: str, born: dt.date, sex: str) -> tuple[str, dt.date]:
        """An ID number and the birth date in it: a day earlier where a day is used up."""
        while self._given[f"{region}{born:%Y%m%d}{sex}"] >= _ORDERS:
            born -= dt.timedelta(1)
        start = f"{region}{born:%Y%m%d}"
        count = self._given[start + sex]
        self._given[start + sex] += 1
        order = 2 * (1 + (int(start) * 7 + count * 37) % _ORDERS) - (sex == "1")
        body = f"{start}{order:03d}"
        return body + id_check(body), born


def id_check(body: str) -> str:
    """The check character of the 17 digits of an ID number (GB 11643)."""
    return _ID_CHECKS[sum(int(c) * w for c, w in zip(body, _ID_WEIGHTS, strict=True)) % 11]


def credit_code(rng: random.Random, category: str, county: str) -> str:
    """A unified social credit code (GB 32100) of an organisation of this category."""
    if category[0] in "5A" or category == "92":
        body = f"M{rng.choice('AEJ')}{rng.randrange(10**6):06d}"
    else:
        body = f"{rng.randrange(10**8):08d}"
    code = category + county + body + _body_check(body)
    total = sum(
        _CREDIT_SIGNS.index(sign) * weight
        for sign, weight in zip(code, _CREDIT_WEIGHTS, strict=True)
    )
    return code + _CREDIT_SIGNS[-total % 31]


def phone(rng: random.Random) -> str:
    """A mobile number of a segment that is not issued, now and then a landline."""
    if happens(rng, 0.04):
        return f"0951-{rng.choice('3456')}{rng.randrange(10**6):06d}"
    return f"{rng.choice(('142', '154', '194'))}{rng.randrange(10**8):08d}"


def _body_check(body: str) -> str:
    total = sum(
        _BODY_SIGNS.index(sign) * weight for sign, weight in zip(body, _BODY_WEIGHTS, strict=True)
    )
    check = 11 - total % 11
    return {10: "X", 11: "0"}.get(check, str(check))
