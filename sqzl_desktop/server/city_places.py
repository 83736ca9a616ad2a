"""样例城市的地与物: community, grids, buildings, dwellings, organisations, facilities."""

from collections.abc import Mapping

from sqzl_desktop.server.city_tables import Row
from sqzl_desktop.server.city_words import (
    Fields,
    Record,
    code,
    community_name,
    component,
    given,
    known_id,
    measure,
    place,
    whole,
)

_GRID_TYPES = {"基础网格": "G1", "专属网格": "G2", "农村网格": "G3"}
_BROKEN, _LOST = "02", "03"
_FACILITY_STATES = {"正常": "01", "损坏": _BROKEN, "缺失": _LOST, "停用检修": _BROKEN}


def community(row: Row, committee: Row) -> Record:
    """A community; where to find its office is known from its committee's entry."""
    fields = given(
        code=row["code"],
        name=community_name(row["name"]),
        category=row["kind"],
        subdistrict_code=row["street_code"],
        subdistrict=row["street_name"],
        county=row["county_name"],
        address=committee.get("address", ""),
        phone=committee.get("phone", ""),
        location=place(row["lon"], row["lat"]),
    )
    return "community", row["code"], fields


def grid(row: Row) -> Record:
    """A grid. It lies in no grid: everybody in the community knows how it is divided."""
    fields = given(
        code=row["grid_code"],
        name=row["name"],
        category=_GRID_TYPES.get(row["kind"], ""),
        worker_id=known_id(row["worker_id"]),
        household_count=whole(row["households"]),
        resident_count=whole(row["residents"]),
        outline=row.get("outline", ""),
    )
    return "grid", row["grid_code"], fields


def estate(row: Row, companies: Mapping[str, str]) -> Record:
    """An estate; `companies` are the names of the organisations by their key."""
    fields = given(
        name=row["name"],
        category="05" if "平房" in row["kind"] else "01",
        property_company=companies.get(row["property_org_id"], ""),
        has_owners_committee=row["has_committee"] == "1",
        completed_on=f"{row['built_year']}-01-01" if row["built_year"] else "",
    )
    return "estate", known_id(row["complex_id"]), fields


def building(row: Row, estates: Mapping[str, str]) -> Record:
    """A building; `estates` are the names of the complexes by their key."""
    fields = given(
        grid_id=row["grid_code"],
        estate=estates[row["complex_id"]],
        name=row["name"],
        category=code("building_type", row["kind"]),
        entrance_count=whole(row["units"]),
        floor_count=whole(row["floors"]),
        rooms_per_floor=whole(row["rooms_per_floor"]),
        lift_count=whole(row["elevators"]),
        dwelling_count=whole(row["dwellings"]),
        lead_name=row["head_name"],
        location=place(row["lon"], row["lat"]),
        outline=row.get("outline", ""),
    )
    return "building", known_id(row["building_id"]), fields


def dwelling(row: Row) -> Record:
    """A dwelling."""
    fields = given(
        grid_id=row["grid_code"],
        building_id=known_id(row["building_id"]),
        entrance=row["unit"],
        floor=whole(row["floor"]),
        room=row["room"],
        address=row["address"],
        use=row["use"],
        area=measure(row["area_m2"]),
        owner_name=row["owner_name"],
        owner_phone=row["owner_phone"],
    )
    return "dwelling", known_id(row["dwelling_id"]), fields


def organisation(row: Row) -> Record:
    """An organisation."""
    fields = given(
        grid_id=row["grid_code"],
        name=row["name"],
        category=code("organisation_type", row["kind"]),
        uscc=row["uscc"],
        address=row["address"],
        contact_name=row["contact"],
        phone=row["phone"],
        employee_count=whole(row["employees"]),
        is_dangerous=row["dangerous"] == "1",
    )
    return "organisation", known_id(row["org_id"]), fields


def facility(row: Row) -> Record:
    """A facility; a class that the present standard does not know stays as it was."""
    category, state = component(row["class"]), row["status"]
    fields: Fields = given(
        grid_id=row["grid_code"],
        name=row["name"],
        category=category,
        old_category="" if category else row["class"],
        place=row["position"],
        department=row["owner_dept"],
        state=_FACILITY_STATES.get(state, ""),
        installed_on=row["installed"],
        checked_on=row["last_check"],
        location=place(row["lon"], row["lat"]),
        remark=state if state == "停用检修" else "",
    )
    return "facility", known_id(row["object_id"]), fields
