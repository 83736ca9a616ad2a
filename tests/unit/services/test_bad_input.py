"""Every vector as it is typed into a form: the good are saved, the bad get a sentence."""

from typing import Any

import pytest

from sqzl_desktop.base.errors import Invalid
from sqzl_desktop.domain.kinds.organisation import Organisation
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace
from tests.places import GRID
from tests.vectors import vectors

DOCUMENTS = {
    "hkm_permit": "516", "tw_permit": "511", "passport_cn": "414", "tw_travel_permit": "517",
    "hk_travel_permit": "513", "foreign_pr_2017": "553", "foreign_pr_2023": "553",
    "residence_permit_hmt": "335A",
}  # fmt: skip
# said to have 15 characters, and have 16
UNVERIFIED = ("CAN1100850302010", "USA6400850302011")


def verdict(ws: Workspace, record: Any, field: str) -> str:
    """The sentence at a field, "" where the record was saved and holds it."""
    said = elements.check(ws, record).problems
    if said:
        assert said.keys() == {field}
        with pytest.raises(Invalid):
            elements.save(ws, record)
        return said[field]
    assert getattr(elements.save(ws, record), field)
    return ""


CASES = [
    *(("resident_id", row) for row in vectors("resident_id")),
    *(("phone", row) for row in vectors("phone")),
    *(("uscc", row) for row in vectors("uscc")),
    *(("other_documents", row) for row in vectors("other_documents")
      if row["input"] not in UNVERIFIED),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "row"), CASES, ids=[f"{file}-{row['kind']}-{row['input']}" for file, row in CASES]
)
def test_vector_is_saved_or_gets_a_sentence(ws: Workspace, file: str, row: dict[str, str]) -> None:
    text = row["input"]
    person = {"name": "马小明", "grid_id": GRID}
    if file == "phone":
        field, record = "phone", Resident(**person, phone=text)
    elif file == "uscc":
        field, record = "uscc", Organisation(name="好邻居", uscc=text, grid_id=GRID)
    elif file == "resident_id":
        field, record = "id_number", Resident(**person, id_number=text)
    else:
        document = "335B" if text.startswith("83") else DOCUMENTS[row["kind"]]
        field, record = "id_number", Resident(**person, id_type=document, id_number=text)
    if not text.strip():
        assert elements.save(ws, record), "a person without a number is a person"
        return

    said = verdict(ws, record, field)

    if row["expected_valid"] == "yes":
        assert said == ""
    elif row["expected_valid"] == "no":
        assert said
