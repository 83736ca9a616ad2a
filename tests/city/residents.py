"""One resident: the facts of a life that age, sex and family make likely."""

import dataclasses
import datetime as dt
import random

from tests.city.chance import Weighted, happens, words
from tests.city.families import Member
from tests.city.name_words import ETHNIC
from tests.city.names import person_name
from tests.city.numbers import phone
from tests.city.place_words import BRANDS, EMPLOYERS
from tests.city.regions import OTHER_REGIONS
from tests.city.site import Cared, Home, Site
from tests.city.tables import Row

_EARLIEST = dt.date(1918, 1, 1)
_ELDER_SCHOOLS = Weighted("71 30 81 30 61 15 90 25")
_MIDDLE_SCHOOLS = Weighted("71 32 61 18 41 10 31 18 21 18 14 3 81 1")
_YOUNG_SCHOOLS = Weighted("31 28 21 38 61 10 71 12 41 5 14 7")
_SPECIAL = Weighted("01 26 02 22 03 34 04 14 05 4")
_OCCUPATIONS = words("24 24 17 17 13 21 51 54 17 70 11")
_MARRIED = ("02", "11", "12", "51", "52", "55", "56", "38")
_CITIZEN_CARD = "111"
_MIGRANT, _FOREIGN, _UNREGISTERED, _REGISTERED = "20", "30", "40", "10"
_USUAL, _MOVED_OUT, _DEAD = "正常", "已迁出", "死亡未注销"


@dataclasses.dataclass(frozen=True)
class Family:
    """What the members of a household have in common."""

    key: str
    kind: str
    ethnic: str
    region: str
    birth_region: str
    registered_at: str
    is_outside: bool
    is_split: bool  # registered elsewhere in the city
    is_away: bool  # registered here, lives elsewhere


@dataclasses.dataclass(frozen=True)
class Papers:
    """How a resident is registered."""

    population: str
    id_type: str
    id_number: str
    state: str


def add(site: Site, home: Home, family: Family, member: Member, *, surname: str) -> Row:
    """Write one member of a household and give back the row."""
    rng = site.rng
    ethnic = family.ethnic if happens(rng, 0.93) else ETHNIC.pick(rng)
    number, born = _number(site, family, member)
    age = _age(born, site.today)
    papers = _papers(rng, family, age, number)
    occupation = _occupation(rng, age)
    row = site.write(
        "residents",
        resident_id=site.key("R"),
        household_id=family.key,
        dwelling_id=home.key,
        grid_code=home.grid.code,
        community_code=site.code,
        name=person_name(rng, sex=member.sex, year=born.year, ethnic=ethnic, surname=surname),
        sex=member.sex,
        birth_date=born.isoformat(),
        id_type=papers.id_type,
        id_number=papers.id_number,
        ethnic=ethnic,
        marital=_marital(rng, family, member, age),
        education=_education(rng, age),
        political=_political(rng, age),
        relation=member.relation,
        occupation=occupation,
        phone=phone(rng) if age > 13 and happens(rng, 0.93) else "",
        population_type=papers.population,
        consistency="02" if family.is_outside or family.is_split or family.is_away else "01",
        living="户在人不在" if family.is_away else "在住",
        hukou_area=family.region,
        hukou_address=family.registered_at,
        tenure="租住" if home.is_rented else "自住",
        employer=_employer(site, occupation, age),
        special_group=_SPECIAL.pick(rng) if 17 < age < 75 and happens(rng, 0.0035) else "",
        key_tags="|".join(_tags(rng, family, member, age)),
        status=papers.state,
    )
    _count(site, home, row)
    return row


def _count(site: Site, home: Home, row: Row) -> None:
    person = Cared(str(row["resident_id"]), str(row["household_id"]), home.grid)
    if row["special_group"]:
        site.watched.append(person)
    if row["key_tags"]:
        site.cared.append(person)
    site.residents += 1
    home.grid.residents += 1
    site.remember(row, home)


def _number(site: Site, family: Family, member: Member) -> tuple[str, dt.date]:
    rng = site.rng
    days = int(member.age * 365.25) + rng.randrange(365)
    region = family.birth_region
    if happens(rng, 0.25):
        region = OTHER_REGIONS.pick(rng) if family.is_outside else site.county
    return site.numbers.give(region, max(site.today - dt.timedelta(days), _EARLIEST), member.sex)


def _age(born: dt.date, today: dt.date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _papers(rng: random.Random, family: Family, age: int, number: str) -> Papers:
    population = _MIGRANT if family.is_outside else _REGISTERED
    chance = rng.random()
    if age < 1 and chance < 0.3:
        return Papers(_UNREGISTERED, "", "", _USUAL)
    if chance < 0.0006 and age > 18:
        return Papers(_FOREIGN, "414", f"E{rng.randrange(10**8):08d}", _USUAL)
    if chance < 0.0009:
        return Papers(population, "516", f"H{rng.randrange(10**8):08d}", _USUAL)
    if chance < 0.0011:
        return Papers(population, "511", f"{rng.randrange(10**8):08d}", _USUAL)
    state = _USUAL
    if chance < 0.0035:
        state = _MOVED_OUT
    elif chance < 0.005 and age > 60:
        state = _DEAD
    return Papers(population, _CITIZEN_CARD, number, state)


def _marital(rng: random.Random, family: Family, member: Member, age: int) -> str:
    single, married, widowed, divorced = "10", "20", "30", "40"
    if age < 22 or (family.kind == "single" and age < 35):
        return single
    if family.kind == "single_elder" and happens(rng, 0.75):
        return widowed
    if family.kind == "single_parent":
        return divorced
    if member.relation in _MARRIED and family.kind != "tenants":
        return married
    return rng.choice((single, married))


def _education(rng: random.Random, age: int) -> str:
    for limit, code in ((7, "90"), (13, "81"), (16, "71"), (19, "61")):
        if age < limit:
            return code
    if age < 40:
        return _YOUNG_SCHOOLS.pick(rng)
    return (_MIDDLE_SCHOOLS if age < 60 else _ELDER_SCHOOLS).pick(rng)


def _occupation(rng: random.Random, age: int) -> str:
    if age < 7:
        return "90"
    if age < 19:
        return "31"
    return "80" if age >= 60 else rng.choice(_OCCUPATIONS)


def _political(rng: random.Random, age: int) -> str:
    if 14 <= age < 28 and happens(rng, 0.4):
        return "03"
    return "01" if age > 20 and happens(rng, 0.09) else "13"


def _employer(site: Site, occupation: str, age: int) -> str:
    rng = site.rng
    if occupation in ("70", "80", "90"):
        return ""
    if age < 13:
        return f"{site.division.short_name}小学"
    if age < 19:
        return f"银川市第{rng.randint(2, 20)}中学"
    return rng.choice(BRANDS) + rng.choice(EMPLOYERS)


def _tags(rng: random.Random, family: Family, member: Member, age: int) -> list[str]:
    tags = []
    if age >= 80:
        tags.append("K05")
    if family.kind == "single_elder":
        tags.append("K04")
    if family.kind == "couple_elder" and age >= 60:
        tags.append("K06")
    further = _further_tag(rng.random(), member.sex, age)
    return [*tags, further] if further else tags


def _further_tag(chance: float, sex: str, age: int) -> str:
    for limit, tag, fits in (
        (0.012, "K01", True),
        (0.032, "K03", True),
        (0.052, "K11", sex == "1" and age > 20),
        (0.058, "K13", 20 < age < 60),
        (0.062, "K15", sex == "2" and 20 < age < 42),
        (0.072, "K16", age > 55),
        (0.0735, "K10", age > 49),
    ):
        if chance < limit and fits:
            return tag
    return ""
