"""居住情况: who lives, or lived, in which dwelling, from when until when (人户关系)."""

import datetime as dt
from collections.abc import Mapping

from sqzl_desktop.schema.fields import Element, code, date, flag, record, ref
from sqzl_desktop.schema.kind import describe


@record
class Residence(Element):
    """One stay of one resident in one dwelling."""

    resident_id: str = ref("居民", "resident", required=True, listed=True)
    dwelling_id: str = ref("房屋", "dwelling", required=True, listed=True)
    kind_of_stay: str = code("居住方式", "stay", listed=True)
    is_owner: bool = flag("是产权人")
    from_on: dt.date | None = date("入住日期", listed=True)
    until_on: dt.date | None = date("搬离日期", listed=True)


def _errors(residence: Residence, _today: dt.date) -> Mapping[str, str]:
    if residence.from_on and residence.until_on and residence.until_on < residence.from_on:
        return {"until_on": "搬离日期早于入住日期"}
    return {}


RESIDENCE = describe(
    Residence,
    name="residence",
    label="居住情况",
    title=("resident_id", "dwelling_id"),
    errors=_errors,
)
