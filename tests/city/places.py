"""Estates, buildings, lifts and dwellings, and the grids that they are divided into."""

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator

from tests.city import ground, households
from tests.city.chance import happens
from tests.city.names import anybody, person_name
from tests.city.numbers import credit_code, phone
from tests.city.place_words import BRANDS, ESTATE_ENDS, ESTATE_PARTS, ESTATE_STARTS
from tests.city.site import OTHER, RENTED, SELF_USED, VACANT, Grid, Home, Site

_BUILT_YEARS = (1988, 1994, 1998, 2002, 2006, 2010, 2014, 2018, 2021)
_AREAS = (48, 56, 62, 75, 88, 96, 108, 120, 135, 150)
_MANAGED_SINCE = 1995  # older estates have no property company
_LIFTS_SINCE = 2006


@dataclasses.dataclass(frozen=True)
class Estate:
    """A housing estate along one road."""

    key: str
    name: str
    built: int
    address: str


@dataclasses.dataclass(frozen=True)
class Shape:
    """How a building is divided."""

    kind: str
    entrances: int
    floors: int
    rooms: int
    lifts: int

    @property
    def dwellings(self) -> int:
        """How many dwellings it has."""
        return self.entrances * self.floors * self.rooms


@dataclasses.dataclass(frozen=True)
class Building:
    """A building, its estate and where it stands."""

    key: str
    estate: Estate
    number: int
    shape: Shape
    grid: Grid
    spot: tuple[float, float]


def settle(site: Site, size: int) -> None:
    """Build estates until this many residents live in them."""
    grid = site.add_grid()
    while site.residents < size:
        estate = _add_estate(site, grid)
        for number in range(1, site.rng.randint(6, 22) + 1):
            if site.residents >= size:
                return
            shape = _shape(site, estate)
            grid = _grid_for(site, grid, shape)
            spot = ground.spot(site.center, site.grids.index(grid), grid.buildings)
            grid.buildings += 1
            _add_building(site, Building(site.key("B", 4), estate, number, shape, grid, spot))


def _add_estate(site: Site, grid: Grid) -> Estate:
    rng = site.rng
    built = rng.choice(_BUILT_YEARS)
    name = rng.choice(ESTATE_STARTS) + rng.choice(ESTATE_ENDS) + rng.choice(ESTATE_PARTS)
    estate = Estate(site.key("C", 3), name, built, f"{site.road}{rng.randint(20, 400)}号{name}")
    is_managed = built > _MANAGED_SINCE
    has_committee = is_managed and happens(rng, 0.5)
    company = _add_property_company(site, grid, estate) if is_managed else ""
    if has_committee:
        _add_owners_committee(site, grid, estate)
    site.write(
        "complexes",
        complex_id=estate.key,
        community_code=site.code,
        name=name,
        kind="商品房小区" if is_managed else "老旧小区",
        built_year=built,
        property_org_id=company,
        has_committee=int(has_committee),
    )
    site.estates.append(name)
    return estate


def _add_property_company(site: Site, grid: Grid, estate: Estate) -> str:
    rng = site.rng
    row = site.write(
        "organizations",
        org_id=site.key("O", 4),
        community_code=site.code,
        grid_code=grid.code,
        name=f"宁夏{rng.choice(BRANDS)}物业服务有限公司{estate.name}项目部",
        kind="物业企业",
        org_category="91",
        uscc=credit_code(rng, "91", site.county),
        address=f"{site.road}{rng.randint(1, 300)}号",
        contact=person_name(rng, sex="1", year=1975, ethnic="01"),
        phone=phone(rng),
        employees=rng.randint(6, 60),
        dangerous=0,
    )
    return str(row["org_id"])


def _add_owners_committee(site: Site, grid: Grid, estate: Estate) -> None:
    site.write(
        "organizations",
        org_id=site.key("O", 4),
        community_code=site.code,
        grid_code=grid.code,
        name=f"{estate.name}业主委员会",
        kind="业主委员会",
        org_category="",
        uscc="",
        address=f"{estate.name}物业用房",
        contact=person_name(site.rng, sex="1", year=1965, ethnic="01"),
        phone=phone(site.rng),
        employees=site.rng.choice((5, 7, 9)),
        dangerous=0,
    )


def _shape(site: Site, estate: Estate) -> Shape:
    rng = site.rng
    if estate.built < _LIFTS_SINCE:
        return Shape("多层", rng.randint(3, 6), rng.choice((5, 6, 6)), 2, 0)
    if happens(rng, 0.5):
        return Shape("小高层", rng.randint(2, 4), 11, 2, 1)
    entrances, floors = rng.choice((1, 2, 2)), rng.choice((18, 24, 26, 30, 33))
    return Shape("高层", entrances, floors, rng.choice((2, 3, 4)), 2)


def _grid_for(site: Site, grid: Grid, shape: Shape) -> Grid:
    is_full = grid.households >= grid.limit
    would_burst = grid.households >= 300 and grid.households + shape.dwellings * 0.9 > 500
    return site.add_grid() if is_full or would_burst else grid


def _add_building(site: Site, building: Building) -> None:
    shape = building.shape
    site.write(
        "buildings",
        building_id=building.key,
        complex_id=building.estate.key,
        community_code=site.code,
        grid_code=building.grid.code,
        name=f"{building.number}号楼",
        kind=shape.kind,
        units=shape.entrances,
        floors=shape.floors,
        rooms_per_floor=shape.rooms,
        elevators=shape.lifts * shape.entrances,
        dwellings=shape.dwellings,
        lon=building.spot[0],
        lat=building.spot[1],
        head_name=person_name(site.rng, sex="2", year=1960, ethnic="01"),
        outline=ground.footprint(building.spot),
    )
    for entrance in range(1, shape.entrances + 1):
        for lift in range(1, shape.lifts + 1):
            _add_lift(site, building, f"{entrance}单元{lift}号梯")
    for home in _homes(site, building):
        _add_dwelling(site, home)


def _add_lift(site: Site, building: Building, name: str) -> None:
    house = f"{building.estate.name}{building.number}号楼"
    checked = site.today - dt.timedelta(site.rng.randint(1, 360))
    site.write(
        "objects",
        object_id=site.key("J", 5),
        community_code=site.code,
        grid_code=building.grid.code,
        **{"class": "电梯"},
        name=house + name,
        position=house,
        lon=building.spot[0],
        lat=building.spot[1],
        owner_dept="市场监管",
        status=site.rng.choice(("正常",) * 30 + ("停用检修",)),
        installed=f"{building.estate.built}-09-01",
        last_check=checked.isoformat(),
    )


def _homes(site: Site, building: Building) -> Iterator[Home]:
    shape, number = building.shape, building.number
    for entrance, floor, count in itertools.product(
        range(1, shape.entrances + 1), range(1, shape.floors + 1), range(1, shape.rooms + 1)
    ):
        room = f"{floor}{count:02d}"
        yield Home(
            key=site.key("D"),
            building=building.key,
            grid=building.grid,
            number=number,
            entrance=entrance,
            floor=floor,
            room=room,
            address=f"{building.estate.address}{number}号楼{entrance}单元{room}室",
            use=_use(site),
        )


def _use(site: Site) -> str:
    chance = site.rng.random()
    if chance < 0.12:
        return VACANT
    if chance < 0.12 + site.rented_share:
        return RENTED
    return OTHER if chance > 0.985 else SELF_USED


def _add_dwelling(site: Site, home: Home) -> None:
    owner, owner_phone = "", ""
    if home.use in (VACANT, RENTED):
        owner = anybody(site.rng, first_year=1950, last_year=1990)
        owner_phone = phone(site.rng)
    if home.use != VACANT:
        head = households.move_in(site, home)
        owner, owner_phone = owner or head.name, owner_phone or head.phone
    site.write(
        "dwellings",
        dwelling_id=home.key,
        building_id=home.building,
        grid_code=home.grid.code,
        unit=home.entrance,
        floor=home.floor,
        room=home.room,
        address=home.address,
        area_m2=site.rng.choice(_AREAS),
        use=home.use,
        owner_name=owner,
        owner_phone=owner_phone,
    )
