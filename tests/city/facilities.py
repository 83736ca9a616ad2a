"""The things of public space: covers, lamps, cameras, bins."""

import datetime as dt

from tests.city.place_words import SPOTS
from tests.city.site import Site

_CLASSES = (  # old class, name, households to one, department
    ("0118", "路灯", 45, "路灯所"),
    ("0101", "上水井盖", 70, "供水"),
    ("0102", "污水井盖", 40, "市政"),
    ("0103", "雨水井盖", 60, "市政"),
    ("消火栓", "消火栓", 160, "消防"),
    ("0136", "监控探头", 60, "公安"),
    ("0305", "垃圾箱", 50, "环卫"),
    ("0126", "健身器材", 220, "社区"),
    ("0110", "热力井盖", 150, "供热"),
    ("0111", "燃气井盖", 150, "燃气"),
)
_STATES = ("正常",) * 25 + ("损坏", "缺失")


def add_facilities(site: Site) -> None:
    """Write the facilities that stand outside of buildings."""
    for old_class, name, households, department in _CLASSES:
        for count in range(1, site.households // households + 2):
            _add(site, old_class, f"{name}{count:03d}", department)


def _add(site: Site, old_class: str, name: str, department: str) -> None:
    rng = site.rng
    longitude, latitude = site.near(0.007)
    installed = dt.date(rng.randint(2005, 2024), rng.randint(1, 12), 1)
    site.write(
        "objects",
        object_id=site.key("J", 5),
        community_code=site.code,
        grid_code=rng.choice(site.grids).code,
        **{"class": old_class},
        name=name,
        position=rng.choice(site.estates) + rng.choice(SPOTS),
        lon=longitude,
        lat=latitude,
        owner_dept=department,
        status=rng.choice(_STATES),
        installed=installed.isoformat(),
        last_check=(site.today - dt.timedelta(rng.randint(1, 400))).isoformat(),
    )
