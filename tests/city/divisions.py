"""The communities of Yinchuan and the names of all counties, as the program ships them."""

import csv
import dataclasses
import functools

from sqzl_desktop.base import paths

_URBAN = "居委会"


@dataclasses.dataclass(frozen=True)
class Division:
    """A community and the subdistrict above it."""

    code: str
    name: str
    kind: str
    subdistrict_code: str
    subdistrict: str

    @property
    def short_name(self) -> str:
        """崇安 for 崇安社区居委会."""
        name = self.name
        for ending in ("社区居委会", "社区居民委员会", "居委会", "社区"):
            name = name.removesuffix(ending)
        return name


def urban_communities(count: int) -> list[Division]:
    """The first urban communities of the list."""
    rows = _rows("divisions_yinchuan")
    names = {row["code"]: row["name"] for row in rows}
    urban = [row for row in rows if row["level"] == "community" and _URBAN in row["kind"]]
    return [
        Division(
            row["code"], row["name"], row["kind"], row["parent_code"], names[row["parent_code"]]
        )
        for row in urban[:count]
    ]


@functools.cache
def region_names() -> dict[str, str]:
    """The names of all divisions down to the county, by their six digits."""
    return {row["code"]: row["name"] for row in _rows("divisions_national")}


def _rows(name: str) -> list[dict[str, str]]:
    path = paths.resources() / "codes" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
