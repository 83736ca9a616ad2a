"""样例城市的关爱与重点人群: blocks and attention records, from the tags of the residents."""

from collections.abc import Iterator

from sqzl_desktop.domain.attention import GROUPS
from sqzl_desktop.schema.fields import Json
from sqzl_desktop.server.city_tables import Row
from sqzl_desktop.server.city_words import Fields, Record, given, known_id

_FLOATING = "20"
_TAG_FIELDS: dict[str, Fields] = {
    "K01": {"category": "01"}, "K02": {"category": "02"}, "K20": {"category": "04"},
    "K03": {"category": "4"}, "K09": {"category": "02"}, "K10": {"category": "01"},
    "K11": {"category": "01"}, "K12": {"category": "03"}, "K13": {"category": "01"},
    "K14": {"category": "03"}, "K16": {"illnesses": ["01"]}, "K17": {"subject": "待了解"},
    "K18": {"category": "01"}, "K19": {"goods": "危险化学品"},
    "K04": {"reasons": ["01"]}, "K05": {"reasons": ["03"]}, "K06": {"reasons": ["02"]},
    "K07": {"reasons": ["05"]}, "K08": {"category": "01"},
}  # fmt: skip
_SPECIAL: dict[str, tuple[str, Fields]] = {
    "01": ("released", {"risk": "02"}),
    "02": ("correction", {"category": "02"}),
    "03": ("mental_illness", {"risk": "01"}),
    "04": ("drug_use", {"control": "02"}),
    "05": ("hiv_risk", {"category": "99"}),
}


def records(row: Row) -> Iterator[Record]:
    """The floating block of a resident, and a record for every group whose tag they carry."""
    tags = set(row["key_tags"].split("|")) if row["key_tags"] else set()
    if row["population_type"] == _FLOATING:
        yield _record(row, "migrant", {"reason": "01", "lodging": "05"})
    for group in GROUPS:
        carried = sorted(tags & set(group.tags))
        if carried:
            yield _record(row, group.kind, _said(carried))
    if row["special_group"] in _SPECIAL:
        yield _record(row, *_SPECIAL[row["special_group"]])


def _said(tags: list[str]) -> Fields:
    """What the tags say together: sets are joined, of several single codes the first holds."""
    found: Fields = {}
    for tag in tags:
        for name, value in _TAG_FIELDS.get(tag, {}).items():
            before = found.get(name)
            if isinstance(value, list) and isinstance(before, list):
                joined: list[Json] = sorted({str(each) for each in (*before, *value)})  # type: ignore[assignment]
                found[name] = joined
            else:
                found.setdefault(name, value)
    return found


def _record(row: Row, kind: str, said: Fields) -> Record:
    fields = given(grid_id=row["grid_code"], resident_id=known_id(row["resident_id"]), **said)
    return kind, known_id(f"{kind}:{row['resident_id']}"), fields
