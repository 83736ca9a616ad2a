"""A household moves into a dwelling: what its members have in common."""

import random

from tests.city import families, residents
from tests.city.chance import happens
from tests.city.divisions import region_names
from tests.city.name_words import ETHNIC
from tests.city.names import surname_of
from tests.city.place_words import TOWN_PARTS
from tests.city.regions import OTHER_REGIONS
from tests.city.residents import Family
from tests.city.site import COUNTIES, Head, Home, Site

_SELDOM_RENT = ("single_elder", "couple_elder", "three_gen")


def move_in(site: Site, home: Home) -> Head:
    """Write the household of a dwelling and its members; who is its head."""
    family = _family(site, home)
    members = families.members(site.rng, family.kind)
    head: Head | None = None
    surname = ""
    for member in members:
        is_child = member.relation in families.CHILDREN
        row = residents.add(site, home, family, member, surname=surname if is_child else "")
        if head is None:
            surname = surname_of(str(row["name"]))
            head = Head(
                str(row["resident_id"]),
                family.key,
                str(row["name"]),
                str(row["phone"]),
                home.address,
                home.grid,
            )
    assert head is not None
    _write(site, home, family, head, len(members))
    return head


def _write(site: Site, home: Home, family: Family, head: Head, size: int) -> None:
    site.write(
        "households",
        household_id=family.key,
        dwelling_id=home.key,
        grid_code=home.grid.code,
        kind="集体户" if family.kind == "tenants" else "家庭户",
        size=size,
        head_id=head.key,
    )
    site.heads.append(head)
    site.households += 1
    home.grid.households += 1


def _family(site: Site, home: Home) -> Family:
    rng = site.rng
    kind = _kind(rng, home)
    ethnic = ETHNIC.pick(rng)
    is_outside = (home.is_rented and happens(rng, 0.72)) or happens(rng, 0.06)
    region = _region(site, is_outside)
    is_split = not is_outside and happens(rng, 0.11)
    is_away = not is_outside and not is_split and happens(rng, 0.05)
    birth_region = region if happens(rng, 0.8) else OTHER_REGIONS.pick(rng)
    registered_at = home.address
    if is_outside or is_split:
        street = f"{rng.choice(TOWN_PARTS)}{rng.randint(1, 200)}号"
        registered_at = region_names().get(region, "") + street
    return Family(
        key=site.key("H"),
        kind=kind,
        ethnic=ethnic,
        region=region,
        birth_region=birth_region,
        registered_at=registered_at,
        is_outside=is_outside,
        is_split=is_split,
        is_away=is_away,
    )


def _kind(rng: random.Random, home: Home) -> str:
    kind = families.KINDS.pick(rng)
    if home.is_rented and kind in _SELDOM_RENT and happens(rng, 0.7):
        return "tenants"
    return kind


def _region(site: Site, is_outside: bool) -> str:
    if is_outside:
        return OTHER_REGIONS.pick(site.rng)
    return site.county if happens(site.rng, 0.8) else site.rng.choice(list(COUNTIES))
