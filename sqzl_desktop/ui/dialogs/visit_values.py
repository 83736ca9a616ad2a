"""走访内容: what stands in the fields of a visit as a record, and the last visit in a line."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from sqzl_desktop.domain import visiting
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.domain.kinds.visit import Visit
from sqzl_desktop.schema.codec import cell_text
from sqzl_desktop.ui.widgets.field_editors import FieldEditor

LONGEST = 40


def edited(visit: Visit, fields: Mapping[str, FieldEditor], way: str, outcome: str) -> Visit:
    """The visit with what was typed; Unreadable where a text is no value of its field."""
    values: dict[str, Any] = {name: each.value() for name, each in fields.items()}
    if way == visiting.NOBODY_THERE:
        outcome = visiting.NOT_MET
    if outcome != visiting.ABNORMAL:
        values["problem"] = ""
    if visit.category == visiting.PATROL:
        way = ""
    return dataclasses.replace(visit, way=way, outcome=outcome, **values)


def last_words(last: Visit | None) -> str:
    """When somebody was there last, how, and what they found."""
    if last is None:
        return "没有走访记录"
    kind = BY_NAME["visit"]
    words = [cell_text(kind.column(name), getattr(last, name), code_list)
             for name in ("visited_at", "way", "outcome", "content")]  # fmt: skip
    said = "　".join(filter(None, words)).replace("\n", " ")
    return f"上次：{said[:LONGEST]}{'…' if len(said) > LONGEST else ''}"
