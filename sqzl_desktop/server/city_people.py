"""样例城市的人: staff, residents and their stays, households."""

from collections.abc import Mapping

from sqzl_desktop.schema.fields import Json
from sqzl_desktop.server.city_tables import Row
from sqzl_desktop.server.city_words import Record, code, count_in, given, known_id

_HEAD = "02"
_OWN_HOME = "自住"


def staff(row: Row, grids: Mapping[str, str]) -> Record:
    """A worker; `grids` are the grids by the key of the worker who looks after them."""
    fields = given(
        grid_id=grids.get(row["worker_id"], ""),
        name=row["name"],
        post=code("staff_post", row["role"]),
        phone=row["phone"],
        political=row["political"],
        education=row["education"],
    )
    return "staff", known_id(row["worker_id"]), fields


def household(row: Row, names: Mapping[str, str]) -> Record:
    """A household; `names` are the residents' names by their key."""
    fields = given(
        grid_id=row["grid_code"],
        number=f"{count_in(row['household_id']):06d}",
        head_name=names.get(row["head_id"], ""),
        head_id=known_id(row["head_id"]),
        dwelling_id=known_id(row["dwelling_id"]),
        category=code("household_type", row["kind"]),
    )
    return "household", known_id(row["household_id"]), fields


def resident(row: Row) -> Record:
    """A resident. What the groups they belong to say lies in records of its own."""
    tags: list[Json] = [*sorted(row["key_tags"].split("|"))] if row["key_tags"] else []
    fields = given(
        grid_id=row["grid_code"],
        name=row["name"],
        sex=row["sex"],
        id_type=row["id_type"],
        id_number=row["id_number"],
        born_on=row["birth_date"],
        phone=row["phone"],
        household_id=known_id(row["household_id"]),
        relation=row["relation"],
        population_type=row["population_type"],
        tags=tags,
        ethnic=row["ethnic"],
        marital=row["marital"],
        education=row["education"],
        political=row["political"],
        occupation=row["occupation"],
        employer=row["employer"],
        registered_region=row["hukou_area"],
        registered_home=row["hukou_address"],
        consistency=row["consistency"],
        presence=code("presence", row["living"]),
        state=code("resident_state", row["status"]),
    )
    return "resident", known_id(row["resident_id"]), fields


def residence(row: Row) -> Record:
    """The stay of a resident in a dwelling; since when, the source does not say."""
    fields = given(
        grid_id=row["grid_code"],
        resident_id=known_id(row["resident_id"]),
        dwelling_id=known_id(row["dwelling_id"]),
        kind_of_stay=code("stay", row["tenure"]),
        is_owner=row["tenure"] == _OWN_HOME and row["relation"] == _HEAD,
    )
    return "residence", known_id(f"residence:{row['resident_id']}"), fields
